package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"payoff/storage/bolt"
	"payoff/storage/kv"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"payoff": main})
}

// TestScripts drives the real program. Besides the usual commands, a script has:
//
//	exits CODE payoff ARGS...   run the program, which must end with that code
//	start NAME ARGS...          start it and wait until it says that it is ready; $NAME_URL is its address
//	signal NAME INT|TERM        ask it to stop, and wait until it has, for five seconds at most
//	twice NAME                  ask it, wait until it says so, and ask again
//	said NAME REGEXP            wait until it has written that to standard error; with !, or for
//	                            standard output, it must have ended
//	get URL [STATUS]            fetch a page into the file "page"
//	post URL KEY=VALUE...       do what a button of the page would
//	stuck NAME                  begin a request to it that never ends
//	newer FILE                  make a database that a newer payoff has written
//	hold PORT                   be another web server on a free port; $PORT is its number
//	json FILE                   the file holds JSON
//	refuse ERROR                be a Slack that answers every call with this error; $SLACK_API_URL is its address
func TestScripts(t *testing.T) {
	shared, err := filepath.Abs("../../../shared/data")
	if err != nil {
		t.Fatal(err)
	}
	var running servers
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("SHARED", shared)
			env.Setenv("TZ", "UTC")
			today := time.Now().UTC() // a script may run over midnight
			env.Setenv("NEXT_WEEK", today.AddDate(0, 0, 7).Format(time.DateOnly))
			env.Setenv("DAY_AFTER", today.AddDate(0, 0, 8).Format(time.DateOnly))
			env.Setenv("PAYOFF_HTTP", "127.0.0.1:0")
			return nil
		},
		Condition: func(cond string) (bool, error) {
			if cond == "shared" {
				_, err := os.Stat(shared)
				return err == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "start": running.start, "signal": running.signal, "twice": running.twice,
			"said": running.said, "stuck": running.stuck, "get": get, "post": post, "newer": newer, "hold": hold, "refuse": refuse, "json": validJSON,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		got = ended.ExitCode()
	} else if err != nil {
		ts.Fatalf("run %s: %v", strings.Join(args[1:], " "), err)
	}
	if got != want {
		ts.Fatalf("%s: exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// servers is the programs that scripts have started; scripts run at the same time.
type servers struct {
	mu     sync.Mutex
	byName map[string]*server
}

// A server is a program that runs in the background.
type server struct {
	cmd      *exec.Cmd
	out      bytes.Buffer // whole once it has ended
	err      lines
	finished chan struct{} // closed when it has ended
	code     int
}

func (s *servers) of(ts *testscript.TestScript, name string) *server {
	s.mu.Lock()
	defer s.mu.Unlock()
	srv := s.byName[ts.Getenv("WORK")+name]
	if srv == nil {
		ts.Fatalf("nothing called %s was started", name)
	}
	return srv
}

var ready = regexp.MustCompile(`http://\S+`)

func (s *servers) start(ts *testscript.TestScript, _ bool, args []string) {
	program := filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "payoff")
	srv := &server{cmd: exec.Command(program, args[1:]...), finished: make(chan struct{})}
	srv.cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{
		"PATH", "HOME", "TZ", "GOCOVERDIR", "PAYOFF_HTTP", "PAYOFF_DB", "PAYOFF_LOG_FORMAT", "PAYOFF_BACKUP_DIR", "PAYOFF_BACKUP_KEEP",
		"PAYOFF_SECRET_KEY", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_API_URL",
	} {
		if value := ts.Getenv(name); value != "" {
			srv.cmd.Env = append(srv.cmd.Env, name+"="+value)
		}
	}
	srv.err.heard = make(chan struct{}, 1)
	srv.cmd.Stderr = &srv.err
	stdout, err := srv.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(srv.cmd.Start())
	ts.Defer(func() { _ = srv.cmd.Process.Kill() })

	in := bufio.NewReader(stdout)
	line, err := in.ReadString('\n')
	srv.out.WriteString(line)
	go func() {
		defer close(srv.finished)
		_, _ = io.Copy(&srv.out, in)
		_ = srv.cmd.Wait()
		srv.code = srv.cmd.ProcessState.ExitCode()
	}()
	if err != nil {
		<-srv.finished
		ts.Fatalf("%s ended before it was ready:\n%s", args[0], srv.err.String())
	}
	address := strings.TrimSuffix(ready.FindString(line), "/")
	ts.Setenv(args[0]+"_URL", address)
	ts.Setenv(args[0]+"_ADDR", strings.TrimPrefix(address, "http://"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byName == nil {
		s.byName = map[string]*server{}
	}
	s.byName[ts.Getenv("WORK")+args[0]] = srv
}

// stopsWithin is what the program promises for the first signal.
const stopsWithin = 5 * time.Second

func (s *servers) signal(ts *testscript.TestScript, neg bool, args []string) {
	srv := s.of(ts, args[0])
	sig := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM}[args[1]]
	ts.Check(srv.cmd.Process.Signal(sig))
	srv.mustEnd(ts, stopsWithin)
	if (srv.code != 0) != neg {
		ts.Fatalf("%s ended with exit code %d:\n%s", args[0], srv.code, srv.err.String())
	}
}

func (s *servers) twice(ts *testscript.TestScript, _ bool, args []string) {
	srv := s.of(ts, args[0])
	ts.Check(srv.cmd.Process.Signal(os.Interrupt))
	if !srv.err.hear(regexp.MustCompile("Stopping"), stopsWithin, srv.finished) {
		ts.Fatalf("%s did not say that it is stopping:\n%s", args[0], srv.err.String())
	}
	ts.Check(srv.cmd.Process.Signal(os.Interrupt))
	srv.mustEnd(ts, time.Second) // less than it waits for a request
	if want := 128 + int(syscall.SIGINT); srv.code != want {
		ts.Fatalf("%s ended with exit code %d, want %d", args[0], srv.code, want)
	}
}

func (srv *server) mustEnd(ts *testscript.TestScript, limit time.Duration) {
	select {
	case <-srv.finished:
	case <-time.After(limit):
		_ = srv.cmd.Process.Signal(syscall.SIGQUIT) // for the stacks
		<-srv.finished
		ts.Fatalf("did not stop within %s:\n%s", limit, srv.err.String())
	}
}

func (s *servers) said(ts *testscript.TestScript, neg bool, args []string) {
	srv, want := s.of(ts, args[0]), regexp.MustCompile(args[1])
	if !neg && srv.err.hear(want, stopsWithin, srv.finished) {
		return
	}
	<-srv.finished
	text := srv.err.String() + srv.out.String()
	if want.MatchString(text) == neg {
		ts.Fatalf("%s said:\n%s", args[0], text)
	}
}

func (s *servers) stuck(ts *testscript.TestScript, _ bool, args []string) {
	conn, err := net.Dial("tcp", ts.Getenv(args[0]+"_ADDR"))
	ts.Check(err)
	ts.Defer(func() { _ = conn.Close() })
	// 100 Continue comes when the server reads the body, and so has begun the request.
	_, err = fmt.Fprintf(conn, "POST /people HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n")
	ts.Check(err)
	line, err := bufio.NewReader(conn).ReadString('\n')
	ts.Check(err)
	if !strings.Contains(line, "100") {
		ts.Fatalf("the request was answered with %q", line)
	}
}

// lines is what a program writes, which another goroutine may wait for.
type lines struct {
	mu    sync.Mutex
	text  bytes.Buffer
	heard chan struct{} // holds a token when something came since it was last looked at
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.heard <- struct{}{}:
	default:
	}
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// hear waits until what is written matches, the time is over, or no more can come.
func (l *lines) hear(what *regexp.Regexp, limit time.Duration, over <-chan struct{}) bool {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	for !what.MatchString(l.String()) {
		select {
		case <-l.heard:
		case <-over:
			return what.MatchString(l.String())
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func get(ts *testscript.TestScript, _ bool, args []string) {
	want := http.StatusOK
	if len(args) > 1 {
		var err error
		want, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	resp, err := http.Get(args[0])
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("page"), body, 0o600))
	if resp.StatusCode != want {
		ts.Fatalf("GET %s: status %d, want %d:\n%s", args[0], resp.StatusCode, want, body)
	}
}

func post(ts *testscript.TestScript, _ bool, args []string) {
	form := url.Values{"id": {rand.Text()}}
	for _, pair := range args[1:] {
		key, value, _ := strings.Cut(pair, "=")
		form.Set(key, value)
	}
	resp, err := http.PostForm(args[0], form)
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if resp.StatusCode >= http.StatusBadRequest {
		ts.Fatalf("POST %s: status %d:\n%s", args[0], resp.StatusCode, body)
	}
}

func newer(ts *testscript.TestScript, _ bool, args []string) {
	db, err := bolt.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	err = db.Update(context.Background(), func(tx kv.Tx) error { return tx.Set([]byte("m\x00schema"), []byte("99")) })
	ts.Check(errors.Join(err, db.Close()))
}

func hold(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	go func() { _ = http.Serve(l, http.NotFoundHandler()) }() // until it is closed
	ts.Defer(func() { _ = l.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Setenv(args[0], port)
}

func refuse(ts *testscript.TestScript, _ bool, args []string) {
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(rw, `{"ok":false,"error":%q}`, args[0])
	}))
	ts.Defer(srv.Close)
	ts.Setenv("SLACK_API_URL", srv.URL+"/api/")
}

func validJSON(ts *testscript.TestScript, _ bool, args []string) {
	if text := ts.ReadFile(args[0]); !json.Valid([]byte(text)) {
		ts.Fatalf("%s is not JSON:\n%s", args[0], text)
	}
}
