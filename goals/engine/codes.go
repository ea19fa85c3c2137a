package engine

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"payoff/goals"
	"payoff/storage"
)

// What joins two teams, or two accounts of a person, is a code: asked for in one space, and
// typed in the other. It shows that whoever types it can read there too.
const (
	codeLasts   = 10 * time.Minute
	codeKept    = time.Hour // after it ran out, so that it can be said that it did
	codeLength  = 8
	codeLetters = "ACDEFGHJKMNPQRTUWXY34679" // no two of these are taken for each other

	// A person may type so many codes that are none in so long: of 24^8 they find nobody's.
	maxTries = 5
	tryAgain = time.Hour
)

// For what a code is.
const (
	forTeam = "team"
	forMe   = "me"
)

// An Offer is a code that was asked for. The code is empty when the event was handled before:
// it was said then, and is kept nowhere.
type Offer struct {
	Done
	Code string
	For  time.Duration // it lasts
}

// OfferTeam makes a code that joins another space's team into the actor's. Whether they may is
// asked at the platform before.
func (e *Engine) OfferTeam(ctx context.Context, q Request, from Person) (Offer, error) {
	return e.offer(ctx, q, forTeam, from)
}

// OfferMe makes a code that joins an account of the actor's in another space with this one.
func (e *Engine) OfferMe(ctx context.Context, q Request, from Person) (Offer, error) {
	return e.offer(ctx, q, forMe, from)
}

func (e *Engine) offer(ctx context.Context, q Request, what string, from Person) (Offer, error) {
	code := newCode()
	done, err := e.change(ctx, q, what+" code", func(c *change) error {
		return c.tx.PutCode(code, storage.Code{For: what, Owner: q.Owner, Contact: contactOf(from), Until: c.Now.Add(codeLasts).UTC()})
	})
	if done.Repeated {
		code = ""
	}
	return Offer{done, code, codeLasts}, err
}

func newCode() string {
	const fair = 256 / len(codeLetters) * len(codeLetters) // above it some letters would come more often
	var code []byte
	for len(code) < codeLength {
		var b [codeLength]byte
		_, _ = rand.Read(b[:]) // never fails
		for _, n := range b {
			if int(n) < fair && len(code) < codeLength {
				code = append(code, codeLetters[int(n)%len(codeLetters)])
			}
		}
	}
	return string(code)
}

// readCode is a code as it is kept, however it was typed.
func readCode(typed string) (string, bool) {
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(typed))
	return code, len(code) == codeLength && strings.Trim(code, codeLetters) == ""
}

func contactOf(p Person) storage.Contact {
	return storage.Contact{Platform: p.Platform, Space: p.Space, Person: p.ID}
}

// findCode finds the code that an owner typed. What is wrong with it is returned as a Mistake,
// and what was written stays: who guesses is counted.
func (c *change) findCode(typed, what string, from Person) (code storage.Code, wrong *goals.Mistake, err error) {
	l, err := c.tx.Linking(c.Actor.Owner)
	if err != nil {
		return code, nil, err
	}
	for len(l.Tries) > 0 && c.Now.Sub(l.Tries[0]) >= tryAgain {
		l.Tries = l.Tries[1:]
	}
	if len(l.Tries) >= maxTries {
		at := l.Tries[0].Add(tryAgain + time.Minute).In(c.Now.Location())
		return code, goals.Wrong(goals.Forbidden, "", "You typed %d codes that are none: try again at %s.", maxTries, at.Format("15:04")), nil
	}
	code, found, err := c.tx.Code(typed)
	if err != nil {
		return code, nil, err
	}
	if !found {
		l.Tries = append(l.Tries, c.Now.UTC())
		return code, goals.Wrong(goals.Unknown, "", "I don't know that code: type /payoff %s link in the other space for a new one.", what), c.tx.PutLinking(c.Actor.Owner, l)
	}
	return code, c.judge(code, what, from), nil
}

// judge says what is wrong with a code that is one.
func (c *change) judge(code storage.Code, what string, from Person) *goals.Mistake {
	switch {
	case code.For != what:
		return goals.Wrong(goals.Unclear, "", "That code is for something else: type /payoff %s link and the code.", code.For)
	case code.Contact.Platform == from.Platform && code.Contact.Space == from.Space:
		return goals.Wrong(goals.Invalid, "", "That code is from here: type it in the other space.")
	case code.Used:
		return goals.Wrong(goals.Conflict, "", "That code was used already: type /payoff %s link in the other space for a new one.", what)
	case !c.Now.Before(code.Until):
		return goals.Wrong(goals.Conflict, "", "That code has run out, after %d minutes: type /payoff %s link in the other space for a new one.", int(codeLasts.Minutes()), what)
	}
	return nil
}

// redeem runs fn with a code that an owner typed, as one use case, and uses the code up. A code
// that is no good, and what fn refuses, is answered with the Mistake; that it was tried is kept.
func (e *Engine) redeem(ctx context.Context, q Request, from Person, typed, what string, fn func(*change, storage.Code) (*goals.Mistake, error)) (Done, error) {
	typed, ok := readCode(typed)
	if !ok {
		return Done{}, goals.Wrong(goals.Unclear, "", "A code has %d letters and figures: type /payoff %s link in the other space for one.", codeLength, what)
	}
	var wrong *goals.Mistake
	q.Words = what + " link" // and not the code
	done, err := e.change(ctx, q, q.Words, func(c *change) error {
		var code storage.Code
		var err error
		if code, wrong, err = c.findCode(typed, what, from); err != nil || wrong != nil {
			return err
		}
		if wrong, err = fn(c, code); err != nil || wrong != nil {
			return err
		}
		code.Used = true
		return c.tx.PutCode(typed, code)
	})
	if err == nil && wrong != nil {
		return done, wrong
	}
	return done, err
}

// handled remembers the event under another owner too: whoever its person is by the time that
// it is delivered again.
func (c *change) handled(q Request, as goals.OwnerID) error {
	if q.Event == "" {
		return nil
	}
	q.Owner = as
	return c.tx.Handled(q.event(), goals.DateOf(c.Now.UTC()), c.entry)
}

// tell writes an entry into journals that no undo takes back: what is linked is unlinked.
func (c *change) tell(what string, undoes storage.EntryID, journals ...storage.Journal) error {
	for _, j := range journals {
		entry := storage.Entry{ID: c.entry, At: c.Now.UTC(), By: c.Actor.Owner, What: what, Words: what, Undoes: undoes}
		if err := c.tx.WriteFinal(j, entry); err != nil {
			return err
		}
		if undoes != "" {
			if err := c.tx.MarkUndone(j, undoes, c.entry); err != nil {
				return err
			}
		}
	}
	return nil
}

// where is a space as it is said: "the Slack workspace High Street", "the Discord server". One
// without a name goes by its id where its team has more of the platform.
func where(r *storage.Reader, platform, space string) (string, error) {
	in, _, err := r.Install(platform, space)
	if err != nil {
		return "", err
	}
	team, err := r.TeamOf(platform, space)
	if err != nil {
		return "", err
	}
	all, err := r.Spaces(team)
	if err != nil {
		return "", err
	}
	name := in.Name
	if name == "" && slices.ContainsFunc(all, func(c storage.Contact) bool { return c.Platform == platform && c.Space != space }) {
		name = space
	}
	kind, known := map[string]string{"slack": "Slack workspace", "discord": "Discord server"}[platform]
	if !known {
		kind = platform + " workspace"
	}
	return strings.TrimSpace("the " + kind + " " + name), nil
}

// sweepLinks forgets codes that ran out, and the records of those who were kept aside for long
// enough. Their accounts stay joined.
func (e *Engine) sweepLinks(ctx context.Context) error {
	now := e.now()
	return e.db.Update(ctx, func(tx *storage.Tx) error {
		if err := tx.ForgetCodes(now.Add(-codeKept)); err != nil {
			return err
		}
		teams, err := tx.Teams()
		if err != nil {
			return err
		}
		for _, t := range teams {
			asides, err := tx.Asides(t.ID)
			if err != nil {
				return err
			}
			for _, a := range asides { // the one kept longest first, and so before the one it is kept for
				if a.Erased || now.Sub(a.At) < keepAside {
					continue
				}
				if err := tx.EraseAside(t.ID, a); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
