package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"payoff/goals"
	"payoff/storage"
)

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
	var names []string // as they are written first
	by := map[string][]csvEntry{}
	for _, row := range rows {
		who := sameName(row.owner)
		if len(by[who]) == 0 {
			names = append(names, row.owner)
		}
		by[who] = append(by[who], row)
	}
	var done Imported
	err = e.db.Update(ctx, func(tx *storage.Tx) error {
		done = Imported{Rows: len(rows), Owners: names}
		for _, name := range names {
			p, err := personNamed(&tx.Reader, platform, space, name)
			if err != nil {
				return err
			}
			n, err := e.importOwner(tx, p, by[sameName(name)], digest)
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

// sameName is equal for names that differ in capitals or spaces only.
func sameName(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// personNamed is who goes by a name in a space, or else someone new, whose id is the name in
// the letters that every platform and address takes, and a number where it is taken.
func personNamed(r *storage.Reader, platform, space, name string) (Person, error) {
	people, err := peopleOf(r, platform, space)
	if err != nil {
		return Person{}, err
	}
	taken := map[string]bool{}
	for _, p := range people {
		if sameName(p.Name) == sameName(name) {
			return p, nil
		}
		taken[p.ID] = true
	}
	id := strings.Trim(notInIDs.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if id = strings.Trim(id[:min(len(id), 40)], "-"); id == "" {
		id = "owner"
	}
	free := id
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	return Person{Platform: platform, Space: space, ID: free, Name: name}, nil
}

var notInIDs = regexp.MustCompile(`[^a-z0-9]+`)

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
	if err := c.importCurrency(rows[0]); err != nil {
		return 0, err
	}
	before := len(c.Owner.Channels)
	for _, row := range rows {
		ch, found := channelNamed(c.Owner, row.channel)
		if !found {
			if err := c.addChannel(e, row.channel, row.kind); err != nil {
				return 0, inLine(row.line, "channel", err)
			}
			ch = c.Owner.Channels[len(c.Owner.Channels)-1]
		}
		if err := c.add(e, NewActivity{Channel: ch.ID, Date: row.date, Amounts: row.amounts, Note: row.note, onTime: true}); err != nil {
			return 0, err
		}
	}
	if err := tx.PutOwner(c.Owner); err != nil {
		return 0, err
	}
	entry := storage.Entry{ID: c.entry, At: s.Now.UTC(), By: a.Owner, What: "import", Words: digest}
	return len(c.Owner.Channels) - before, tx.WriteFinal(storage.Journal{Owner: a.Owner}, entry)
}

// importCurrency makes the currency of an owner's rows theirs, unless they have chosen another
// one or have figures in it.
func (c *change) importCurrency(row csvEntry) error {
	before := c.Owner.Currency
	if row.currency == before {
		return nil
	}
	err := c.useCurrency(row.currency)
	var m *goals.Mistake
	if errors.As(err, &m) || err == nil && c.Owner.Started {
		return goals.Wrong(goals.Conflict, "Give the currency of each row in a column of its own, and convert what is in another.",
			"Line %d, currency: %s is not %s, in which the figures of %s are.", row.line, row.currency, before, c.Owner.Name)
	}
	return err
}

// inLine says where in the file a mistake is.
func inLine(line int, col string, err error) error {
	var m *goals.Mistake
	if !errors.As(err, &m) {
		return err
	}
	return goals.Wrong(m.Code, m.Hint, "Line %d, %s: %s", line, col, m.Message)
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
