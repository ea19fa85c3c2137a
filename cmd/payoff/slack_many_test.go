package main

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"payoff/bot/slack"
	"payoff/bot/slack/slacktest"
	"payoff/storage"
)

// TestSlackInManyWorkspaces: beside the workspace whose token is set, another installs payoff
// in a browser. Its token lies on the disk encrypted and is there after a restart, neither
// reads the other, and once payoff is removed there nothing is sent, until it comes back
// within a month, or is erased.
func TestSlackInManyWorkspaces(t *testing.T) {
	for _, by := range ways {
		t.Run(by.name, func(t *testing.T) {
			t.Parallel()
			s := newLane(t, by)
			s.installs()
			s.begins(s.sam, "£120k by 31 Dec")
			s.begins(s.lee, "£60k by 31 Dec")
			s.areApart()
			s.keepsTheToken()
			s.isRemoved()
			s.comesBack()
			s.isErased()
			s.holdsAcks()
		})
	}
}

// A lane is the street with a second workspace, Back Lane, where Lee is.
type lane struct {
	*street
	lee *person
}

func newLane(t *testing.T, by way) *lane {
	s := &lane{street: newStreet(t, by)}
	team := s.slack.Workspace("T0LANE", "Back Lane")
	team.AddUser(slacktest.User{ID: "U0LEE", Name: "Lee", Zone: "Europe/London", Locale: "en-GB", Admin: true})
	team.AddRoom(slacktest.Room{ID: "C0LANE", Name: "lane", Members: []string{"U0LEE"}})
	s.lee = &person{s.slackSite, team, "U0LEE"}
	s.env.plain["SLACK_CLIENT_ID"] = s.slack.ClientID()
	s.secret("SLACK_CLIENT_SECRET", s.slack.ClientSecret())
	s.secret("SLACK_BOT_TOKEN", s.sam.team.Install())
	s.secret("PAYOFF_SECRET_KEY", aKey)
	return s
}

func (s *lane) installs() {
	s.starts()
	if said := s.out.String(); !strings.Contains(said, "payoff is in Slack workspace High Street (") || !strings.Contains(said, "/slack/install") {
		s.t.Errorf("payoff greets with %q", said)
	}
	s.through()
}

// through installs payoff in Back Lane as its admin does in a browser.
func (s *lane) through() {
	s.t.Helper()
	status, page, err := s.lee.team.InstallThrough(s.app.url())
	if err != nil || status != http.StatusOK || !strings.Contains(page, "Back Lane") {
		s.t.Fatalf("the install ends on a page of status %d (%v):\n%s", status, err, page)
	}
}

// begins has someone get started with a goal.
func (s *lane) begins(who *person, goal string) {
	s.t.Helper()
	m := who.writes("hello")
	who.does(who.team.Press("", who.user, who.direct(), m.TS, "Get started"))
	who.opened("Getting started")
	who.does(who.team.Fill("", who.user, map[string]string{"Which revenue, by when?": goal, "Networking you go to": "BNI"}))
	who.closed()
	who.changed(who.direct(), m)
}

// areApart: what one team does is not seen in the other.
func (s *lane) areApart() {
	s.sam.writes("won £1,200 BNI")
	s.lee.writes("won £30k BNI")
	reads(s.t, s.sam.writes("goal"), "£1,200 of £120,000 by 31 Dec, 1%.", "It has only begun…")
	reads(s.t, s.lee.writes("goal"), "£30,000 of £60,000 by 31 Dec, 50%.", "It has only begun…")
	s.to(november(14, 10, 0))
	// A day of 49 asks for £2,449 of Sam and £1,224 of Lee.
	reads(s.t, s.sam.types(highStreet, "/leaderboard"), "Leaderboard, November 2026, so far.", "Pace to goal: 1 Sam 49%.")
	reads(s.t, s.lee.types("C0LANE", "/leaderboard"), "Leaderboard, November 2026, so far.", "Pace to goal: 1 Lee 2450%.")
}

// keepsTheToken encrypted, over a restart, and for the key alone.
func (s *lane) keepsTheToken() {
	in, found, err := vaultOn(s.t, s.app.records.db, aKey).Install(s.t.Context(), "T0LANE")
	if err != nil || !found || !strings.HasPrefix(in.Token.Reveal(), "xoxb-") {
		s.t.Fatalf("the token of Back Lane is not kept (%v)", err)
	}
	if disk := s.onDisk(); len(disk) == 0 || bytes.Contains(disk, []byte("xoxb-")) {
		s.t.Errorf("a token can be read in the %d bytes of the database", len(disk))
	}
	s.ends()
	s.secret("PAYOFF_SECRET_KEY", otherKey)
	_, err = newApp(&program{ctx: s.t.Context(), out: s.out, err: s.log, log: newLog(s.log, 0, "text"), env: s.env, dbPath: s.db, now: s.now},
		serveCmd{httpFlag: httpFlag{"127.0.0.1:0"}})
	if err == nil || !strings.HasPrefix(sentence(err), "PAYOFF_SECRET_KEY is not the one these tokens were sealed with (workspace T0LANE)") {
		s.t.Errorf("with another key newApp() = %v", err)
	}
	s.secret("PAYOFF_SECRET_KEY", aKey)
	s.starts()
	if said := s.out.String(); !strings.Contains(said, "payoff is in Slack workspaces High Street and Back Lane (") {
		s.t.Errorf("after a restart payoff greets with %q", said)
	}
	reads(s.t, s.lee.writes("goal"), "£30,000 of £60,000 by 31 Dec, 50%.", "Your line asks for £1,224 by today: you are £28,776 ahead. From here: £4,375 a week.")
}

// isRemoved: the token is forgotten, and nothing is sent there any more.
func (s *lane) isRemoved() {
	s.slack.Expect("token_revoked") // which payoff asks, before it believes that it was removed
	s.lee.does(s.lee.team.Uninstall("first"))
	until(s.t, "Back Lane's token is forgotten", func() bool { return !s.isKept("T0LANE") })
	calls, were := s.callsIn("T0LANE"), len(s.sam.bots(s.sam.direct()))
	s.to(november(16, 9, 1))
	reads(s.t, s.sam.next(s.sam.direct(), were), "How did the week go? 9 Nov to 15 Nov.", "£1,200 of £120,000 by 31 Dec, 1%.", "Your line…", "BNI", "1 deal, £1,200 revenue")
	if now := s.callsIn("T0LANE"); !slices.Equal(now, calls) {
		s.t.Errorf("after payoff was removed it still calls %v", now[len(calls):])
	}
}

// comesBack within the month, and finds all as it was.
func (s *lane) comesBack() {
	s.startsAgain()
	s.to(november(20, 9, 0))
	s.through()
	m := s.lee.writes("goal")
	reads(s.t, m, "£30,000 of £60,000 by 31 Dec, 50%.", "Your line asks for £8,571 by today: you are £21,429 ahead.…")
	were := len(s.lee.bots(s.lee.direct()))
	s.to(november(23, 9, 1))
	if m := s.lee.next(s.lee.direct(), were); !strings.HasPrefix(m.Text, "How did the week go?") {
		s.t.Errorf("after payoff came back Lee is asked %q", m.Text)
	}
}

// isErased thirty days after payoff was removed, and not before; nobody else is.
func (s *lane) isErased() {
	s.lee.does(s.lee.team.Uninstall("second"))
	until(s.t, "Back Lane's token is forgotten", func() bool { return !s.isKept("T0LANE") })
	for _, step := range []struct {
		at   time.Time
		want string
	}{{november(23+29, 9, 0), "[Lee Sam]"}, {november(23+31, 9, 0), "[Sam]"}} {
		s.to(step.at)
		if err := s.app.records.engine.Sweep(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		if got := fmt.Sprint(s.names()); got != step.want {
			s.t.Errorf("on %s the owners are %s, want %s", step.at.Format(time.DateOnly), got, step.want)
		}
	}
	problems, err := s.app.records.check(s.t.Context())
	if err != nil || len(problems) > 0 {
		s.t.Errorf("afterwards the database is not sound: %q, %v", problems, err)
	}
}

// names are those of all owners, in order.
func (s *site) names() (names []string) {
	s.t.Helper()
	owners, err := s.app.records.owners(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, o := range owners {
		names = append(names, o.Name)
	}
	slices.Sort(names)
	return names
}

func (s *lane) isKept(space string) (found bool) {
	s.t.Helper()
	err := s.app.records.db.View(s.t.Context(), func(r *storage.Reader) (err error) {
		_, found, err = r.Install(slack.Platform, space)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

// callsIn is what was called in a workspace.
func (s *lane) callsIn(space string) (methods []string) {
	for _, c := range s.slack.Calls() {
		if c.Space == space {
			methods = append(methods, c.Method)
		}
	}
	return methods
}
