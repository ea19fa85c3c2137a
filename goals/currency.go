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

var marks = currencyMarks()

func currencyMarks() map[string]mark {
	m := make(map[string]mark)
	plainly := func(codes string, words ...string) {
		for _, w := range words {
			m[w] = mark{of: currencyList(codes)}
		}
	}
	shared := func(codes string, words ...string) {
		for _, w := range words {
			m[w] = mark{of: currencyList(codes), asks: true}
		}
	}
	for c, s := range symbols {
		plainly(string(c), strings.ToLower(s))
	}
	plainly("GBP EGP FKP GIP LBP SDG SHP SSP SYP", "£", "pound", "pounds")
	plainly("GBP", "quid", "sterling", "pounds sterling", "british pounds")
	const dollars = "USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD XCD"
	plainly(dollars+" ARS CLP COP CUP DOP MXN UYU", "$")
	plainly(dollars, "dollar", "dollars", "bucks")
	plainly("USD", "us$", "us dollar", "us dollars", "american dollars")
	plainly("AUD", "au$", "australian dollars")
	plainly("CAD", "ca$", "canadian dollars")
	plainly("NZD", "new zealand dollars")
	plainly("EUR", "euro", "euros")
	plainly("JPY CNY", "¥", "￥")
	plainly("JPY", "yen")
	plainly("CNY", "yuan", "rmb", "renminbi")
	plainly("CHF", "swiss francs", "fr", "fr.", "sfr", "sfr.")
	plainly("PLN", "zł", "zl", "zloty", "zlotys")
	plainly("CZK", "kč")
	plainly("HUF", "ft", "forint", "forints")
	plainly("ZAR", "rand", "rands")
	plainly("RON MDL", "lei")
	plainly("BRL", "real", "reais")
	plainly("THB", "baht")
	plainly("NGN", "naira")
	plainly("TRY", "lira", "liras", "tl")
	plainly("ILS", "shekel", "shekels")
	plainly("UAH", "hryvnia")
	plainly("INR", "indian rupees")
	shared("INR PKR LKR NPR MUR SCR", "rs", "rs.", "rupee", "rupees")
	shared("SEK NOK DKK ISK", "kr", "kr.", "krona", "kronor", "krone", "kroner")
	shared("MXN ARS CLP COP PHP CUP DOP UYU", "peso", "pesos")
	shared("CHF XOF XAF XPF BIF CDF DJF GNF KMF RWF", "franc", "francs")
	shared("AED MAD", "dirham", "dirhams", "dhs")
	shared("KWD BHD JOD DZD IQD LYD RSD TND", "dinar", "dinars")
	shared("SAR QAR OMR YER IRR", "riyal", "riyals", "rial", "rials")
	shared("KES UGX TZS SOS", "shilling", "shillings")
	return m
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
