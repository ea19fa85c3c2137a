package evidence

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"payoff/goals"
)

// reference is the folder of example owners with the model's own answers.
const reference = "../../../shared/data/evidence"

type example struct {
	Owner     string
	File      string
	AsOf      string  `json:"as_of"`
	HourValue float64 `json:"hour_value"`
	Goal      struct {
		Amount     float64
		Start, End string
	}
}

// An answer is what the reference says of an example.
type answer struct {
	Owner           string
	Channels, Kinds map[string]struct {
		Deals                       int64
		Hours, Revenue, Lo, Mid, Hi float64
		ROILo                       float64 `json:"roi_lo"`
		ROIMid                      float64 `json:"roi_mid"`
		ROIHi                       float64 `json:"roi_hi"`
		Show                        bool
	}
	Forecast struct {
		SoFar  float64 `json:"so_far"`
		Needed float64 `json:"needed_per_week"`
		Lo     *float64
		Mid    *float64
		Hi     *float64
		PHit   *float64 `json:"p_hit"`
		Status Status
	}
	Verdict struct {
		State State
		Kind  goals.Kind
		PBest map[goals.Kind]float64 `json:"p_best"`
	}
	Bottleneck *struct {
		Channel string
		Stage   Stage
		Gap     float64 `json:"log_odds_gap"`
		P       float64
	}
	Alarms, Watch []string
}

func load(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(reference, name))
	if os.IsNotExist(err) {
		t.Skipf("%s is not here; the example owners are kept beside the project", reference)
	}
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func date(t *testing.T, s string) (d goals.Date) {
	t.Helper()
	if err := d.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return d
}

// history reads an example's CSV as storage would keep it: money in hundredths, time in
// minutes, sums by week.
func history(t *testing.T, e example) History {
	t.Helper()
	f, err := os.Open(filepath.Join(reference, e.File))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	h := History{AsOf: date(t, e.AsOf)}
	type at struct {
		monday goals.Date
		id     goals.ChannelID
	}
	sums := map[at]goals.Amounts{}
	for _, row := range rows[1:] {
		number := func(i int, unit float64) int64 {
			x, err := strconv.ParseFloat(row[i], 64)
			if err != nil && row[i] != "" {
				t.Fatal(err)
			}
			return int64(math.Round(x * unit))
		}
		d, id := date(t, row[1]), goals.ChannelID(row[2])
		known := false
		for _, c := range h.Channels {
			known = known || c.ID == id
		}
		if !known {
			h.Channels = append(h.Channels, goals.Channel{ID: id, Name: row[2], Kind: goals.Kind(row[3])})
		}
		var a goals.Amounts
		a[goals.Hours], a[goals.Spend] = number(4, 60), number(5, 100)
		a[goals.Contacts], a[goals.Conversations], a[goals.Qualified] = number(6, 1), number(7, 1), number(8, 1)
		a[goals.Deals], a[goals.Revenue] = number(9, 1), number(10, 100)
		key := at{d.Monday(), id}
		sums[key] = sums[key].Plus(a)
		if a[goals.Deals] != 0 || a[goals.Revenue] != 0 {
			h.Deals = append(h.Deals, Deal{d, id, a[goals.Deals], a[goals.Revenue]})
		}
	}
	for key, a := range sums {
		h.Weeks = append(h.Weeks, Week{key.monday, key.id, a})
	}
	return h
}

// near reports that two figures are the same to the four digits that the reference keeps.
func near(got, want float64) bool {
	return math.Abs(got-want) <= 2e-3*math.Abs(want)+2e-4
}

func TestReference(t *testing.T) {
	var examples []example
	var answers []answer
	load(t, "owners.json", &examples)
	load(t, "reference.json", &answers)
	byOwner := map[string]answer{}
	for _, a := range answers {
		byOwner[a.Owner] = a
	}
	for _, e := range examples {
		t.Run(e.Owner, func(t *testing.T) {
			want := byOwner[e.Owner]
			h := history(t, e)
			a := Analyse(h)
			checkReturns(t, a, want, e.HourValue*100)
			checkVerdict(t, a.Verdict, want)
			checkRest(t, a, want)
			checkForecast(t, Foretell(h, Target{goals.Period{From: date(t, e.Goal.Start), To: date(t, e.Goal.End)}, e.Goal.Amount * 100}), want)
		})
	}
}

func checkReturns(t *testing.T, a Analysis, want answer, hourWorth float64) {
	t.Helper()
	for _, part := range []struct {
		what string
		got  []Return
		want int
	}{{"channels", a.Channels, len(want.Channels)}, {"kinds", a.Kinds, len(want.Kinds)}} {
		if len(part.got) != part.want {
			t.Errorf("%d %s, want %d", len(part.got), part.what, part.want)
		}
		for _, r := range part.got {
			name, w := string(r.Kind), want.Kinds[string(r.Kind)]
			if part.what == "channels" {
				name, w = string(r.Channel), want.Channels[string(r.Channel)]
			}
			lo, _ := r.ROI(r.Lo, hourWorth)
			mid, _ := r.ROI(r.Mid, hourWorth)
			hi, _ := r.ROI(r.Hi, hourWorth)
			for i, pair := range [][2]float64{
				{r.Lo / 100, w.Lo}, {r.Mid / 100, w.Mid}, {r.Hi / 100, w.Hi}, {lo, w.ROILo}, {mid, w.ROIMid}, {hi, w.ROIHi},
				{r.Hours, w.Hours}, {r.Revenue / 100, w.Revenue}, {float64(r.Deals), float64(w.Deals)},
			} {
				if !near(pair[0], pair[1]) {
					t.Errorf("%s: figure %d = %.4f, want %.4f", name, i, pair[0], pair[1])
				}
			}
			if r.Show != w.Show {
				t.Errorf("%s: show = %t, want %t", name, r.Show, w.Show)
			}
		}
	}
}

func checkVerdict(t *testing.T, v Verdict, want answer) {
	t.Helper()
	if v.State != want.Verdict.State || v.Kind != want.Verdict.Kind {
		t.Errorf("verdict = %q %q, want %q %q", v.State, v.Kind, want.Verdict.State, want.Verdict.Kind)
	}
	if !maps.EqualFunc(v.Chances, want.Verdict.PBest, near) {
		t.Errorf("chances = %v, want %v", v.Chances, want.Verdict.PBest)
	}
}

func checkRest(t *testing.T, a Analysis, want answer) {
	t.Helper()
	names := func(list []Alarm) string {
		var all []string
		for _, x := range list {
			all = append(all, string(x.Channel))
		}
		return strings.Join(all, ", ")
	}
	if got, w := names(a.Alarms), strings.Join(want.Alarms, ", "); got != w {
		t.Errorf("alarms = %q, want %q", got, w)
	}
	if got, w := names(a.Watch), strings.Join(want.Watch, ", "); got != w {
		t.Errorf("watch = %q, want %q", got, w)
	}
	if (a.Bottleneck == nil) != (want.Bottleneck == nil) {
		t.Errorf("bottleneck = %+v, want %+v", a.Bottleneck, want.Bottleneck)
		return
	}
	if a.Bottleneck == nil {
		return
	}
	channel := string(a.Bottleneck.Channel)
	if channel == "" {
		channel = "all"
	}
	if channel != want.Bottleneck.Channel || a.Bottleneck.Stage != want.Bottleneck.Stage ||
		!near(a.Bottleneck.Gap, want.Bottleneck.Gap) || !near(a.Bottleneck.Sure, want.Bottleneck.P) {
		t.Errorf("bottleneck = %s %+v, want %+v", channel, *a.Bottleneck, *want.Bottleneck)
	}
}

func checkForecast(t *testing.T, f Forecast, want answer) {
	t.Helper()
	w := want.Forecast
	if !near(f.SoFar/100, w.SoFar) || !near(f.NeededPerWeek/100, w.Needed) {
		t.Errorf("so far %.2f, needed %.4f, want %.2f, %.4f", f.SoFar/100, f.NeededPerWeek/100, w.SoFar, w.Needed)
	}
	if f.Computed != (w.Lo != nil) {
		t.Errorf("forecast computed = %t, want %t", f.Computed, w.Lo != nil)
	}
	if w.Lo == nil || !f.Computed {
		return
	}
	for i, pair := range [][2]float64{{f.Lo / 100, *w.Lo}, {f.Mid / 100, *w.Mid}, {f.Hi / 100, *w.Hi}, {f.Hit, *w.PHit}} {
		if !near(pair[0], pair[1]) {
			t.Errorf("forecast figure %d = %.4f, want %.4f", i, pair[0], pair[1])
		}
	}
	if f.Status != w.Status {
		t.Errorf("status = %q, want %q", f.Status, w.Status)
	}
}
