package goals

// A Measure is something that is counted. Its value is an int64 whose unit depends on it:
// Hours counts minutes, Spend and Revenue minor units of the owner's currency, the rest pieces.
type Measure uint8

const (
	Hours Measure = iota
	Spend
	Contacts
	Conversations
	Qualified
	Deals
	Revenue
	OneToOnes
	ReferralsGiven
	ReferralsReceived
	Visitors
	Partners
	Advice
	Measures // how many there are
)

var measureNames = [Measures]string{
	"hours", "spend", "contacts", "conversations", "qualified", "deals", "revenue",
	"one-to-ones", "referrals given", "referrals received", "visitors", "partners", "advice",
}

// String is the measure's name as the product spells it.
func (m Measure) String() string { return measureNames[m] }

// Funnel is the way from a stranger to a sale, in order.
var Funnel = [...]Measure{Contacts, Conversations, Qualified, Deals}

// Amounts holds a value for each measure.
type Amounts [Measures]int64

// Plus adds measure by measure.
func (a Amounts) Plus(b Amounts) Amounts {
	for m := range a {
		a[m] += b[m]
	}
	return a
}

// Minus takes b away measure by measure.
func (a Amounts) Minus(b Amounts) Amounts {
	for m := range a {
		a[m] -= b[m]
	}
	return a
}

// IsZero reports whether nothing is counted.
func (a Amounts) IsZero() bool { return a == Amounts{} }
