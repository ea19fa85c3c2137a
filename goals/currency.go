package goals

import (
	"slices"
	"strings"
)

// A Currency is an ISO 4217 code in capitals, "GBP".
type Currency string

// The currencies in use, by how many digits their minor unit has, from ISO 4217 as of 2026.
// The list is kept here and not taken from golang.org/x/text/currency for two reasons. Stored
// amounts are whole minor units, so what a unit is worth may never change with a library;
// and its table, of 2017, lacks VES, MRU, SLE, XCG and ZWG, and gives the number of digits
// usually shown (IDR 0, IQD 0, RSD 0), which is not the number in which accounts are kept.
var currencies = minorDigits(map[int]string{
	0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
	3: "BHD IQD JOD KWD LYD OMR TND",
	2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
		CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
		GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
		MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
		PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL
		THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
})

func minorDigits(codes map[int]string) map[Currency]int {
	of := make(map[Currency]int)
	for n, list := range codes {
		for _, code := range strings.Fields(list) {
			of[Currency(code)] = n
		}
	}
	return of
}

// symbols are put before an amount, without a space. A symbol that several currencies share
// goes to the one known by it everywhere; the others carry their country: A$, CN¥.
var symbols = map[Currency]string{
	"GBP": "£", "USD": "$", "EUR": "€", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩",
	"ILS": "₪", "TRY": "₺", "UAH": "₴", "NGN": "₦", "PHP": "₱", "VND": "₫", "THB": "฿", "RUB": "₽",
	"AUD": "A$", "CAD": "C$", "NZD": "NZ$", "HKD": "HK$", "SGD": "S$", "TWD": "NT$", "MXN": "MX$",
	"BRL": "R$", "ZAR": "R",
}

// A mark is what people write for a currency besides its code.
type mark struct {
	of   []Currency // what it can mean; the home currency when that is among them, or else the first
	asks bool       // no meaning comes first: outside a home that uses it, it has to be asked about
}

var marks = func() map[string]mark {
	m := make(map[string]mark)
	for c, s := range symbols {
		m[strings.ToLower(s)] = mark{of: []Currency{c}}
	}
	for asks, rows := range map[bool][]markRow{false: plainMarks, true: sharedMarks} {
		for _, row := range rows {
			for _, w := range strings.Split(row.words, ", ") {
				m[w] = mark{of: currencyList(row.codes), asks: asks}
			}
		}
	}
	return m
}()

// A markRow is the currencies that each of the words can mean.
type markRow struct{ codes, words string }

const dollarCodes = "USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD XCD"

// plainMarks mean their first currency, unless the home currency is another of the row.
var plainMarks = []markRow{
	{"GBP EGP FKP GIP LBP SDG SHP SSP SYP", "£, pound, pounds"},
	{"GBP", "quid, sterling, pounds sterling, british pounds"},
	{dollarCodes + " ARS CLP COP CUP DOP MXN UYU", "$"},
	{dollarCodes, "dollar, dollars, bucks"},
	{"USD", "us$, us dollar, us dollars, american dollars"},
	{"AUD", "au$, australian dollars"},
	{"CAD", "ca$, canadian dollars"},
	{"NZD", "new zealand dollars"},
	{"EUR", "euro, euros"},
	{"JPY CNY", "¥, ￥"},
	{"JPY", "yen"},
	{"CNY", "yuan, rmb, renminbi"},
	{"CHF", "swiss francs, fr, fr., sfr, sfr."},
	{"PLN", "zł, zl, zloty, zlotys"},
	{"CZK", "kč"},
	{"HUF", "ft, forint, forints"},
	{"ZAR", "rand, rands"},
	{"RON MDL", "lei"},
	{"BRL", "real, reais"},
	{"THB", "baht"},
	{"NGN", "naira"},
	{"TRY", "lira, liras, tl"},
	{"ILS", "shekel, shekels"},
	{"UAH", "hryvnia"},
	{"INR", "indian rupees"},
}

// sharedMarks mean no currency first.
var sharedMarks = []markRow{
	{"INR PKR LKR NPR MUR SCR", "rs, rs., rupee, rupees"},
	{"SEK NOK DKK ISK", "kr, kr., krona, kronor, krone, kroner"},
	{"MXN ARS CLP COP PHP CUP DOP UYU", "peso, pesos"},
	{"CHF XOF XAF XPF BIF CDF DJF GNF KMF RWF", "franc, francs"},
	{"AED MAD", "dirham, dirhams, dhs"},
	{"KWD BHD JOD DZD IQD LYD RSD TND", "dinar, dinars"},
	{"SAR QAR OMR YER IRR", "riyal, riyals, rial, rials"},
	{"KES UGX TZS SOS", "shilling, shillings"},
}

func currencyList(codes string) []Currency {
	var list []Currency
	for _, code := range strings.Fields(codes) {
		list = append(list, Currency(code))
	}
	return list
}

// markOf is what a word, in the form that plain gives it, says about a currency.
func markOf(w string) (mark, bool) {
	if m, ok := marks[w]; ok {
		return m, true
	}
	c := Currency(strings.ToUpper(w))
	if _, ok := currencies[c]; ok {
		return mark{of: []Currency{c}}, true
	}
	return mark{}, false
}

// Currencies lists every currency in use, by code.
func Currencies() []Currency {
	var list []Currency
	for c := range currencies {
		list = append(list, c)
	}
	slices.Sort(list)
	return list
}

// ParseCurrency reads a currency: its code in either case, its symbol, or its English name.
// "$" alone is the US dollar and "£" the pound sterling; what has no first meaning, such as
// "kr", is a Mistake with code Ambiguous, and what is no currency in use one with code Unknown.
func ParseCurrency(s string) (Currency, error) {
	w := plain(s)
	m, ok := markOf(w)
	switch {
	case w == "":
		return "", typed(s, Wrong(Unclear, currencyHint, "I need a currency."))
	case !ok:
		return "", typed(s, Wrong(Unknown, currencyHint, "I don't know the currency %s.", quoted(s)))
	case m.asks:
		return "", typed(s, m.question(s))
	}
	return m.of[0], nil
}

const currencyHint = "Type its three-letter code, such as GBP, EUR or USD."

// question asks which of the mark's currencies is meant.
func (m mark) question(s string) *Mistake {
	hint := "Type " + string(m.of[0]) + ", " + string(m.of[1]) + " or another three-letter code."
	if len(m.of) == 2 {
		hint = "Type " + string(m.of[0]) + " or " + string(m.of[1]) + "."
	}
	return Wrong(Ambiguous, hint, "%s is used for more than one currency.", quoted(s))
}

// Digits is how many decimals an amount of the currency has: 2 for GBP, 0 for JPY, 3 for KWD.
// It is 2 for a currency that is not known.
func (c Currency) Digits() int {
	if n, ok := currencies[c]; ok {
		return n
	}
	return 2
}

// Symbol is what stands before an amount: "£", "A$", or the code and a space, "CHF ", where no
// symbol is known well enough. It is empty for no currency.
func (c Currency) Symbol() string {
	if s, ok := symbols[c]; ok {
		return s
	}
	if c == "" {
		return ""
	}
	return string(c) + " "
}
