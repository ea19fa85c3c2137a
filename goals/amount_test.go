package goals

import (
	"strings"
	"testing"
)

func TestParseMoney(t *testing.T) {
	for _, test := range []struct {
		in   string
		home Currency
		want string
	}{
		{"£1,250.50", "GBP", "£1,250.50"}, {"1250", "GBP", "£1,250"}, {"$50k", "USD", "$50,000"}, {"1.2m", "GBP", "£1,200,000"},
		{"€1.250,50", "EUR", "€1,250.50"}, {"1 250,50 €", "EUR", "€1,250.50"}, {"1\u202f250,50\u00a0€", "EUR", "€1,250.50"},
		{"GBP 300", "GBP", "£300"}, {"gbp300", "GBP", "£300"}, {"300GBP", "GBP", "£300"}, {"300 quid", "GBP", "£300"},
		{"8k", "GBP", "£8,000"}, {"8 grand", "GBP", "£8,000"}, {"£0.99", "GBP", "£0.99"}, {"£.99", "GBP", "£0.99"},
		{"1'250", "CHF", "CHF 1,250"}, {"1’250.50", "CHF", "CHF 1,250.50"}, {"Fr. 1'250,50", "CHF", "CHF 1,250.50"},
		{"1,234", "GBP", "£1,234"}, {"€1,234", "EUR", "€1,234"}, {"1,234,567", "GBP", "£1,234,567"}, {"1.234.567", "EUR", "€1,234,567"},
		{"1,5", "EUR", "€1.50"}, {"1.5", "GBP", "£1.50"}, {"1250,50", "EUR", "€1,250.50"}, {"£1.23", "GBP", "£1.23"},
		{"12,34,567", "INR", "₹1,234,567"}, {"Rs.50", "INR", "₹50"}, {"rs 1,00,000.50", "INR", "₹100,000.50"},
		{"1.2345k", "GBP", "£1,234.50"}, {"1.234k", "GBP", "£1,234"}, {"1.234m", "GBP", "£1,234,000"}, {"1,5k", "EUR", "€1,500"},
		{"1,234.5k", "GBP", "£1,234,500"}, {"50 k €", "EUR", "€50,000"}, {"2 million", "GBP", "£2,000,000"}, {"1.5bn", "GBP", "£1,500,000,000"},
		{"$5", "AUD", "A$5"}, {"$5", "CAD", "C$5"}, {"$5 NZD", "NZD", "NZ$5"}, {"US$5", "USD", "$5"}, {"A$5", "AUD", "A$5"}, {"20 bucks", "USD", "$20"},
		{"¥1,250", "JPY", "¥1,250"}, {"¥1.250", "JPY", "¥1,250"}, {"1.2k", "JPY", "¥1,200"}, {"¥5", "CNY", "CN¥5"}, {"300 kr", "SEK", "SEK 300"},
		{"1.234", "KWD", "KWD 1.234"}, {"1,234.5", "KWD", "KWD 1,234.500"}, {"5", "KWD", "KWD 5.000"},
		{"£0", "GBP", "£0"}, {"0", "GBP", "£0"}, {"007", "GBP", "£7"}, {" £ 5 ", "GBP", "£5"},
		{"£5", "", "£5"}, {"50 EUR", "", "€50"}, {"$8k", "", "$8,000"}, {"£300 GBP", "GBP", "£300"},
		{"92233720368547758.07", "GBP", "£92,233,720,368,547,758.07"},
	} {
		got, err := ParseMoney(test.in, test.home)
		if err != nil || got.String() != test.want {
			t.Errorf("ParseMoney(%q, %s) = %s, %v, want %s", test.in, test.home, got, err, test.want)
		}
		if test.home != "" && got.Currency != test.home {
			t.Errorf("ParseMoney(%q, %s) is in %s", test.in, test.home, got.Currency)
		}
	}
}

func TestParseMoneyMistakes(t *testing.T) {
	for _, test := range []struct {
		in   string
		home Currency
		code Code
		says string
	}{
		{"1.234", "GBP", Ambiguous, "“1.234” can be read in two ways. Type £1,234 or £1.23."},
		{"£1.234", "GBP", Ambiguous, "“£1.234” can be read in two ways. Type £1,234 or £1.23."},
		{"1,234k", "GBP", Ambiguous, "“1,234k” can be read in two ways. Type £1,234,000 or £1,234."},
		{"1,234", "KWD", Ambiguous, "“1,234” can be read in two ways. Type KWD 1,234.000 or KWD 1.234."},
		{"£-5", "GBP", Invalid, "An amount can't be below zero. Type it without the minus, such as £5."},
		{"-£5", "GBP", Invalid, ""}, {"(5)", "GBP", Invalid, ""}, {"£(5)", "GBP", Invalid, ""}, {"−5", "GBP", Invalid, ""}, {"minus 5", "GBP", Invalid, ""}, {"-0", "GBP", Invalid, ""},
		{"$50k", "GBP", Invalid, "Your figures are in £, and “$50k” is in another currency. Convert it first, and type it like £1,250."},
		{"£5", "CHF", Invalid, "Your figures are in CHF, and “£5” is in another currency. Convert it first, and type it like CHF 1,250."},
		{"A$5", "USD", Invalid, ""}, {"300 kr", "GBP", Invalid, ""}, {"£5 USD", "GBP", Invalid, "“£5 USD” names two currencies. Name one currency, such as £1,250 or USD 1,250."},
		{"£0.999", "GBP", Invalid, "An amount in £ has at most 2 decimals. Round it, such as £0.99."},
		{"1.5", "JPY", Invalid, "An amount in ¥ has no decimals. Round it, such as ¥1."},
		{"1.23456k", "GBP", "", ""}, {"1.234567k", "GBP", Invalid, ""}, {"1250.500", "GBP", Invalid, ""}, {"5.00000", "KWD", Invalid, ""},
		{"92233720368547758.08", "GBP", Invalid, "“92233720368547758.08” is more money than I can count. Check how many zeros it has."},
		{strings.Repeat("9", 60), "GBP", Invalid, ""}, {"99999999999bn", "GBP", Invalid, ""},
		{"", "GBP", Unclear, "I need an amount of money. Type it like £1,250 or £8k."}, {"  ", "EUR", Unclear, ""},
		{"abc", "GBP", Unclear, "I can't read “abc” as an amount of money. Type it like £1,250 or £8k."},
		{"NaN", "GBP", Unclear, ""}, {"inf", "GBP", Unclear, ""}, {"1e5", "GBP", Unclear, ""}, {"0x10", "GBP", Unclear, ""}, {"£", "GBP", Unclear, ""}, {"k", "GBP", Unclear, ""},
		{"5.", "GBP", Unclear, ""}, {",5", "GBP", Unclear, ""}, {"1,23,45", "GBP", Unclear, ""}, {"1,2,3", "GBP", Unclear, ""}, {"12 50", "GBP", Unclear, ""}, {"1.250 000", "GBP", Unclear, ""},
		{"1,250'000", "GBP", Unclear, ""}, {"5-10", "GBP", Unclear, ""}, {"about £5", "GBP", Unclear, ""}, {"£5 a month", "GBP", Unclear, ""}, {"£5 (gbp)", "GBP", Unclear, ""}, {"£€5", "GBP", Unclear, ""}, {"won 5", "KRW", Unclear, ""},
		{"50", "", Unclear, "I can't tell which currency “50” is in. Put the currency with it, such as £1,250 or USD 1,250."}, {"300 kr", "", Ambiguous, ""}, {"١٢٣", "GBP", Unclear, ""},
		{"£5" + strings.Repeat(" ", 200), "GBP", Unclear, ""},
	} {
		m, err := ParseMoney(test.in, test.home)
		if test.code == "" {
			if err != nil {
				t.Errorf("ParseMoney(%q, %s): %v", test.in, test.home, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("ParseMoney(%q, %s) = %s, want a mistake", test.in, test.home, m)
			continue
		}
		checkMistake(t, "ParseMoney("+test.in+", "+string(test.home)+")", err, test.code)
		if test.says != "" && err.Error() != test.says {
			t.Errorf("ParseMoney(%q, %s) says\n%s, want\n%s", test.in, test.home, err, test.says)
		}
	}
}

func TestParseDecimal(t *testing.T) {
	for _, test := range []struct {
		in   string
		c    Currency
		want int64
		code Code
	}{
		{"1250.50", "GBP", 125050, ""}, {"1250,50", "GBP", 125050, ""}, {"1250", "GBP", 125000, ""}, {"-12.5", "GBP", -1250, ""}, {"0", "GBP", 0, ""}, {"-0.00", "JPY", 0, ""},
		{"1250.00", "JPY", 1250, ""}, {"1.234", "KWD", 1234, ""}, {"1250.5000", "GBP", 125050, ""}, {"1234.567", "KWD", 1234567, ""}, {".5", "GBP", 50, ""},
		{"-92233720368547758.08", "GBP", -9223372036854775808, ""},
		{"1,234", "GBP", 0, Ambiguous}, {"1.234", "GBP", 0, Ambiguous}, {"1,234", "KWD", 0, Ambiguous}, {"1.234", "JPY", 0, Ambiguous},
		{"0.999", "GBP", 0, Invalid}, {"12.5", "JPY", 0, Invalid}, {"92233720368547758.08", "GBP", 0, Invalid},
		{"1,250.50", "GBP", 0, Unclear}, {"1 250", "GBP", 0, Unclear}, {"1'250", "GBP", 0, Unclear}, {"£5", "GBP", 0, Unclear}, {"", "GBP", 0, Unclear}, {"-", "GBP", 0, Unclear},
		{"--5", "GBP", 0, Unclear}, {"1e500", "GBP", 0, Unclear}, {"5.", "GBP", 0, Unclear}, {"1.234.567", "GBP", 0, Unclear}, {"NaN", "GBP", 0, Unclear}, {"8k", "GBP", 0, Unclear},
	} {
		got, err := ParseDecimal(test.in, test.c)
		if test.code != "" {
			checkMistake(t, "ParseDecimal("+test.in+", "+string(test.c)+")", err, test.code)
		} else if want := (Money{test.want, test.c}); got != want || err != nil {
			t.Errorf("ParseDecimal(%q, %s) = %#v, %v, want %#v", test.in, test.c, got, err, want)
		}
	}
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"£1,250.50", "8k", "1.234", "(£5)", "1 250,50 €", "1'250", "-", "(", "£(5)", "5)(", "rs.50", "1.2345678901k", "\xff5", "½"} {
		for home := range len(homes) {
			f.Add(s, uint8(home))
		}
	}
	f.Fuzz(func(t *testing.T, s string, of uint8) {
		home := homes[int(of)%len(homes)]
		m, err := ParseMoney(s, home)
		if err != nil {
			checkMistake(t, "ParseMoney", err, "")
			return
		}
		if m.Minor < 0 || home != "" && m.Currency != home {
			t.Errorf("ParseMoney(%q, %q) = %#v", s, home, m)
		}
		if again, err := ParseMoney(m.String(), home); again != m || err != nil {
			t.Errorf("ParseMoney(%q, %q) = %#v, %v, want %#v", m, home, again, err, m)
		}
	})
}

// homes are currencies that differ in how amounts are read.
var homes = [...]Currency{"GBP", "EUR", "AUD", "CHF", "JPY", "KWD", "INR", "ZAR", ""}
