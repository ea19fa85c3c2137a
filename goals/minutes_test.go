package goals

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseMinutes(t *testing.T) {
	for _, test := range []struct {
		in   string
		want int64
	}{
		{"2h", 120}, {"2 h", 120}, {"2hrs", 120}, {"2 hours", 120}, {"1 Hour", 60}, {"90m", 90}, {"45 min", 45}, {"45 mins.", 45}, {"1 minute", 1},
		{"1h30", 90}, {"1h 30m", 90}, {"1h30m", 90}, {"1h05", 65}, {"1h 5m", 65}, {"1 hour 30 minutes", 90}, {"1 hour and 30 minutes", 90}, {"2 hours 15", 135},
		{"1.5 hours", 90}, {"1,5h", 90}, {"0.25h", 15}, {".5h", 30}, {"1.125h", 68}, {"0.333h", 20}, {"1.5m", 2}, {"0.4m", 0}, {"0m", 0}, {"0h", 0},
		{"half an hour", 30}, {"half hour", 30}, {"half-hour", 30}, {"a half hour", 30}, {"an hour", 60}, {"one hour", 60}, {"an hour and a half", 90}, {"hour and a half", 90},
		{"two and a half hours", 150}, {"2 and a half hours", 150}, {"2 hours and a half", 150}, {"2 hours and a quarter", 135}, {"a quarter of an hour", 15}, {"quarter of an hour", 15},
		{"three quarters of an hour", 45}, {"3 quarters of an hour", 45}, {"½h", 30}, {"1½ hours", 90}, {"1 ½ h", 90}, {"¾ hour", 45}, {"two hours ten minutes", 130}, {"twelve minutes", 12},
		{"25h", 1500}, {"10000h", MaxMinutes}, {"600000m", MaxMinutes},
	} {
		if got, err := ParseMinutes(test.in); got != test.want || err != nil {
			t.Errorf("ParseMinutes(%q) = %d, %v, want %d", test.in, got, err, test.want)
		}
	}
}

func TestParseMinutesMistakes(t *testing.T) {
	for _, test := range []struct {
		in   string
		code Code
		says string
	}{
		{"2", Unclear, "I can't tell whether “2” is hours or minutes. Type 2h or 2m."}, {"1.5", Unclear, ""}, {"½", Unclear, ""},
		{"", Unclear, "I need a length of time. Type it like 2h, 90m or 1h 30m."}, {"abc", Unclear, "I can't read “abc” as a length of time. Type it like 2h, 90m or 1h 30m."},
		{"h", Unclear, ""}, {"hour", Unclear, ""}, {"m", Unclear, ""}, {"and a half", Unclear, ""}, {"two", Unclear, ""}, {"a", Unclear, ""}, {"30s", Unclear, ""}, {"2 days", Unclear, ""}, {"2h BNI", Unclear, ""},
		{"1.5h 30m", Unclear, ""}, {"half an hour and a half", Unclear, ""}, {"1h 30.5m", Unclear, ""}, {"1h 30m 20s", Unclear, ""}, {"30m 1h", Unclear, ""}, {"1h+30m", Unclear, ""}, {"2h-3h", Unclear, ""}, {"1.2.3h", Unclear, ""},
		{"1h5", Ambiguous, "“1h5” can be read in two ways. Type 1h 5m or 1.5h."}, {"1:30", Ambiguous, "“1:30” can be a length of time or a time of day. Type 1h 30m if that is how long it took."}, {"1,500m", Ambiguous, ""},
		{"-2h", Invalid, "A length of time can't be below zero. Type it without the minus, such as 2h."}, {"-x", Unclear, ""}, {"--2h", Unclear, ""},
		{"1h 90m", Invalid, "After the hours there are at most 59 minutes. Type it like 1h 30m, or in minutes alone, like 90m."}, {"10001h", Invalid, ""}, {"999999h", Invalid, ""}, {"9999999h", Unclear, ""},
		{strings.Repeat("9", 90) + "h", Unclear, ""}, {strings.Repeat("h", 500), Unclear, ""},
	} {
		n, err := ParseMinutes(test.in)
		if err == nil {
			t.Errorf("ParseMinutes(%q) = %d, want a mistake", test.in, n)
			continue
		}
		checkMistake(t, "ParseMinutes("+test.in+")", err, test.code)
		if test.says != "" && err.Error() != test.says {
			t.Errorf("ParseMinutes(%q) says\n%s, want\n%s", test.in, err, test.says)
		}
	}
}

func TestFormatMinutes(t *testing.T) {
	for n, want := range map[int64]string{0: "0m", 45: "45m", 60: "1h", 90: "1h 30m", 120: "2h", 1505: "25h 5m", -90: "-1h 30m", -1 << 63: "-153722867280912930h 8m"} {
		if got := FormatMinutes(n); got != want {
			t.Errorf("FormatMinutes(%d) = %q, want %q", n, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, MaxMinutes).Draw(t, "n")
		if got, err := ParseMinutes(FormatMinutes(n)); got != n || err != nil {
			t.Errorf("ParseMinutes(%q) = %d, %v, want %d", FormatMinutes(n), got, err, n)
		}
	})
}

func FuzzParseMinutes(f *testing.F) {
	for _, s := range []string{"2h", "1h30", "half an hour", "an hour and a half", "1½h", "-", ".", "1:30", "\xff", "a a", "3 quarters"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseMinutes(s)
		if err != nil {
			checkMistake(t, "ParseMinutes", err, "")
		} else if n < 0 || n > MaxMinutes {
			t.Errorf("ParseMinutes(%q) = %d", s, n)
		}
	})
}
