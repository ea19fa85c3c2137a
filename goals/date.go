package goals

import (
	"fmt"
	"time"
)

// A Date is a civil date: days since 1 January 1970. Dates are compared and counted as
// numbers, and belong to no zone.
type Date int32

// DateOf is the civil date of t in t's own zone.
func DateOf(t time.Time) Date { return NewDate(t.Date()) }

// NewDate is the date of a year, month and day; days past the month's end run on, as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Time is the date's midnight in UTC.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }
func (d Date) Year() int             { return d.Time().Year() }
func (d Date) Month() time.Month     { return d.Time().Month() }
func (d Date) Day() int              { return d.Time().Day() }

// Monday is the first day of the date's week; weeks run from Monday to Sunday.
func (d Date) Monday() Date { return d - Date((int(d.Weekday())+6)%7) }

// String is the ISO form, 2026-11-22.
func (d Date) String() string { return d.Time().Format(time.DateOnly) }

// Human is the date as people write it, with the year only when it is not that of today: "12 Nov", "3 Jan 2027".
func (d Date) Human(today Date) string {
	if d.Year() == today.Year() {
		return d.Time().Format("2 Jan")
	}
	return d.Time().Format("2 Jan 2006")
}

func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

func (d *Date) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("date %q: %w", text, err)
	}
	*d = DateOf(t)
	return nil
}
