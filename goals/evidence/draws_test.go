package evidence

import (
	"math"
	"math/rand/v2"
)

// Draws that the standard library has not.

func uniform(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

// shifted moves a share by log odds.
func shifted(share, by float64) float64 { return 1 / (1 + math.Exp(-math.Log(share/(1-share))-by)) }

// geometric is a number of weeks.
func geometric(r *rand.Rand, mean float64) int {
	return min(int(r.ExpFloat64()/math.Log1p(1/mean)), longestWait)
}

// poisson is by its exponential gaps, and of large means by the normal.
func poisson(r *rand.Rand, mean float64) (n int) {
	if mean > 30 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	for at := r.ExpFloat64(); at < mean; at += r.ExpFloat64() {
		n++
	}
	return n
}

// gamma is by Marsaglia and Tsang (ACM TOMS 26, 2000).
func gamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(r, shape+1) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1./3
	for {
		x := r.NormFloat64()
		v := 1 + x/math.Sqrt(9*d)
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
