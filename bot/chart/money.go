package chart

import (
	"strings"

	"payoff/goals"
)

// exact is money in full, for the alternative text.
func exact(m goals.Money) string { return minusSign(m.String()) }

// amount is money in full as it is drawn, and shortAmount in short ("£12k"). Where the font
// lacks the currency's sign, its code stands for it.
func amount(m goals.Money) string      { return withGlyphs(minusSign(m.String()), m.Currency) }
func shortAmount(m goals.Money) string { return withGlyphs(minusSign(m.Short()), m.Currency) }

// exactShort is money in short for the alternative text, where more figures would claim more
// than is known.
func exactShort(m goals.Money) string { return minusSign(m.Short()) }

// minusSign puts the sign proper for a hyphen, which screen readers pass over.
func minusSign(text string) string {
	if size, negative := strings.CutPrefix(text, "-"); negative {
		return "−" + size
	}
	return text
}

// rounded leaves out the decimals of a distance of a hundred or more: nobody is behind by
// pence.
func rounded(m goals.Money) goals.Money {
	unit := int64(1)
	for range m.Currency.Digits() {
		unit *= 10
	}
	if m.Minor < 100*unit {
		return m
	}
	m.Minor = m.Times(1, unit).Minor * unit
	return m
}

// unbroken is money in short that is not broken between code and figure where text is wrapped.
func unbroken(m goals.Money) string { return strings.ReplaceAll(shortAmount(m), " ", "\u00a0") }

func withGlyphs(text string, currency goals.Currency) string {
	lost := false
	drawn := strings.Map(func(r rune) rune {
		if r == ' ' || hasGlyph(r) {
			return r
		}
		lost = true
		return -1
	}, text)
	if !lost || strings.Contains(drawn, string(currency)) {
		return drawn
	}
	return string(currency) + " " + strings.TrimSpace(drawn)
}
