package goals

import (
	"testing"

	"golang.org/x/text/currency"
)

func TestParseCurrency(t *testing.T) {
	for _, test := range []struct {
		in   string
		want Currency
	}{
		{"GBP", "GBP"}, {" gbp ", "GBP"}, {"£", "GBP"}, {"pounds", "GBP"}, {"quid", "GBP"}, {"Sterling", "GBP"},
		{"$", "USD"}, {"dollars", "USD"}, {"US$", "USD"}, {"A$", "AUD"}, {"NZ$", "NZD"}, {"€", "EUR"}, {"Euros", "EUR"},
		{"¥", "JPY"}, {"CN¥", "CNY"}, {"zł", "PLN"}, {"Kč", "CZK"}, {"R", "ZAR"}, {"swiss  francs", "CHF"}, {"XCG", "XCG"},
	} {
		if got, err := ParseCurrency(test.in); got != test.want || err != nil {
			t.Errorf("ParseCurrency(%q) = %q, %v, want %q", test.in, got, err, test.want)
		}
	}
	for in, code := range map[string]Code{
		"": Unclear, " ": Unclear, "kr": Ambiguous, "Rs.": Ambiguous, "francs": Ambiguous, "dirhams": Ambiguous,
		"XYZ": Unknown, "bitcoin": Unknown, "HRK": Unknown, "1": Unknown,
	} {
		_, err := ParseCurrency(in)
		checkMistake(t, "ParseCurrency("+in+")", err, code)
	}
}

func TestCurrencyDigitsAndSymbol(t *testing.T) {
	for _, test := range []struct {
		c      Currency
		digits int
		symbol string
	}{
		{"GBP", 2, "£"}, {"USD", 2, "$"}, {"EUR", 2, "€"}, {"JPY", 0, "¥"}, {"KWD", 3, "KWD "}, {"CHF", 2, "CHF "},
		{"AUD", 2, "A$"}, {"IDR", 2, "IDR "}, {"XAF", 0, "XAF "}, {"", 2, ""},
	} {
		if got := test.c.Digits(); got != test.digits {
			t.Errorf("%q.Digits() = %d, want %d", test.c, got, test.digits)
		}
		if got := test.c.Symbol(); got != test.symbol {
			t.Errorf("%q.Symbol() = %q, want %q", test.c, got, test.symbol)
		}
	}
}

// The list of currencies is our own; the table of x/text is older, and holds it against slips.
func TestCurrenciesAgainstCLDR(t *testing.T) {
	withdrawn := map[Currency]bool{"ANG": true, "BGN": true, "CUC": true, "HRK": true, "MRO": true, "SLL": true, "VEF": true}
	usual := map[Currency]bool{ // CLDR gives the decimals usually shown, ISO 4217 those of accounts
		"AFN": true, "ALL": true, "AMD": true, "COP": true, "GYD": true, "IDR": true, "IQD": true, "IRR": true, "KPW": true,
		"LAK": true, "LBP": true, "MGA": true, "MMK": true, "MNT": true, "MUR": true, "PKR": true, "RSD": true,
		"SOS": true, "SYP": true, "TZS": true, "UZS": true, "YER": true,
	}
	for it := currency.Query(); it.Next(); {
		c := Currency(it.Unit().String())
		digits, known := currencies[c]
		if known == withdrawn[c] {
			t.Errorf("currency %s known = %v, want %v", c, known, !known)
		}
		if scale, _ := currency.Standard.Rounding(it.Unit()); known && (scale != digits) != usual[c] {
			t.Errorf("%s has %d digits, x/text says %d", c, digits, scale)
		}
	}
}

func TestEveryMarkNamesKnownCurrencies(t *testing.T) {
	for w, m := range marks {
		if w != plain(w) {
			t.Errorf("mark %q is never found, as plain makes it %q", w, plain(w))
		}
		if len(m.of) == 0 || m.asks && len(m.of) < 2 {
			t.Errorf("mark %q means %v, asks %v", w, m.of, m.asks)
		}
		for _, c := range m.of {
			if _, ok := currencies[c]; !ok {
				t.Errorf("mark %q means %s, which is not in use", w, c)
			}
		}
	}
}

func FuzzParseCurrency(f *testing.F) {
	for _, s := range []string{"GBP", "£", "kr", "", "\xff", "İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCurrency(s)
		if err != nil {
			checkMistake(t, "ParseCurrency", err, "")
		} else if _, ok := currencies[c]; !ok {
			t.Errorf("ParseCurrency(%q) = %q", s, c)
		}
	})
}
