package goals

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// zones.txt says where its names come from.
//
//go:embed zones.txt
var zonesText string

var zones = readZones(zonesText)

// A zoneList is the names of the time zones and what people type for them.
type zoneList struct {
	offered []string            // the zones a person may choose, sorted
	names   map[string]string   // every name and older name, as spoken writes it
	cities  map[string][]string // the last part of those that have a continent before it
	words   []string            // what a misspelt name is compared with: all of the above, sorted
}

func readZones(text string) zoneList {
	z := zoneList{names: make(map[string]string), cities: make(map[string][]string)}
	for line := range strings.Lines(text) {
		names := strings.Fields(line)
		if len(names) == 0 || names[0] == "#" {
			continue
		}
		zone := names[0]
		offered := !strings.HasPrefix(zone, "Etc/")
		if offered {
			z.offered = append(z.offered, zone)
		}
		for _, name := range names {
			z.names[spoken(name)] = zone
			parts := strings.Split(name, "/")
			if city := spoken(parts[len(parts)-1]); continents[parts[0]] && !slices.Contains(z.cities[city], zone) {
				z.cities[city] = append(z.cities[city], zone)
			}
		}
	}
	for _, notCity := range []string{"north", "south", "west", "act", "lhi", "nsw"} { // of Australia
		delete(z.cities, notCity)
	}
	z.cities["samoa"] = []string{"Pacific/Apia", "Pacific/Pago_Pago"} // the state and the American one
	slices.Sort(z.offered)
	for w := range z.names {
		z.words = append(z.words, w)
	}
	for w := range z.cities {
		z.words = append(z.words, w)
	}
	slices.Sort(z.words)
	return z
}

var continents = map[string]bool{
	"Africa": true, "America": true, "Antarctica": true, "Arctic": true, "Asia": true, "Atlantic": true,
	"Australia": true, "Europe": true, "Indian": true, "Pacific": true,
}

// Zones lists the IANA names of the time zones that a person may choose, sorted: one for each
// place of the database's zone.tab, and UTC.
func Zones() []string { return slices.Clone(zones.offered) }

const zoneHint = "Type the nearest big city, such as London or New York."

// ParseZone reads a time zone: an IANA name in any case (an older one gives its present name),
// a city that has one ("new york", "São Paulo"), or UTC. An abbreviation or a distance from
// Greenwich, which does not say when the clocks change or whose it is, is a Mistake with code
// Ambiguous; a place that the database does not name is Unknown.
func ParseZone(s string) (string, error) {
	w := spoken(s)
	if w == "" && strings.TrimSpace(s) == "" {
		return "", typed(s, Wrong(Unclear, zoneHint, "I need a time zone."))
	}
	if zone, ok := zones.names[w]; ok {
		return zone, nil
	}
	switch found := zones.cities[w]; {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", typed(s, Wrong(Ambiguous, "Type "+strings.Join(found, " or ")+".", "%s is in more than one time zone.", quoted(s)))
	}
	if cities, ok := abbreviations[w]; ok {
		return "", typed(s, Wrong(Ambiguous, "Type a city instead, such as "+cities+".", "%s doesn't say where you are.", quoted(s)))
	}
	if isOffset(plain(s)) {
		return "", typed(s, Wrong(Ambiguous, zoneHint, "%s doesn't say when your clocks change.", quoted(s)))
	}
	return "", typed(s, Wrong(Unknown, zones.nearHint(w), "I don't know the time zone %s.", quoted(s)))
}

// spoken is a name as it is looked up: plain, without accents, and a space for every _ and -.
func spoken(s string) string {
	w := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '_' || r == '-':
			return ' '
		}
		return r
	}, norm.NFD.String(plain(s)))
	w = strings.ReplaceAll(strings.Join(strings.Fields(w), " "), " /", "/")
	return strings.ReplaceAll(w, "/ ", "/")
}

// abbreviations are the common short names of times, each with cities that keep it.
var abbreviations = map[string]string{
	"gmt": "London", "bst": "London", "ist": "Dublin, Kolkata or Jerusalem", "wet": "Lisbon", "west": "Lisbon",
	"cet": "Paris", "cest": "Paris", "met": "Paris", "mez": "Berlin", "mesz": "Berlin", "eet": "Athens", "eest": "Athens",
	"est": "New York", "edt": "New York", "et": "New York", "cst": "Chicago or Shanghai", "cdt": "Chicago", "ct": "Chicago",
	"mst": "Denver or Phoenix", "mdt": "Denver", "pst": "Los Angeles", "pdt": "Los Angeles", "pt": "Los Angeles",
	"hst": "Honolulu", "akst": "Anchorage", "akdt": "Anchorage", "ast": "Halifax", "adt": "Halifax", "nst": "St Johns",
	"msk": "Moscow", "jst": "Tokyo", "kst": "Seoul", "sgt": "Singapore", "hkt": "Hong Kong", "sast": "Johannesburg",
	"wat": "Lagos", "cat": "Harare", "eat": "Nairobi", "pkt": "Karachi", "gst": "Dubai", "greenwich": "London",
	"aest": "Sydney or Brisbane", "aedt": "Sydney", "acst": "Adelaide or Darwin", "awst": "Perth", "nzst": "Auckland", "nzdt": "Auckland",
	"brt": "Sao Paulo", "art": "Buenos Aires",
}

// isOffset reports whether w is a distance from Greenwich: "gmt+2", "utc 5", "-05:00".
func isOffset(w string) bool {
	rest := strings.TrimPrefix(strings.TrimPrefix(w, "gmt"), "utc")
	if rest == w && !strings.HasPrefix(w, "+") && !strings.HasPrefix(w, "-") {
		return false
	}
	return strings.Trim(rest, "+-0123456789:. ") == "" && strings.ContainsAny(rest, "0123456789")
}

// nearHint suggests the zone whose name or city is close to w, or the city before a comma.
func (z zoneList) nearHint(w string) string {
	city, _, _ := strings.Cut(w, ",")
	near, ok := nearestWord(w, z.words)
	if _, isCity := z.cities[city]; !ok && isCity {
		near, ok = city, true
	}
	if !ok {
		return zoneHint
	}
	if zone, ok := z.names[near]; ok {
		return "Did you mean " + zone + "?"
	}
	return "Did you mean " + strings.Join(z.cities[near], " or ") + "?"
}
