package goals

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Money is a whole number of minor units (pence, cents) of one currency. Amounts of two
// currencies are never added. No float touches it: what is read, added and shown is exact.
type Money struct {
	Minor    int64
	Currency Currency
}

// String is the amount as people write it: £1,250, £1,250.50, -£200, CHF 300. Decimals are left
// out when there are none, except in a currency of three, where "KWD 1,234" could be read as
// one dinar and 234 fils. ParseMoney reads back every amount that is not negative.
func (m Money) String() string {
	size, sign := m.magnitude()
	unit := powerOf10(m.Currency.Digits())
	s := sign + m.Currency.Symbol() + grouped(size/unit)
	if size%unit == 0 && m.Currency.Digits() != 3 {
		return s
	}
	return s + m.Currency.decimals(size%unit)
}

// Short is the amount for a picture, where room is scarce: £1.2k, £120k, £1.2m. From 1,000 up
// it is rounded to tenths below a hundred and to whole numbers above (£12.5k, £125k), from 10
// to 999 to whole units, always to the nearest with a half going to the even neighbour; below
// 10 it is exact.
func (m Money) Short() string {
	size, sign := m.magnitude()
	unit := powerOf10(m.Currency.Digits())
	if size < 10*unit {
		return m.String()
	}
	sign += m.Currency.Symbol()
	if n := roundedQuotient(size, unit); n < 1000 {
		return sign + strconv.FormatUint(n, 10)
	}
	steps := [...]struct {
		power int
		name  string
	}{{3, "k"}, {6, "m"}, {9, "bn"}, {12, "tn"}}
	for i, step := range steps {
		scale := unit * powerOf10(step.power)
		tenths := roundedQuotient(size, scale/10)
		if tenths < 1000 {
			return sign + strings.TrimSuffix(fmt.Sprintf("%d.%d", tenths/10, tenths%10), ".0") + step.name
		}
		if n := roundedQuotient(size, scale); n < 1000 || i == len(steps)-1 {
			return sign + grouped(n) + step.name
		}
	}
	return m.String()
}

// Decimal is the amount for a file: no symbol, no grouping, all its decimals, "1250.50".
func (m Money) Decimal() string {
	size, sign := m.magnitude()
	unit := powerOf10(m.Currency.Digits())
	return sign + strconv.FormatUint(size/unit, 10) + m.Currency.decimals(size%unit)
}

// Plus adds two amounts. A second currency, and a sum too large to hold, are a Mistake with
// code Invalid.
func (m Money) Plus(o Money) (Money, error) {
	if m.Currency != o.Currency {
		return Money{}, Wrong(Invalid, "Keep the figures of each currency apart.",
			"I can't add %s to %s, because they are in two currencies.", o, m)
	}
	sum := m.Minor + o.Minor
	if (sum > m.Minor) != (o.Minor > 0) {
		return Money{}, Wrong(Invalid, "Check that each amount is what you meant.",
			"%s and %s together are more than I can count.", m, o)
	}
	return Money{sum, m.Currency}, nil
}

// Times is the amount times num/den, rounded to a minor unit, a half going to the even
// neighbour. What does not fit becomes the largest amount there is, and with den 0 the answer
// is 0: a share of nothing.
func (m Money) Times(num, den int64) Money {
	if den == 0 {
		return Money{0, m.Currency}
	}
	product := new(big.Int).Mul(big.NewInt(m.Minor), big.NewInt(num))
	divisor := big.NewInt(den)
	if den < 0 {
		product.Neg(product)
		divisor.Neg(divisor)
	}
	quotient, rest := new(big.Int).DivMod(product, divisor, new(big.Int)) // 0 <= rest < divisor
	up := rest.Lsh(rest, 1).Cmp(divisor)
	if up > 0 || up == 0 && quotient.Bit(0) == 1 {
		quotient.Add(quotient, big.NewInt(1))
	}
	switch {
	case quotient.IsInt64():
		return Money{quotient.Int64(), m.Currency}
	case quotient.Sign() < 0:
		return Money{math.MinInt64, m.Currency}
	}
	return Money{math.MaxInt64, m.Currency}
}

// magnitude is the amount without its sign, and the sign; it holds for the smallest int64 too.
func (m Money) magnitude() (size uint64, sign string) {
	if m.Minor < 0 {
		return -uint64(m.Minor), "-"
	}
	return uint64(m.Minor), ""
}

// decimals is a fraction of a unit after its point, with all its digits: ".05".
func (c Currency) decimals(minor uint64) string {
	if c.Digits() == 0 {
		return ""
	}
	return fmt.Sprintf(".%0*d", c.Digits(), minor)
}

// grouped writes n with a comma before every third digit.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// roundedQuotient is n/d to the nearest, a half going to the even neighbour; d is at most 10^16,
// so doubling a remainder does not overflow.
func roundedQuotient(n, d uint64) uint64 {
	q, r := n/d, n%d
	if 2*r > d || 2*r == d && q%2 == 1 {
		q++
	}
	return q
}

// powerOf10 is 10 to the n, for n up to 19.
func powerOf10(n int) uint64 {
	p := uint64(1)
	for range n {
		p *= 10
	}
	return p
}
