package web_test

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// A node is an element of a page, or text when it has no name.
type node struct {
	name string
	attr map[string]string
	text string
	kids []*node
}

// parse reads the page as XML as lenient as HTML needs it. Markup that slipped through from
// someone's words becomes an element here, as it would in a browser.
func parse(t testing.TB, page string) *node {
	t.Helper()
	page = strings.TrimPrefix(page, "<!doctype html>")
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	root := &node{name: "#"}
	open := []*node{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatalf("page: %v", err)
		}
		top := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				n.attr[a.Name.Local] = a.Value
			}
			top.kids = append(top.kids, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.kids = append(top.kids, &node{text: string(token)})
		}
	}
}

// all are the elements below n for which it holds, in order.
func (n *node) all(holds func(*node) bool) []*node {
	var found []*node
	for _, k := range n.kids {
		if k.name != "" && holds(k) {
			found = append(found, k)
		}
		found = append(found, k.all(holds)...)
	}
	return found
}

func (n *node) first(holds func(*node) bool) *node {
	if found := n.all(holds); len(found) > 0 {
		return found[0]
	}
	return nil
}

func named(name string) func(*node) bool { return func(n *node) bool { return n.name == name } }

func class(name string) func(*node) bool {
	return func(n *node) bool { return slices.Contains(strings.Fields(n.attr["class"]), name) }
}

func id(name string) func(*node) bool { return func(n *node) bool { return n.attr["id"] == name } }

// words are what is read of n, without the elements passed over; an element that is a line or
// a cell of its own ends in a space.
func (n *node) words(without ...string) string {
	if n == nil {
		return ""
	}
	if n.name == "" {
		return n.text
	}
	var b strings.Builder
	for _, k := range n.kids {
		if slices.Contains(without, k.name) {
			continue
		}
		b.WriteString(k.words(without...))
		switch k.name {
		case "p", "dt", "dd", "td", "th", "tr":
			b.WriteString(" ")
		}
	}
	return b.String()
}
