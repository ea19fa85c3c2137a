package goals

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestMoneyString(t *testing.T) {
	for _, test := range []struct {
		m                    Money
		long, short, decimal string
	}{
		{Money{0, "GBP"}, "£0", "£0", "0.00"},
		{Money{99, "GBP"}, "£0.99", "£0.99", "0.99"},
		{Money{125000, "GBP"}, "£1,250", "£1.2k", "1250.00"},
		{Money{125050, "GBP"}, "£1,250.50", "£1.3k", "1250.50"},
		{Money{800000, "USD"}, "$8,000", "$8k", "8000.00"},
		{Money{125050, "EUR"}, "€1,250.50", "€1.3k", "1250.50"},
		{Money{1250, "JPY"}, "¥1,250", "¥1.2k", "1250"},
		{Money{-20000, "GBP"}, "-£200", "-£200", "-200.00"},
		{Money{30000, "CHF"}, "CHF 300", "CHF 300", "300.00"},
		{Money{-30005, "CHF"}, "-CHF 300.05", "-CHF 300", "-300.05"},
		{Money{5000, "KWD"}, "KWD 5.000", "KWD 5.000", "5.000"},
		{Money{1234500, "KWD"}, "KWD 1,234.500", "KWD 1.2k", "1234.500"},
		{Money{999, "GBP"}, "£9.99", "£9.99", "9.99"},
		{Money{1050, "GBP"}, "£10.50", "£10", "10.50"},
		{Money{1150, "GBP"}, "£11.50", "£12", "11.50"},
		{Money{99950, "GBP"}, "£999.50", "£1k", "999.50"},
		{Money{9994999, "GBP"}, "£99,949.99", "£99.9k", "99949.99"},
		{Money{9995000, "GBP"}, "£99,950", "£100k", "99950.00"},
		{Money{12000000, "GBP"}, "£120,000", "£120k", "120000.00"},
		{Money{99950000, "GBP"}, "£999,500", "£1m", "999500.00"},
		{Money{123456789, "GBP"}, "£1,234,567.89", "£1.2m", "1234567.89"},
		{Money{200000000000, "GBP"}, "£2,000,000,000", "£2bn", "2000000000.00"},
		{Money{math.MaxInt64, "GBP"}, "£92,233,720,368,547,758.07", "£92,234tn", "92233720368547758.07"},
		{Money{math.MinInt64, "GBP"}, "-£92,233,720,368,547,758.08", "-£92,234tn", "-92233720368547758.08"},
		{Money{}, "0", "0", "0.00"},
	} {
		if got := test.m.String(); got != test.long {
			t.Errorf("%#v.String() = %q, want %q", test.m, got, test.long)
		}
		if got := test.m.Short(); got != test.short {
			t.Errorf("%#v.Short() = %q, want %q", test.m, got, test.short)
		}
		if got := test.m.Decimal(); got != test.decimal {
			t.Errorf("%#v.Decimal() = %q, want %q", test.m, got, test.decimal)
		}
	}
}

func TestMoneyPlus(t *testing.T) {
	for _, test := range []struct {
		a, b Money
		want int64
		ok   bool
	}{
		{Money{100, "GBP"}, Money{250, "GBP"}, 350, true},
		{Money{100, "GBP"}, Money{-250, "GBP"}, -150, true},
		{Money{100, "GBP"}, Money{0, "GBP"}, 100, true},
		{Money{math.MaxInt64, "GBP"}, Money{0, "GBP"}, math.MaxInt64, true},
		{Money{math.MaxInt64, "GBP"}, Money{math.MinInt64, "GBP"}, -1, true},
		{Money{math.MaxInt64, "GBP"}, Money{1, "GBP"}, 0, false},
		{Money{math.MinInt64, "GBP"}, Money{-1, "GBP"}, 0, false},
		{Money{100, "GBP"}, Money{100, "USD"}, 0, false},
		{Money{100, "GBP"}, Money{}, 0, false},
	} {
		got, err := test.a.Plus(test.b)
		if test.ok && (err != nil || got != Money{test.want, test.a.Currency}) {
			t.Errorf("%#v.Plus(%#v) = %#v, %v, want %d", test.a, test.b, got, err, test.want)
		}
		if !test.ok {
			checkMistake(t, test.a.String()+" plus "+test.b.String(), err, Invalid)
		}
	}
}

func TestMoneyTimes(t *testing.T) {
	for _, test := range []struct{ minor, num, den, want int64 }{
		{100, 1, 3, 33}, {200, 1, 3, 67}, {5, 1, 2, 2}, {15, 1, 2, 8}, {7, 1, 2, 4}, {-5, 1, 2, -2}, {-7, 1, 2, -4},
		{5, -1, 2, -2}, {5, 1, -2, -2}, {-5, -1, 2, 2}, {100, 0, 5, 0}, {100, 5, 0, 0}, {1000, 90, 60, 1500},
		{math.MaxInt64, math.MaxInt64, math.MaxInt64, math.MaxInt64},
		{math.MaxInt64, 2, 1, math.MaxInt64}, {math.MaxInt64, -2, 1, math.MinInt64}, {math.MinInt64, 1, -1, math.MaxInt64},
		{math.MinInt64, math.MinInt64, math.MinInt64, math.MinInt64},
	} {
		want := Money{test.want, "GBP"}
		if got := (Money{test.minor, "GBP"}).Times(test.num, test.den); got != want {
			t.Errorf("%d.Times(%d, %d) = %d, want %d", test.minor, test.num, test.den, got.Minor, want.Minor)
		}
	}
}

// anyMoney draws amounts of every size, and round ones more often than chance would.
func anyMoney(min int64) *rapid.Generator[Money] {
	return rapid.Custom(func(t *rapid.T) Money {
		minor := rapid.Int64Min(min).Draw(t, "minor")
		if n := rapid.SampledFrom([]int64{1, 1, 100, 1000, 100_000}).Draw(t, "round"); minor/n >= min/n {
			minor = minor / n * n
		}
		return Money{minor, rapid.SampledFrom(Currencies()).Draw(t, "currency")}
	})
}

func TestMoneyIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMoney(0).Draw(t, "money")
		for _, home := range []Currency{m.Currency, ""} {
			if got, err := ParseMoney(m.String(), home); got != m || err != nil {
				t.Errorf("ParseMoney(%q, %q) = %#v, %v, want %#v", m, home, got, err, m)
			}
		}
		m = anyMoney(math.MinInt64).Draw(t, "signed")
		if got, err := ParseDecimal(m.Decimal(), m.Currency); got != m || err != nil {
			t.Errorf("ParseDecimal(%q, %s) = %#v, %v, want %#v", m.Decimal(), m.Currency, got, err, m)
		}
	})
}

// Small amounts of every currency, where reading back could fail by kind and not by size.
func TestSmallMoneyIsReadBack(t *testing.T) {
	for _, c := range Currencies() {
		for minor := int64(0); minor < 3_000_000; minor += 1 + minor/50 {
			m := Money{minor, c}
			if got, err := ParseMoney(m.String(), c); got != m || err != nil {
				t.Fatalf("ParseMoney(%q, %s) = %#v, %v, want %#v", m, c, got, err, m)
			}
			if got, err := ParseDecimal(m.Decimal(), c); got != m || err != nil {
				t.Fatalf("ParseDecimal(%q, %s) = %#v, %v, want %#v", m.Decimal(), c, got, err, m)
			}
		}
	}
}

func TestMoneyTimesAgainstShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Money{rapid.Int64Range(-1e9, 1e9).Draw(t, "minor"), "GBP"}
		num, den := rapid.Int64Range(-1e4, 1e4).Draw(t, "num"), rapid.Int64Range(1, 1e4).Draw(t, "den")
		got := m.Times(num, den).Minor
		if off := got*den - m.Minor*num; 2*off > den || 2*off < -den || (2*off == den || 2*off == -den) && got%2 != 0 {
			t.Errorf("%d.Times(%d, %d) = %d, which is not the nearest", m.Minor, num, den, got)
		}
	})
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"1250.50", "-1,5", "1,234", "1e5", "", "1e500", "00.00", "-.5", "9223372036854775808"} {
		for c := range len(homes) {
			f.Add(s, uint8(c))
		}
	}
	f.Fuzz(func(t *testing.T, s string, of uint8) {
		c := homes[int(of)%len(homes)]
		m, err := ParseDecimal(s, c)
		switch {
		case err != nil:
			checkMistake(t, "ParseDecimal", err, "")
		case m.Currency != c:
			t.Errorf("ParseDecimal(%q, %q) = %#v", s, c, m)
		default:
			if again, err := ParseDecimal(m.Decimal(), c); again != m || err != nil {
				t.Errorf("ParseDecimal(%q) = %#v, %v, want %#v", m.Decimal(), again, err, m)
			}
		}
	})
}
