package discordtest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

// elsewhere sends what is meant for Discord to a fake.
type elsewhere struct{ to *url.URL }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = e.to.Scheme, e.to.Host
	return http.DefaultTransport.RoundTrip(r)
}

// TestLibrary connects discordgo as it is: a fake that only its own client understands would
// show nothing.
func TestLibrary(t *testing.T) {
	w := village(t)
	w.register()
	s, err := discordgo.New("Bot " + w.Token())
	if err != nil {
		t.Fatal(err)
	}
	to, _ := url.Parse(w.URL())
	s.Client.Transport, s.Identify.Intents, s.StateEnabled = elsewhere{to}, 0, false
	answered := make(chan struct{}, 1)
	s.AddHandler(func(s *discordgo.Session, i *discordgo.InteractionCreate) {
		line := i.ApplicationCommandData().Options[0].StringValue()
		if err := s.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource, Data: &discordgo.InteractionResponseData{Content: "Logged " + line},
		}); err != nil {
			t.Errorf("respond: %v", err)
		}
		answered <- struct{}{}
	})
	if err := s.Open(); err != nil {
		t.Fatal(err)
	}
	log := func(line string) {
		t.Helper()
		if err := w.Command("", ada, lobby, "/log "+line); err != nil {
			t.Fatal(err)
		}
		<-answered // the fake has the answer before the library knows
		seen := w.Seen(cat, lobby)
		if got := seen[len(seen)-1].Text; got != "Logged "+line {
			t.Errorf("Seen = %q", got)
		}
	}
	log("2h BNI")
	log(strings.Repeat("é", 50)) // a packet that is compressed

	s.Lock()
	s.ShouldReconnectOnError = false
	s.Unlock()
	w.Gateway().Drop()
	w.WaitGateway(0, patience)
	waitFor(t, func() bool { return s.Open() == nil })
	if w.Gateway().Resumes() == 0 || !w.WaitGateway(1, patience) {
		t.Error("discordgo did not resume")
	}
	log("1h LinkedIn")
}
