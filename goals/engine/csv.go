package engine

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"payoff/goals"
	"payoff/storage"
)

// The CSV that payoff reads and writes: one activity a row, amounts as decimals, dates ISO.
// The columns up to revenue are required, the others may be left out.
var csvColumns = []string{
	"owner", "date", "channel", "kind", "hours", "spend", "contacts", "conversations", "qualified", "deals", "revenue",
	"one_to_ones", "referrals_given", "referrals_received", "visitors", "partners", "advice", "currency", "note",
}

const (
	requiredColumns = 11
	maxCSVName      = 80 // characters of an owner's name
)

// csvMeasures says which column holds which measure.
var csvMeasures = map[string]goals.Measure{
	"hours": goals.Hours, "spend": goals.Spend, "contacts": goals.Contacts, "conversations": goals.Conversations,
	"qualified": goals.Qualified, "deals": goals.Deals, "revenue": goals.Revenue, "one_to_ones": goals.OneToOnes,
	"referrals_given": goals.ReferralsGiven, "referrals_received": goals.ReferralsReceived,
	"visitors": goals.Visitors, "partners": goals.Partners, "advice": goals.Advice,
}

// Export writes the activities of owners as CSV, oldest first. Two owners of one name are told
// apart by a number, so that an import makes two of them again.
func (e *Engine) Export(ctx context.Context, w io.Writer, owners ...Actor) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvColumns); err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, a := range owners {
		err := e.view(ctx, a, func(s *scene, r *storage.Reader) error {
			s.Owner.Name = csvName(s.Owner.Name, taken)
			var bad error
			err := r.Activities(a.Owner, storage.Ever, false, func(act goals.Activity) bool {
				bad = out.Write(csvRow(s.Owner, act))
				return bad == nil
			})
			if bad != nil {
				return bad
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// csvName is an owner's name as a file can hold it: in one line, not too long, and not that
// of another owner of the file.
func csvName(name string, taken map[string]bool) string {
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if name == "" {
		name = "Owner"
	}
	const spare = len(" (999)")
	if r := []rune(name); len(r) > maxCSVName-spare {
		name = strings.TrimSpace(string(r[:maxCSVName-spare]))
	}
	free := name
	for n := 2; taken[sameName(free)]; n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	taken[sameName(free)] = true
	return free
}

func csvRow(o goals.Owner, a goals.Activity) []string {
	ch, _ := channelByID(o, a.Channel)
	row := make([]string, len(csvColumns))
	for i, col := range csvColumns {
		switch m, isMeasure := csvMeasures[col]; {
		case isMeasure && (m == goals.Spend || m == goals.Revenue):
			row[i] = goals.Money{Minor: a.Amounts[m], Currency: o.Currency}.Decimal()
		case isMeasure && m == goals.Hours:
			// Four places are enough for the minute to come back as it was.
			row[i] = strconv.FormatFloat(float64(a.Amounts[m])/60, 'f', -1, 64)
			if len(row[i]) > 8 {
				row[i] = strconv.FormatFloat(float64(a.Amounts[m])/60, 'f', 4, 64)
			}
		case isMeasure:
			row[i] = strconv.FormatInt(a.Amounts[m], 10)
		}
	}
	row[0], row[1], row[2], row[3] = o.Name, a.Date.String(), ch.Name, string(ch.Kind)
	row[len(row)-2], row[len(row)-1] = string(o.Currency), a.Note
	return row
}
