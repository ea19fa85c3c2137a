package slack

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// TestSocketForgetsBadWeatherAtHello: where one attempt in three succeeds for a few seconds,
// payoff is never away for longer than a few seconds. Failures of before Slack said hello do
// not add up.
func TestSocketForgetsBadWeatherAtHello(t *testing.T) {
	inBubble(t, func(t *testing.T, l *slackLine) {
		l.answer = func(n int) (int, string) {
			if n%3 != 1 {
				return http.StatusInternalServerError, ""
			}
			return 0, ""
		}
		l.talk = func(_ int, c *websocket.Conn) {
			l.hello(c)
			select { // not asleep when the bubble ends, which would then never wake
			case <-time.After(steady / 2):
			case <-l.over:
			}
		}
		l.connect(t, func(*socket, *journal, func() error) {
			time.Sleep(10 * time.Minute)
			const most = firstPause << (mostShort - 1)
			for i, at := range l.opens()[1:] {
				pause := at.Sub(l.opens()[i])
				if i%3 == 0 {
					pause -= steady / 2 // it was connected
				}
				if pause > most+time.Second {
					t.Errorf("pause %d was %v, want %v at most", i+1, pause, most)
					return
				}
			}
		})
	})
}
