package goals

import (
	"archive/zip"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestParseZone(t *testing.T) {
	for in, want := range map[string]string{
		"Europe/London": "Europe/London", "europe/london": "Europe/London", "London": "Europe/London", " new york ": "America/New_York", "New_York": "America/New_York", "america / new york": "America/New_York",
		"buenos aires": "America/Argentina/Buenos_Aires", "São Paulo": "America/Sao_Paulo", "Zürich": "Europe/Zurich", "Port-au-Prince": "America/Port-au-Prince", "port au prince": "America/Port-au-Prince",
		"UTC": "UTC", "utc": "UTC", "Etc/UTC": "UTC", "Zulu": "UTC", "Asia/Calcutta": "Asia/Kolkata", "Calcutta": "Asia/Kolkata", "kiev": "Europe/Kyiv", "US/Eastern": "America/New_York", "GB": "Europe/London", "Japan": "Asia/Tokyo", "EST5EDT": "America/New_York",
		"Etc/GMT+12": "Etc/GMT+12", "Etc/GMT-5": "Etc/GMT-5", "Indianapolis": "America/Indiana/Indianapolis", "Lord Howe": "Australia/Lord_Howe", "Azores": "Atlantic/Azores", "Iceland": "Atlantic/Reykjavik", "Melbourne": "Australia/Melbourne",
	} {
		if got, err := ParseZone(in); got != want || err != nil {
			t.Errorf("ParseZone(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, test := range []struct {
		in   string
		code Code
		says string
	}{
		{"", Unclear, "I need a time zone. Type the nearest big city, such as London or New York."},
		{"GMT+2", Ambiguous, "“GMT+2” doesn't say when your clocks change. Type the nearest big city, such as London or New York."}, {"UTC-5", Ambiguous, ""}, {"+02:00", Ambiguous, ""}, {"-5", Ambiguous, ""}, {"GMT 0", Ambiguous, ""},
		{"EST", Ambiguous, "“EST” doesn't say where you are. Type a city instead, such as New York."}, {"BST", Ambiguous, "“BST” doesn't say where you are. Type a city instead, such as London."}, {"gmt", Ambiguous, ""}, {"CET", Ambiguous, ""}, {"IST", Ambiguous, ""}, {"Samoa", Ambiguous, "“Samoa” is in more than one time zone. Type Pacific/Apia or Pacific/Pago_Pago."},
		{"Londn", Unknown, "I don't know the time zone “Londn”. Did you mean Europe/London?"}, {"Europe/Lonodn", Unknown, "I don't know the time zone “Europe/Lonodn”. Did you mean Europe/London?"}, {"London, UK", Unknown, "I don't know the time zone “London, UK”. Did you mean Europe/London?"},
		{"Atlantis", Unknown, ""}, {"north", Unknown, ""}, {"5", Unknown, ""}, {"Local", Unknown, ""}, {"../etc/passwd", Unknown, ""}, {"Factory", Unknown, ""}, {"/", Unknown, ""}, {strings.Repeat("x", 300), Unknown, ""},
	} {
		zone, err := ParseZone(test.in)
		if err == nil {
			t.Errorf("ParseZone(%q) = %q, want a mistake", test.in, zone)
			continue
		}
		checkMistake(t, "ParseZone("+test.in+")", err, test.code)
		if test.says != "" && err.Error() != test.says {
			t.Errorf("ParseZone(%q) says\n%s, want\n%s", test.in, err, test.says)
		}
	}
}

func TestZonesAreLoadedAndReadBack(t *testing.T) {
	list := Zones()
	if len(list) < 400 || !slices.IsSorted(list) || !slices.Contains(list, "UTC") {
		t.Errorf("Zones() has %d names, sorted %v", len(list), slices.IsSorted(list))
	}
	for _, zone := range list {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Error(err)
		}
		if got, err := ParseZone(zone); got != zone || err != nil {
			t.Errorf("ParseZone(%q) = %q, %v", zone, got, err)
		}
	}
	for word, cities := range abbreviations {
		if _, ok := zones.names[word]; ok {
			t.Errorf("abbreviation %q is a zone too", word)
		}
		for _, city := range strings.Split(strings.ReplaceAll(cities, " or ", ", "), ", ") {
			if _, err := ParseZone(city); err != nil {
				t.Errorf("%q is said to be in %q: %v", word, city, err)
			}
		}
	}
}

// databaseZones lists the names in the time zone database of the Go that runs the tests.
func databaseZones(t *testing.T) map[string][]byte {
	t.Helper()
	//lint:ignore SA1019 the tests run beside the Go that built them
	archive, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skipf("this Go has no zoneinfo.zip to list the zones from: %v", err)
	}
	defer archive.Close()
	found := make(map[string][]byte)
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data := make([]byte, f.UncompressedSize64)
		if _, err := r.Read(data); err != nil && err.Error() != "EOF" {
			t.Fatal(err)
		}
		r.Close()
		found[f.Name] = data
	}
	return found
}

// Every name of the database is understood, or refused on purpose; an older name keeps the time of its zone.
func TestZonesAgainstTheDatabase(t *testing.T) {
	refused := map[string]bool{
		"Factory": true, "GMT": true, "GMT+0": true, "GMT-0": true, "GMT0": true, "Greenwich": true, "Etc/Greenwich": true,
		"CET": true, "EET": true, "EST": true, "HST": true, "MET": true, "MST": true, "WET": true,
	}
	for name := range databaseZones(t) {
		zone, err := ParseZone(name)
		if (err != nil) != refused[name] {
			t.Errorf("ParseZone(%q) = %q, %v, want refused %v", name, zone, err, refused[name])
		}
		if err != nil || zone == name {
			continue
		}
		old, err1 := time.LoadLocation(name)
		now, err2 := time.LoadLocation(zone)
		if err1 != nil || err2 != nil {
			t.Errorf("load %s and %s: %v, %v", name, zone, err1, err2)
			continue
		}
		for at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2037; at = at.Add(97 * time.Hour) {
			_, a := at.In(old).Zone()
			_, b := at.In(now).Zone()
			if a != b {
				t.Errorf("at %s %s is %d s from UTC, and %s %d s", at, name, a, zone, b)
				break
			}
		}
	}
}

func TestZonesFileIsSmall(t *testing.T) {
	info, err := os.Stat("zones.txt")
	if err != nil || info.Size() > 20_000 {
		t.Errorf("zones.txt: %v, %v", info, err)
	}
}

func FuzzParseZone(f *testing.F) {
	for _, s := range []string{"London", "GMT+2", "São Paulo", "a/b", "/", "\xff", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		zone, err := ParseZone(s)
		if err != nil {
			checkMistake(t, "ParseZone", err, "")
		} else if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("ParseZone(%q) = %q: %v", s, zone, err)
		}
	})
}
