package storage

import (
	"encoding/json"
	"fmt"
	"time"

	"payoff/goals"
	"payoff/storage/kv"
)

// Each value is a version byte and JSON, but for what is derived (derived.go). The stored structs are apart from the domain's, and
// have the same fields in the same order, so that Go's conversion between them is the check
// that neither moves without the other.
const recordVersion = 1

type activityRecord struct {
	ID      goals.ActivityID `json:"id"`
	Channel goals.ChannelID  `json:"ch"`
	Date    goals.Date       `json:"date"`
	Amounts goals.Amounts    `json:"n"`
	Note    string           `json:"note,omitempty"`
	Words   string           `json:"words,omitempty"`
	Late    bool             `json:"late,omitempty"`
	Logged  time.Time        `json:"at"`
}

type goalRecord struct {
	ID      goals.GoalID   `json:"id"`
	Every   goals.Every    `json:"every,omitempty"`
	Targets []goals.Target `json:"targets"`
	Set     time.Time      `json:"set"`
	Ended   goals.Date     `json:"ended,omitzero"`
}

type objectiveRecord struct {
	ID      goals.ObjectiveID `json:"id"`
	Goal    goals.GoalID      `json:"goal"`
	Measure goals.Measure     `json:"measure"`
	AtMost  bool              `json:"atmost,omitempty"`
	Amount  int64             `json:"amount"`
	Every   goals.Every       `json:"every"`
	Channel goals.ChannelID   `json:"ch,omitempty"`
	Ended   goals.Date        `json:"ended,omitzero"`
}

type checkInRecord struct {
	Week       goals.Date         `json:"week"`
	Covers     goals.Period       `json:"covers"`
	Asked      time.Time          `json:"asked"`
	State      goals.CheckInState `json:"state"`
	Answered   time.Time          `json:"answered,omitzero"`
	Confidence goals.Confidence   `json:"confidence,omitempty"`
	Obstacle   string             `json:"obstacle,omitempty"`
	Commitment string             `json:"commitment,omitempty"`
	Kept       goals.Kept         `json:"kept,omitempty"`
	Question   goals.Reason       `json:"question,omitempty"`
}

type ownerRecord struct {
	ID        goals.OwnerID   `json:"id"`
	Name      string          `json:"name"`
	Joined    time.Time       `json:"joined"`
	Started   bool            `json:"started,omitempty"`
	Currency  goals.Currency  `json:"currency"`
	Zone      string          `json:"zone,omitempty"`
	Customer  string          `json:"customer,omitempty"`
	HourWorth int64           `json:"worth,omitempty"`
	Channels  []goals.Channel `json:"channels,omitempty"`
	Breaks    []goals.Break   `json:"breaks,omitempty"`
	Schedule  goals.Schedule  `json:"schedule"`
	GoOn      goals.Date      `json:"goon,omitzero"`
	Hidden    bool            `json:"hidden,omitempty"`
	ShowMoney bool            `json:"money,omitempty"`
}

type teamRecord struct {
	ID       goals.TeamID   `json:"id"`
	Name     string         `json:"name"`
	Currency goals.Currency `json:"currency"`
	Zone     string         `json:"zone"`
	Schedule goals.Schedule `json:"schedule"`
	Room     string         `json:"room,omitempty"`
	Boards   []goals.Board  `json:"boards,omitempty"`
}

func encode(v any) ([]byte, error) {
	if d, is := v.(interface{ pack() []byte }); is {
		return d.pack(), nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return append([]byte{recordVersion}, b...), nil
}

func decode(b []byte, v any) error {
	if len(b) == 0 || b[0] != recordVersion {
		return fmt.Errorf("record %.20q: %w", b, ErrNewer)
	}
	if d, is := v.(interface{ unpack([]byte) error }); is {
		return d.unpack(b[1:])
	}
	return json.Unmarshal(b[1:], v)
}

// get reads one record; found is false when there is none.
func get[R any](r kv.Reader, k []byte) (rec R, found bool, err error) {
	b, err := r.Get(k)
	if err != nil || b == nil {
		return rec, false, err
	}
	if err := decode(b, &rec); err != nil {
		return rec, false, fmt.Errorf("read %q: %w", k, err)
	}
	return rec, true, nil
}

// scan reads the records of a range until yield returns false.
func scan[R any](r kv.Reader, rng kv.Range, yield func(k []byte, rec R) bool) error {
	var bad error
	err := r.Scan(rng, func(k, v []byte) bool {
		var rec R
		if bad = decode(v, &rec); bad != nil {
			bad = fmt.Errorf("read %q: %w", k, bad)
			return false
		}
		return yield(k, rec)
	})
	if bad != nil {
		return bad
	}
	return err
}
