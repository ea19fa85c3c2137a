package engine

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"payoff/goals"
	"payoff/storage"
)

// The CSV that payoff reads and writes: one activity a row, amounts as decimals, dates ISO.
// The columns up to revenue are required, the others may be left out.
var csvColumns = []string{
	"owner", "date", "channel", "kind", "hours", "spend", "contacts", "conversations", "qualified", "deals", "revenue",
	"one_to_ones", "referrals_given", "referrals_received", "visitors", "partners", "advice", "currency", "note",
}

const requiredColumns = 11

// csvMeasures says which column holds which measure.
var csvMeasures = map[string]goals.Measure{
	"hours": goals.Hours, "spend": goals.Spend, "contacts": goals.Contacts, "conversations": goals.Conversations,
	"qualified": goals.Qualified, "deals": goals.Deals, "revenue": goals.Revenue, "one_to_ones": goals.OneToOnes,
	"referrals_given": goals.ReferralsGiven, "referrals_received": goals.ReferralsReceived,
	"visitors": goals.Visitors, "partners": goals.Partners, "advice": goals.Advice,
}

// Export writes the activities of owners as CSV, oldest first.
func (e *Engine) Export(ctx context.Context, w io.Writer, owners ...Actor) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvColumns); err != nil {
		return err
	}
	for _, a := range owners {
		err := e.view(ctx, a, func(s *scene, r *storage.Reader) error {
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

// An Imported is what a file brought.
type Imported struct {
	Rows     int
	Owners   []string
	Channels int
}

// Import reads a CSV file into the owners of a space, who are made where they are new. A bad
// row is named by line and column, and then nothing of the file is imported.
func (e *Engine) Import(ctx context.Context, platform, space string, file io.Reader, currency goals.Currency) (Imported, error) {
	h := sha256.New()
	rows, err := readCSV(io.TeeReader(file, h), currency, goals.DateOf(e.now().UTC())+1)
	if err != nil {
		return Imported{}, err
	}
	digest := hex.EncodeToString(h.Sum(nil))[:16]
	var names []string
	by := map[string][]csvEntry{}
	for _, row := range rows {
		if len(by[row.owner]) == 0 {
			names = append(names, row.owner)
		}
		by[row.owner] = append(by[row.owner], row)
	}
	var done Imported
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		done = Imported{Rows: len(rows), Owners: names}
		for _, name := range names {
			n, err := e.importOwner(tx, Person{Platform: platform, Space: space, ID: personID(name), Name: name}, by[name], digest)
			if err != nil {
				return err
			}
			done.Channels += n
		}
		return nil
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	return done, nil
}

// personID is the id an imported owner has in the local workspace: their name in small letters.
func personID(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), "-")) }

func (e *Engine) importOwner(tx *storage.Tx, p Person, rows []csvEntry, digest string) (channels int, err error) {
	a, err := known(&tx.Reader, p)
	if err == nil && a.Owner == "" {
		a, err = e.welcome(tx, p, a.Team)
	}
	if err != nil {
		return 0, err
	}
	s, err := e.sceneOf(&tx.Reader, a)
	if err != nil {
		return 0, err
	}
	c := &change{scene: s, tx: tx, entry: storage.EntryID(e.newID(s.Now))}
	if err := c.notImported(digest); err != nil {
		return 0, err
	}
	if err := c.useCurrency(rows[0].currency); err != nil {
		return 0, err
	}
	before := len(c.Owner.Channels)
	for _, row := range rows {
		ch, found := channelNamed(c.Owner, row.channel)
		if !found {
			if err := c.addChannel(e, row.channel, row.kind); err != nil {
				return 0, fmt.Errorf("line %d, channel: %w", row.line, err)
			}
			ch = c.Owner.Channels[len(c.Owner.Channels)-1]
		}
		if err := c.add(e, NewActivity{Channel: ch.ID, Date: row.date, Amounts: row.amounts, Note: row.note}); err != nil {
			return 0, err
		}
	}
	if err := tx.PutOwner(c.Owner); err != nil {
		return 0, err
	}
	entry := storage.Entry{ID: c.entry, At: s.Now.UTC(), By: a.Owner, What: "import", Words: digest}
	return len(c.Owner.Channels) - before, tx.WriteFinal(storage.Journal{Owner: a.Owner}, entry)
}

// notImported refuses a file that was imported before: its figures would count twice.
func (c *change) notImported(digest string) error {
	var again bool
	err := c.tx.Entries(storage.Journal{Owner: c.Actor.Owner}, func(en storage.Entry) bool {
		again = en.What == "import" && en.Words == digest
		return !again
	})
	if again {
		return goals.Wrong(goals.Conflict, "Change the file if it holds something new.",
			"This very file was imported for %s before; nothing was imported again.", c.Owner.Name)
	}
	return err
}

// People lists the persons of a space.
func (e *Engine) People(ctx context.Context, platform, space string) (list []Person, err error) {
	err = e.db.View(ctx, func(r *storage.Reader) error {
		list = nil
		team, err := r.TeamOf(platform, space)
		if err != nil || team == "" {
			return err
		}
		members, err := r.Members(team)
		if err != nil {
			return err
		}
		for _, id := range members {
			o, err := r.Owner(id)
			if err != nil {
				return err
			}
			contacts, err := r.Contacts(id)
			if err != nil {
				return err
			}
			for _, c := range contacts {
				if c.Platform == platform && c.Space == space {
					list = append(list, Person{Platform: platform, Space: space, ID: c.Person, Name: o.Name, Zone: o.Zone})
				}
			}
		}
		return nil
	})
	return list, err
}
