package evidence

import (
	"math"
	"testing"
)

// From Abramowitz and Stegun, chapters 6 and 26, and the NIST Digital Library of Mathematical
// Functions.
func TestSpecialFunctions(t *testing.T) {
	const euler = 0.57721566490153286
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"digamma(1)", digamma(1), -euler},
		{"digamma(1/2)", digamma(.5), -euler - 2*math.Ln2},
		{"digamma(1/4)", digamma(.25), -euler - math.Pi/2 - 3*math.Ln2},
		{"digamma(10)", digamma(10), 2.2517525890667211},
		{"digamma(1e-3)", digamma(1e-3), -1000.5755719318103},
		{"digamma(1e6)", digamma(1e6), 13.815510057964191},
		{"trigamma(1)", trigamma(1), math.Pi * math.Pi / 6},
		{"trigamma(1/2)", trigamma(.5), math.Pi * math.Pi / 2},
		{"trigamma(2)", trigamma(2), math.Pi*math.Pi/6 - 1},
		{"trigamma(10)", trigamma(10), 0.10516633568168575},
		{"normalCDF(0)", normalCDF(0), .5},
		{"normalCDF(1.6448536269514722)", normalCDF(1.6448536269514722), .95},
		{"normalCDF(-3)", normalCDF(-3), 0.0013498980316300945},
		{"logGamma(1/2)", logGamma(.5), math.Log(math.Pi) / 2},
	} {
		if math.Abs(c.got-c.want) > 1e-12*math.Max(1, math.Abs(c.want)) {
			t.Errorf("%s = %.16g, want %.16g", c.what, c.got, c.want)
		}
	}
}

// Where the amounts are all but certain a rate is a gamma, and where the leads are, lognormal.
func TestLawQuantiles(t *testing.T) {
	for _, c := range []struct {
		what    string
		r       rate
		p, want float64
	}{
		{"gamma 1", rate{shape: 1, variance: 5e-4}, .5, math.Ln2},
		{"gamma 1", rate{shape: 1, variance: 5e-4}, .95, 2.9957},
		{"gamma 5", rate{shape: 5, variance: 5e-4}, .05, 1.9701},
		{"gamma 5", rate{shape: 5, variance: 5e-4}, .5, 4.6709},
		{"gamma 5", rate{shape: 5, variance: 5e-4}, .95, 9.1535},
		{"gamma 50", rate{shape: 50, variance: 5e-4}, .95, 62.171},
		{"lognormal", rate{shape: 1e6, mean: 2, variance: 1}, .05, 1e6 * math.Exp(2-1.6448536)},
		{"lognormal", rate{shape: 1e6, mean: 2, variance: 1}, .95, 1e6 * math.Exp(2+1.6448536)},
	} {
		c.r.per, c.r.from = 1, math.Log(c.r.shape)+c.r.mean-gridBelow
		if got := c.r.compare().quantile(c.p); math.Abs(got/c.want-1) > .02 {
			t.Errorf("%s: %v quantile = %.5g, want %.5g", c.what, c.p, got, c.want)
		}
	}
}

// Few deals to come or more than there are people: the counts are a distribution, with the mean
// that was asked for, and few enough to add up.
func TestCounts(t *testing.T) {
	for _, m := range []float64{.01, 1, 30, 199, 401, 3000, 1e5, 1e7, 1e12, 1e18} {
		for _, a := range []float64{.5, 4, 100} {
			var o outlook
			o.count(m, a, a, 0, 0)
			all, mean := o.none, 0.
			for _, x := range o.some {
				all, mean = all+x.p, mean+x.p*math.Exp(x.mean)
			}
			if math.Abs(all-1) > 1e-9 || math.Abs(mean/m-1) > .01 || len(o.some) > 25_000 {
				t.Errorf("%v deals, from a = %v: %d counts of together %v, mean %v", m, a, len(o.some), all, mean)
			}
		}
	}
}
