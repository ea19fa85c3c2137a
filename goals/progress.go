package goals

// Progress is how far an objective has come in one of its periods, in the measure's unit.
type Progress struct {
	Done, Target int64
	AtMost       bool
	Met          bool  // as it stands; a limit can still be broken while the period runs
	Left         int64 // still to do, or still allowed; 0 when there is none
	Over         int64 // done beyond the target
}

// Progress is how far the objective has come with done in a period of it.
func (o Objective) Progress(done int64) Progress {
	return Progress{
		Done:   done,
		Target: o.Amount,
		AtMost: o.AtMost,
		Met:    o.AtMost && done <= o.Amount || !o.AtMost && done >= o.Amount,
		Left:   max(o.Amount-done, 0),
		Over:   max(done-o.Amount, 0),
	}
}

// Score is done / target.
func (p Progress) Score() Score { return Score{p.Done, p.Target} }

// PeriodOn is the period of the objective that day d falls in; false after it was ended.
func (o Objective) PeriodOn(d Date) (Period, bool) {
	if o.Ended != 0 && d > o.Ended {
		return Period{}, false
	}
	return o.Every.Period(d), true
}

// OverBudget is how many minutes a week's time on a channel is beyond what its owner allows
// it, and whether it is. A channel without a budget is never over it.
func OverBudget(ch Channel, minutes int64) (over int64, ok bool) {
	if ch.Budget <= 0 || minutes <= ch.Budget {
		return 0, false
	}
	return minutes - ch.Budget, true
}
