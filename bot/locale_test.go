package bot

import (
	"slices"
	"strings"
	"testing"

	"payoff/bot/chat"
	"payoff/goals"
	"payoff/goals/engine"
)

// discordLocales is every locale that Discord names:
// https://discord.com/developers/docs/reference#locales
var discordLocales = strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")

func TestZoneOfALocale(t *testing.T) {
	zones := goals.Zones()
	for _, locale := range discordLocales {
		if zone := zoneOf(locale); !slices.Contains(zones, zone) {
			t.Errorf("zoneOf(%s) = %q, want a zone that is offered", locale, zone)
		}
	}
	for locale, zone := range localeZones {
		if !slices.Contains(zones, zone) {
			t.Errorf("%s lies in %q, want a zone that is offered", locale, zone)
		}
	}
	for locale, want := range map[string]string{"": "", "en": "", "eo": "", "zz-ZZ": "", "de-AT": "Europe/Berlin", "en-US": "America/New_York"} {
		if got := zoneOf(locale); got != want {
			t.Errorf("zoneOf(%q) = %q, want %q", locale, got, want)
		}
	}
}

// TestGuessIsSaidAsOne: the form says that the zone is a guess, and only when it is.
func TestGuessIsSaidAsOne(t *testing.T) {
	for _, tt := range []struct {
		from  chat.Person
		owner goals.Owner
		zone  string // in the form
		guess bool
	}{
		{chat.Person{Locale: "en-US"}, goals.Owner{}, "America/New_York", true},
		{chat.Person{Locale: "en-US", Zone: "Europe/Paris"}, goals.Owner{}, "Europe/London", false},
		{chat.Person{Locale: "en-US"}, goals.Owner{Zone: "Europe/Rome"}, "Europe/Rome", false},
		{chat.Person{}, goals.Owner{}, "Europe/London", false},
	} {
		c := &call{event: chat.Event{From: tt.from}, Self: engine.Self{Owner: tt.owner, Team: goals.Team{Zone: "Europe/London"}}}
		field := c.startForm(c.startValues(), nil).Fields[1]
		if field.Value != tt.zone || strings.Contains(field.Hint, "guess") != tt.guess {
			t.Errorf("for %+v of %q the form has %q, %q, want %s", tt.from, tt.owner.Zone, field.Value, field.Hint, tt.zone)
		}
	}
}
