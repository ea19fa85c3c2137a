package command

import "testing"

var wrongOptions = []struct{ command, text, marked, want string }{
	{"goal", "now", "now", "“/goal” takes nothing more. Type just “/goal”."},
	{"goal set", " ", "", "“/goal set” needs a goal. Type “/goal set <goal>”, for example “/goal set £120k by 31 Dec”."},
	{"channel add", "", "", "“/payoff channel add” needs a name. Type “/payoff channel add <name> <kind>”, for example “/payoff channel add BNI Tuesday networking”."},
	{"channel add", "BNI Tuesday", "", "“/payoff channel add” needs a kind: social, networking or direct. Type “/payoff channel add <name> <kind>”, for example “/payoff channel add BNI Tuesday networking”."},
	{"channel add", "BNI Tuesday netwrking", "netwrking", "“netwrking” is not one of the choices. Did you mean networking?"},
	{"channel add", "name: X kind: other", "other", "“other” is not one of the choices. It can be social, networking or direct."},
	{"report", "BNII", "BNII", "I don't know the channel “BNII”. Did you mean BNI?"},
	{"report", "Facebok last quarter", "Facebok", "I don't know the channel “Facebok”. Did you mean Facebook?"},
	{"report", "last quarter BNI and more", "more", "I don't understand “more”. Type “/report [period] [channel]”, for example “/report last quarter BNI”."},
	{"report", "last qarter", "last qarter", "I can't tell from when to when “last qarter” is. Did you mean last quarter?"},
	{"report", "next quarter", "next quarter", "“next quarter” has not begun yet. Type one that has begun, such as this quarter or last month."},
	{"report", "BNI LinkedIn", "LinkedIn", "I found a second channel, “LinkedIn”. Give just one."},
	{"report", "channel: Facebok", "Facebok", "I don't know the channel “Facebok”. Did you mean Facebook?"},
	{"report", "channel:", "channel:", "I don't understand “channel:”. Type “/report [period] [channel]”, for example “/report last quarter BNI”."},
	{"report", "kind: x", "kind: x", "I don't understand “kind: x”. Type “/report [period] [channel]”, for example “/report last quarter BNI”."},
	{"report", "12/11", "12/11", "“12/11” can mean two days. Type 12 Nov or 11 Dec."},
	{"channel budget", "Facebook", "", "“/payoff channel budget” needs a time. Type “/payoff channel budget <channel> <time>”."},
	{"channel budget", "Facebook 3", "3", "I can't tell whether “3” is hours or minutes. Type 3h or 3m."},
	{"channel budget", "Facebook 3x", "3x", "I can't read “3x” as a length of time. Type it like 2h, 90m or 1h 30m."},
	{"channel budget", "Fcebook 3h", "Fcebook", "I don't know the channel “Fcebook”. Did you mean Facebook?"},
	{"away", "someday", "", "“/payoff away” needs a return. Type “/payoff away <return> [why]”."},
	{"away", "31 Feb", "31 Feb", "February has no day 31. Its last day is 29 Feb."},
	{"away", "12/11 for a holiday", "12/11", "“12/11” can mean two days. Type 12 Nov or 11 Dec."},
	{"worth", "$45", "$45", "Your figures are in £, and “$45” is in another currency. Convert it first, and type it like £1,250."},
	{"worth", "lots", "lots", "I can't read “lots” as an amount of money. Type it like £1,250 or £8k."},
	{"worth", "-5", "-5", "An amount can't be below zero. Type it without the minus, such as £5."},
	{"compare", "Priya", "Priya", "“Priya” could be Priya Shah or Priya Patel. Type the name in full."},
	{"compare", "Zed", "Zed", "I don't understand “Zed”. Type “/payoff compare [owner] [measure]”."},
	{"compare", "owner: Zed", "Zed", "I know nobody called “Zed” here. Ask them to type /payoff start first."},
	{"compare", "Gary referrals", "referrals", "“referrals” could be given or received. Type “referrals given” or “referrals received”."},
	{"team zone", "EST", "EST", "“EST” doesn't say where you are. Type a city instead, such as New York."},
	{"team zone", "Londn", "Londn", "I don't know the time zone “Londn”. Did you mean Europe/London?"},
	{"goal end", "7", "7", "You have no target with the number “7”. /goal shows them with their numbers."},
	{"goal end", "posts", "posts", "You have no target like “posts”. /goal shows them with their numbers."},
	{"goal end", "at most", "at most", "“at most” could be 2 or 3. Type its number."},
	{"goal end", "the", "the", "You have no target like “the”. /goal shows them with their numbers."},
	{"asked", "Fri 5", "Fri 5", "“Fri 5” can be in the morning or in the afternoon. Type 05:00 or 17:00."},
	{"asked", "daily", "daily", "It comes once a week, on one day. Type a day and a time, such as Mon 09:00."},
	{"checkin", "BNI", "BNI", "“/checkin” takes nothing more. Type just “/checkin”."},
}

func TestParseMistakes(t *testing.T) {
	for _, test := range wrongOptions {
		v, err := Parse(spec(t, test.command), test.text, nil, desk())
		if err == nil {
			t.Errorf("Parse(%s, %q) = %s, want %q", test.command, test.text, valuesInWords(v, desk()), test.want)
			continue
		}
		if m := mistake(t, err); m.Error() != test.want || marked(m) != test.marked {
			t.Errorf("Parse(%s, %q) = %q, marked %q, want %q, marked %q", test.command, test.text, m, marked(m), test.want, test.marked)
		}
	}
}

func TestParseGivenMistakes(t *testing.T) {
	for name, test := range map[string]struct{ value, want string }{
		"channel": {"Facebok", "I don't know the channel “Facebok”. Did you mean Facebook?"},
		"period":  {"someday", "I can't tell from when to when “someday” is. Type it like last quarter, October or last 4 weeks."},
		"colour":  {"red", "“/report” has no option “colour”. Type “/report [period] [channel]”, for example “/report last quarter BNI”."},
	} {
		_, err := Parse(spec(t, "report"), "", map[string]string{name: test.value}, desk())
		m := mistake(t, err)
		if m.Error() != test.want || m.Input != "" && m.Input != test.value {
			t.Errorf("Parse(%s: %q) = %q of %q, want %q", name, test.value, m, m.Input, test.want)
		}
	}
}
