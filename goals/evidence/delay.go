package evidence

import (
	"math"

	"payoff/goals"
)

// delays is how many weeks lie, on average, between work and the money that comes of it.
var delays = map[goals.Kind]float64{goals.Social: 4, goals.Networking: 5, goals.Direct: 3}

// paid is the share of what an hour brings that has come in after so many weeks, where it
// takes mean weeks on average: a gamma distribution of shape 2.
func paid(age int, mean float64) float64 {
	x := 2 * (float64(age) + .5) / mean
	return 1 - math.Exp(-x)*(1+x)
}
