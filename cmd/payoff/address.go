package main

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// httpFlag is the address of all that is served.
type httpFlag struct {
	HTTP string `name:"http" env:"PAYOFF_HTTP" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address of the workspace, /healthz, /readyz, /metrics and /slack/. The workspace has no login: keep it on this machine."`
}

// split takes the address apart, or says how one looks.
func (f httpFlag) split() (host, port string, err error) {
	host, port, err = net.SplitHostPort(f.HTTP)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", "", misuse("PAYOFF_HTTP must be an address such as 127.0.0.1:8080, and not %q.", f.HTTP)
	}
	return host, port, nil
}

// listen takes the port.
func (f httpFlag) listen() (net.Listener, error) {
	host, port, err := f.split()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", f.HTTP)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, failed(err, "Port %s of %s is in use by another program%s; stop it, or choose another port with PAYOFF_HTTP, such as PAYOFF_HTTP=%s.",
			port, orAll(host), f.perhapsUs(), net.JoinHostPort(host, next(port)))
	case errors.Is(err, syscall.EACCES):
		return nil, failed(err, "Port %s of %s may not be used without more rights; choose one above 1023 with PAYOFF_HTTP.", port, orAll(host))
	}
	return nil, failed(err, "%s cannot be listened on (%s); check PAYOFF_HTTP.", f.HTTP, innermost(err))
}

// perhapsUs tells when the other program is a payoff.
func (f httpFlag) perhapsUs() string {
	if f.healthy() == nil {
		return ", a payoff that is running"
	}
	return ""
}

// healthWait is how long /healthz may take: longer, and it is as good as gone.
const healthWait = 2 * time.Second

// healthy asks a payoff at the address whether it is well.
func (f httpFlag) healthy() error {
	host, port, err := f.split()
	if err != nil {
		return err
	}
	client := &http.Client{
		Timeout: healthWait,
		// The address is this machine's: no proxy knows it better.
		Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true},
	}
	resp, err := client.Get("http://" + net.JoinHostPort(orLoopback(host), port) + "/healthz")
	if err != nil {
		return failed(err, "No payoff answers at %s.", f.HTTP)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get(healthHeader) == "" {
		return failed(nil, "What answers at %s is not a healthy payoff (%s).", f.HTTP, resp.Status)
	}
	return nil
}

// orLoopback is where a program that listens on every address is reached from here.
func orLoopback(host string) string {
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return "127.0.0.1"
	}
	return host
}

func orAll(host string) string {
	if host == "" {
		return "every address"
	}
	return host
}

func next(port string) string {
	n, err := strconv.Atoi(port)
	if err != nil || n >= 65535 {
		return "8081"
	}
	return strconv.Itoa(n + 1)
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
