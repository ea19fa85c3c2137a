package storage

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"payoff/goals"
)

// Generators of whatever may be stored: dates before 1970, names in any script, zero values.

func words() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "BNI \"Tuesday\"\n", "\x00", "ü\u202e", "<!channel>", `\u0000`}))
}

func times() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "none") {
			return time.Time{}
		}
		return time.Unix(rapid.Int64Range(-2_000_000_000, 9_000_000_000).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
	})
}

func periods() *rapid.Generator[goals.Period] {
	return rapid.Custom(func(t *rapid.T) goals.Period {
		return goals.Period{From: dates().Draw(t, "from"), To: dates().Draw(t, "to")}
	})
}

func amounts() *rapid.Generator[goals.Amounts] {
	return rapid.Custom(func(t *rapid.T) (a goals.Amounts) {
		for range rapid.IntRange(0, 4).Draw(t, "measures") {
			a[rapid.IntRange(0, int(goals.Measures)-1).Draw(t, "m")] = rapid.Int64().Draw(t, "n")
		}
		return a
	})
}

func schedules() *rapid.Generator[goals.Schedule] {
	return rapid.Custom(func(t *rapid.T) goals.Schedule {
		return goals.Schedule{
			Off: rapid.Bool().Draw(t, "off"), Weekday: time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")),
			Minute: rapid.IntRange(0, 1439).Draw(t, "minute"),
		}
	})
}

func activities() *rapid.Generator[goals.Activity] {
	return rapid.Custom(func(t *rapid.T) goals.Activity {
		return goals.Activity{
			ID: goals.ActivityID(rapid.StringMatching("[0-9A-Z]{1,26}").Draw(t, "id")), Channel: "bni", Date: dates().Draw(t, "date"),
			Amounts: amounts().Draw(t, "amounts"), Note: words().Draw(t, "note"), Words: words().Draw(t, "words"),
			Late: rapid.Bool().Draw(t, "late"), Logged: times().Draw(t, "logged"),
		}
	})
}

func TestActivitiesRoundTrip(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		want := activities().Draw(t, "activity")
		var got []goals.Activity
		err := scratch(db, func(tx *Tx) error {
			err := tx.AddActivity("sam", want)
			p := goals.Period{From: want.Date, To: want.Date}
			return errors.Join(err, tx.Activities("sam", p, false, func(a goals.Activity) bool { got = append(got, a); return true }))
		})
		check(t, err, got, []goals.Activity{want})
	})
}

func TestGoalsAndObjectivesRoundTrip(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		goal := goals.Goal{ID: "G", Every: rapid.SampledFrom([]goals.Every{goals.Once, goals.Month}).Draw(t, "every"), Set: times().Draw(t, "set"), Ended: dates().Draw(t, "ended")}
		for range rapid.IntRange(0, 3).Draw(t, "targets") {
			goal.Targets = append(goal.Targets, goals.Target{
				From: dates().Draw(t, "from"), Amount: goals.Money{Minor: rapid.Int64().Draw(t, "minor"), Currency: "GBP"}, Period: periods().Draw(t, "period"),
			})
		}
		objective := goals.Objective{
			ID: "J", Goal: "G", Measure: goals.Measure(rapid.IntRange(0, int(goals.Measures)-1).Draw(t, "measure")), AtMost: rapid.Bool().Draw(t, "atmost"),
			Amount: rapid.Int64().Draw(t, "amount"), Every: goals.Week, Channel: "bni", Ended: dates().Draw(t, "over"),
		}
		var gotGoals []goals.Goal
		var gotObjectives []goals.Objective
		err := scratch(db, func(tx *Tx) (err error) {
			err = errors.Join(tx.PutGoal("sam", goal), tx.PutObjective("sam", objective))
			var err1, err2 error
			gotGoals, err1 = tx.Goals("sam")
			gotObjectives, err2 = tx.Objectives("sam")
			return errors.Join(err, err1, err2)
		})
		check(t, err, gotGoals, []goals.Goal{goal})
		check(t, err, gotObjectives, []goals.Objective{objective})
	})
}

func TestCheckInsRoundTrip(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		want := goals.CheckIn{
			Week: dates().Draw(t, "week"), Covers: periods().Draw(t, "covers"), Asked: times().Draw(t, "asked"), State: goals.CheckInAsked,
			Answered: times().Draw(t, "answered"), Confidence: goals.AtRisk, Obstacle: words().Draw(t, "obstacle"),
			Commitment: words().Draw(t, "commitment"), Kept: goals.KeptPartly,
		}
		var one goals.CheckIn
		var found bool
		var all []goals.CheckIn
		err := scratch(db, func(tx *Tx) error {
			err := tx.PutCheckIn("sam", want)
			var err1, err2 error
			one, found, err1 = tx.CheckIn("sam", want.Week)
			all, err2 = tx.CheckIns("sam", Ever)
			return errors.Join(err, err1, err2)
		})
		check(t, err, one, want)
		check(t, err, all, []goals.CheckIn{want})
		if !found {
			t.Error("CheckIn found = false, want true")
		}
	})
}

func TestOwnersAndTeamsRoundTrip(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		owner := goals.Owner{
			ID: "sam", Name: words().Draw(t, "name"), Joined: times().Draw(t, "joined"), Started: rapid.Bool().Draw(t, "started"), Currency: "KWD",
			Zone: "Asia/Kuwait", Customer: words().Draw(t, "customer"), HourWorth: rapid.Int64().Draw(t, "worth"), Schedule: schedules().Draw(t, "schedule"),
			Hidden: rapid.Bool().Draw(t, "hidden"), ShowMoney: rapid.Bool().Draw(t, "money"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "channels") {
			owner.Channels = append(owner.Channels, goals.Channel{ID: "c", Name: words().Draw(t, "channel"), Kind: goals.Direct, Budget: rapid.Int64().Draw(t, "budget"), Archived: true})
			owner.Breaks = append(owner.Breaks, goals.Break{From: dates().Draw(t, "from"), Back: dates().Draw(t, "back")})
		}
		team := goals.Team{
			ID: "T", Name: words().Draw(t, "team"), Currency: "JPY", Zone: "Asia/Tokyo", Schedule: schedules().Draw(t, "board"),
			Room: words().Draw(t, "room"), Boards: rapid.SampledFrom([][]goals.Board{nil, {goals.BoardStreak}}).Draw(t, "boards"),
		}
		var gotOwner goals.Owner
		var gotTeam goals.Team
		err := scratch(db, func(tx *Tx) error {
			err := errors.Join(tx.PutOwner(owner), tx.PutTeam(team))
			var err1, err2 error
			gotOwner, err1 = tx.Owner("sam")
			gotTeam, err2 = tx.Team("T")
			return errors.Join(err, err1, err2)
		})
		check(t, err, gotOwner, owner)
		check(t, err, gotTeam, team)
	})
}

func TestOutgoingRoundTrip(t *testing.T) {
	db := open(t)
	rapid.Check(t, func(t *rapid.T) {
		want := Outgoing{
			Key: "checkin sam", What: "checkin", Team: "T", Owner: "sam", Week: dates().Draw(t, "week"), To: Contact{Platform: "local", Space: "s", Person: words().Draw(t, "person")},
			Room: words().Draw(t, "room"), Created: times().Draw(t, "created"), Leased: times().Draw(t, "leased"), NotEarly: times().Draw(t, "not early"),
			Attempts: rapid.IntRange(0, 99).Draw(t, "attempts"), Done: times().Draw(t, "done"), Message: words().Draw(t, "message"), Failed: words().Draw(t, "failed"),
		}
		var waiting, finished []Outgoing
		err := scratch(db, func(tx *Tx) error {
			return errors.Join(tx.PutOutgoing(want),
				tx.Waiting(func(m Outgoing) bool { waiting = append(waiting, m); return true }),
				tx.Finished(func(m Outgoing) bool { finished = append(finished, m); return true }))
		})
		check(t, err, append(waiting, finished...), []Outgoing{want})
		if got := len(finished) == 1; got == want.Done.IsZero() {
			t.Errorf("done at %s: finished = %t", want.Done, got)
		}
	})
}

func check[V any](t *rapid.T, err error, got, want V) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// newerReads is every way to read a record, and the key of one.
var newerReads = []struct {
	name string
	key  []byte
	read func(*Reader) error
}{
	{"owner", ownerKey("sam", tOwner), func(r *Reader) error { _, err := r.Owner("sam"); return err }},
	{"team", key("t", "T"), func(r *Reader) error { _, err := r.Team("T"); return err }},
	{"teams", key("t", "T"), func(r *Reader) error { _, err := r.Teams(); return err }},
	{"goal", ownerKey("sam", tGoal, "G"), func(r *Reader) error { _, err := r.Goals("sam"); return err }},
	{"objective", ownerKey("sam", tObjective, "J"), func(r *Reader) error { _, err := r.Objectives("sam"); return err }},
	{"check-in", datedKey("sam", tCheckIn, 4, ""), func(r *Reader) error { _, _, err := r.CheckIn("sam", 4); return err }},
	{"check-ins", datedKey("sam", tCheckIn, 4, ""), func(r *Reader) error { _, err := r.CheckIns("sam", Ever); return err }},
	{"what if", datedKey("sam", tWhatIf, 4, "\x00bni"), func(r *Reader) error { _, err := r.WhatIfs("sam", Ever); return err }},
	{"activity", datedKey("sam", tActivity, 0, "A"), func(r *Reader) error {
		return r.Activities("sam", Ever, true, func(goals.Activity) bool { return true })
	}},
	{"total", datedKey("sam", tTotal, -3, "bni"), func(r *Reader) error { _, err := r.Totals("sam", Ever); return err }},
	{"deal", datedKey("sam", tDeal, 0, "A"), func(r *Reader) error { _, err := r.Deals("sam", Ever); return err }},
	{"outgoing", key("q", "K"), func(r *Reader) error { _, _, err := r.Outgoing("K"); return err }},
	{"waiting", key("q", "K"), func(r *Reader) error { return r.Waiting(func(Outgoing) bool { return true }) }},
	{"install", key("i", "slack", "T1"), func(r *Reader) error { _, _, err := r.Install("slack", "T1"); return err }},
	{"installs", key("i", "slack", "T1"), func(r *Reader) error { _, err := r.Installs("slack"); return err }},
	{"left", key("x", "slack", "T1"), func(r *Reader) error { _, err := r.LeftSince("slack", "T1"); return err }},
	{"all left", key("x", "slack", "T1"), func(r *Reader) error { _, err := r.LeftSpaces(); return err }},
	{"whereabouts", ownerKey("sam", tZone, "slack", "T1"), func(r *Reader) error { _, err := r.Whereabouts("sam", "slack", "T1"); return err }},
	{"entry", Journal{Owner: "sam"}.key("E"), func(r *Reader) error { _, _, err := r.Entry(Journal{Owner: "sam"}, "E"); return err }},
	{"entries", Journal{Owner: "sam"}.key("E"), func(r *Reader) error { return r.Entries(Journal{Owner: "sam"}, func(Entry) bool { return true }) }},
}

// A record that a newer payoff has written is refused wherever it is read, and stays.
func TestNewerRecordsAreRefused(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *Tx) error {
		return errors.Join(member(tx, "T", "sam", "Sam"), tx.PutGoal("sam", goals.Goal{ID: "G"}), tx.PutObjective("sam", goals.Objective{ID: "J"}),
			tx.PutCheckIn("sam", goals.CheckIn{Week: 4}), tx.PutWhatIf("sam", WhatIf{Asked: 4, To: "bni"}), tx.AddActivity("sam", goals.Activity{ID: "A", Channel: "bni", Amounts: goals.Amounts{goals.Revenue: 1}}),
			tx.PutInstall(Install{Platform: "slack", Space: "T1"}), tx.SetLeft("slack", "T1", time.Unix(1, 0)),
			tx.PutWhereabouts("sam", "slack", "T1", Whereabouts{Zone: "Europe/Paris"}),
			tx.Enqueue(Outgoing{Key: "K"}), tx.set(Journal{Owner: "sam"}.key("E"), Entry{ID: "E"}))
	})
	for _, tt := range newerReads {
		for _, version := range []byte{0, 2, 255} {
			err := scratch(db, func(tx *Tx) error {
				if err := tt.read(&tx.Reader); err != nil {
					t.Errorf("%s before = %v, want no error", tt.name, err)
				}
				v, err := tx.kv.Get(tt.key)
				if err != nil || v == nil {
					t.Fatalf("%s is not under %q: %v", tt.name, tt.key, err)
				}
				newer := append([]byte{version}, v[1:]...)
				err = errors.Join(tx.kv.Set(tt.key, newer), tt.read(&tx.Reader))
				if after, _ := tx.kv.Get(tt.key); string(after) != string(newer) {
					t.Errorf("%s was changed by reading it", tt.name)
				}
				return err
			})
			if !errors.Is(err, ErrNewer) {
				t.Errorf("reading a %s of version %d = %v, want ErrNewer", tt.name, version, err)
			}
		}
	}
}
