package evidence

import "math"

// digamma is the derivative of ln Γ, for x > 0: by recurrence to where the asymptotic series
// is good to the last digit or two.
func digamma(x float64) float64 {
	var sum float64
	for ; x < 10; x++ {
		sum -= 1 / x
	}
	f := 1 / (x * x)
	return sum + math.Log(x) - .5/x - f*(1./12-f*(1./120-f*(1./252-f*(1./240-f*(1./132)))))
}

// trigamma is the derivative of digamma, for x > 0.
func trigamma(x float64) float64 {
	var sum float64
	for ; x < 10; x++ {
		sum += 1 / (x * x)
	}
	f := 1 / (x * x)
	return sum + 1/x + f/2 + f/x*(1./6-f*(1./30-f*(1./42-f*(1./30-f*(5./66)))))
}

// normalCDF is the standard normal distribution.
func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// logit is the log odds of a share.
func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func logGamma(x float64) float64 {
	y, _ := math.Lgamma(x)
	return y
}

func sq(x float64) float64 { return x * x }
