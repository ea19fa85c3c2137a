package slack

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	slackapi "github.com/slack-go/slack"

	"payoff/bot/chat"
)

func png(n int) chat.Image {
	return chat.Image{Name: "pace.png", PNG: fmt.Appendf(nil, "png %d", n), Alt: "Pace"}
}

func TestUpload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		a, over, _ := wired(t, func(c tapeCall) tapeAnswer {
			if c.method == "upload" {
				most.Store(max(most.Load(), now.Add(1)))
				time.AfterFunc(time.Second-1, func() { now.Add(-1) }) // just before the answer
				return tapeAnswer{body: "OK - 5", after: time.Second}
			}
			return usual(c)
		})
		w := a.spaces["T1"]
		files := w.upload(t.Context(), []chat.Image{png(1), png(2), {Alt: "empty"}, png(1), png(3)})
		if files[0] == "" || files[1] == "" || files[2] != "" || files[3] != files[0] || files[4] == "" || files[1] == files[0] {
			t.Errorf("files = %q, want one for each different picture, and none for the empty one", files)
		}
		checkCalls(t, over, "upload", 3)
		if most.Load() > picturesOnce {
			t.Errorf("%d uploads at once, at most %d", most.Load(), picturesOnce)
		}
		if up := over.of("upload")[0]; !strings.Contains(up.body, "png ") || up.token != wireToken+"T1" {
			t.Errorf("uploaded %q with token %q", up.body, up.token)
		}
		if again := w.upload(t.Context(), []chat.Image{png(1)}); again[0] != files[0] {
			t.Errorf("the same again = %q, want %q", again[0], files[0])
		}
		checkCalls(t, over, "upload", 3)
		time.Sleep(pictureStays)
		w.upload(t.Context(), []chat.Image{png(1)})
		checkCalls(t, over, "upload", 4)
	})
}

func TestUploadInBadWeather(t *testing.T) {
	tests := []struct {
		name   string
		answer func(tapeCall) tapeAnswer
		want   string
		calls  int // of files.getUploadURLExternal
	}{
		{"address fails", first(uploadAddress, tapeAnswer{err: errCut}, limited("1"), tapeAnswer{body: `{"ok":true}`}), "F3", 4},
		{"upload is cut: another address", first("upload", tapeAnswer{err: errCut}), "F1", 2},
		{"upload fails: another address", first("upload", tapeAnswer{status: 500}), "F1", 2},
		{"upload is limited: the same address", first("upload", limited("1")), "F0", 1},
		{"complete is cut", first(uploadComplete, tapeAnswer{err: errCut}), "F0", 1},
		{"complete was done", first(uploadComplete, tapeAnswer{err: errCut}, refusing("file_not_found")), "F0", 1},
		{"not allowed", always(uploadAddress, refusing("missing_scope")), "", 1},
		{"upload refused", always("upload", tapeAnswer{status: 400}), "", 1},
		{"complete refused", always(uploadComplete, refusing("file_not_found")), "", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, over, log := wired(t, tt.answer)
				files := a.spaces["T1"].upload(t.Context(), []chat.Image{png(1)})
				if files[0] != tt.want || (tt.want == "") != strings.Contains(log.String(), "picture") {
					t.Errorf("upload = %q, want %q; logged %q", files[0], tt.want, log)
				}
				checkCalls(t, over, uploadAddress, tt.calls)
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		a, _, _ := wired(t, always("upload", tapeAnswer{after: time.Hour}))
		start := time.Now()
		if files := a.spaces["T1"].upload(t.Context(), []chat.Image{png(1)}); files[0] != "" || time.Since(start) > pictureLimit {
			t.Errorf("upload that hangs = %q after %v, want none within %v", files[0], time.Since(start), pictureLimit)
		}
	})
}

func TestShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, first(uploadComplete, tapeAnswer{err: errCut}, refusing("file_not_found")))
		w := a.spaces["T1"]
		if err := w.share(t.Context(), "D1", chat.File{Name: "payoff.csv", Data: []byte("a,b")}); err != nil {
			t.Errorf("share: %v", err)
		}
		if args := over.of(uploadComplete)[0].args; args.Get("channel_id") != "D1" || !strings.Contains(args.Get("files"), "payoff.csv") {
			t.Errorf("shared as %v", args)
		}
		if err := w.share(t.Context(), "D1", chat.File{}); err != nil {
			t.Errorf("an empty file: %v", err)
		}
	})
	a, _, _ := wired(t, always(uploadComplete, refusing("channel_not_found")))
	checkKind(t, a.spaces["T1"].share(t.Context(), "D1", chat.File{Name: "x", Data: []byte("x")}), chat.Gone)
}

func withImage(file string) page {
	return page{text: "Pace", blocks: []slackapi.Block{
		slackapi.NewDividerBlock(),
		slackapi.NewImageBlockSlackFile(&slackapi.SlackFileObject{ID: file}, "Pace: 40 of 100", "", nil),
	}}
}

// TestPictureThatIsStillProcessed has Slack refuse a picture for a while, or for good.
func TestPictureThatIsStillProcessed(t *testing.T) {
	ways := map[string]func(*workspace, page) error{
		postMessage: func(w *workspace, p page) error {
			_, err := w.post(w.life, "C1", p, "k", true)
			return err
		},
		updateMessage: func(w *workspace, p page) error { return w.update(w.life, "C1", "1.1", p) },
		postEphemeral: func(w *workspace, p page) error { return w.whisper(w.life, "C1", "U1", p) },
		"response":    func(w *workspace, p page) error { return w.respond(w.life, wireAddress, p, forAll) },
		viewsPublish: func(w *workspace, p page) error {
			return w.publish(w.life, "U1", slackapi.HomeTabViewRequest{Blocks: slackapi.Blocks{BlockSet: p.blocks}})
		},
	}
	for method, do := range ways {
		code := "invalid_blocks"
		if method == viewsPublish {
			code = "invalid_arguments"
		}
		for _, times := range []int{2, 100} {
			t.Run(fmt.Sprint(method, " ", times), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					a, over, _ := wired(t, func(c tapeCall) tapeAnswer {
						if c.method == method && c.n < times && (strings.Contains(c.body, "slack_file")) {
							return refusing(code)
						}
						return usual(c)
					})
					w := a.spaces["T1"]
					start := time.Now()
					if err := do(w, withImage("F1")); err != nil {
						t.Fatal(err)
					}
					calls := over.of(method)
					last := calls[len(calls)-1].body + calls[len(calls)-1].args.Get("blocks")
					switch d := time.Since(start); {
					case times == 2 && (len(calls) != 3 || !strings.Contains(last, "slack_file")):
						t.Errorf("%d calls, the last %s", len(calls), last)
					case times > 2 && (!strings.Contains(last, "Pace: 40 of 100") || strings.Contains(last, "slack_file")):
						t.Errorf("in the end it says %s, want the picture's words", last)
					case d > 8*time.Second:
						t.Errorf("took %v, want about 5s at most", d)
					}
				})
			})
		}
	}
}

func TestRefusedBlocksWithoutAPicture(t *testing.T) {
	a, over, _ := wired(t, always(updateMessage, refusing("invalid_blocks")))
	err := a.spaces["T1"].update(t.Context(), "C1", "1.1", page{text: "x", blocks: []slackapi.Block{slackapi.NewDividerBlock()}})
	checkKind(t, err, chat.Invalid)
	checkCalls(t, over, updateMessage, 1)
}

// TestPictureThatWasDeleted is brought anew the next time.
func TestPictureThatWasDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, over, _ := wired(t, func(c tapeCall) tapeAnswer {
			if c.method == updateMessage && strings.Contains(c.args.Get("blocks"), "slack_file") {
				return refusing("invalid_blocks")
			}
			return usual(c)
		})
		w := a.spaces["T1"]
		file := w.upload(t.Context(), []chat.Image{png(1)})[0]
		if err := w.update(t.Context(), "C1", "1.1", withImage(file)); err != nil {
			t.Fatal(err)
		}
		if again := w.upload(t.Context(), []chat.Image{png(1)})[0]; again == file {
			t.Errorf("the file that Slack refused, %q, is used again", file)
		}
		checkCalls(t, over, "upload", 2)
	})
}
