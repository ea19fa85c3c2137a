package chart

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"Priya Shah", "Priya Shah"},
		{"  Priya\t\n Shah ", "Priya Shah"},
		{"Pri\u202eya\u200f Shah\u2069", "Priya Shah"},
		{"Priya\x00\x1b[31m", "Priya[31m"},
		{"soft\u00adhyphen \ufeffbom", "softhyphen bom"},
		{"Zoe\u0308", "Zoë"},
		{"logo \uf8ff\ue000", "logo"},
		{"bad \xff byte", "bad byte"},
		{"👩\u200d🚀 Ann", "👩\u200d🚀 Ann"},
		{"山田太郎", "山田太郎"},
		{"", ""},
		{strings.Repeat("a", 81), strings.Repeat("a", 80) + "…"},
	} {
		if got := clean(tt.in, maxName); got != tt.want {
			t.Errorf("clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestDrawable(t *testing.T) {
	for _, tt := range []struct {
		in, want string
		ok       bool
	}{
		{"Priya Shah", "Priya Shah", true},
		{"Zoë Ångström-Łukasiewicz", "Zoë Ångström-Łukasiewicz", true},
		{"Дмитрий Παππάς", "Дмитрий Παππάς", true},
		{"Nguyễn Thị Ánh", "Nguyễn Thị Ánh", true},
		{"7", "7", true},
		{"(Ann)", "(Ann)", true},
		{"Anna 🚀", "Anna", true},
		{"🇬🇧 J", "J", true},
		{"1️⃣ Ann", "1 Ann", true},
		{"田中 (Ken)", "Ken", true},
		{"Ken / 田中", "Ken", true},
		{"Dr محمد علي", "Dr", true},
		{"A 田中", "A", false},
		{"山田太郎", "", false},
		{"Ken田中", "", false},
		{"דוד כהן", "", false},
		{"प्रिया शाह", "", false},
		{"🦊🦊", "", false},
		{"🦊 – 🦊", "", false},
		{"", "", false},
	} {
		if got, ok := drawable(clean(tt.in, maxName)); ok != tt.ok || ok && got != tt.want {
			t.Errorf("drawable(%q) = %q, %t, want %q, %t", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

// Whatever people are called, no character without a glyph comes to be drawn: no empty boxes.
func TestDrawableHasGlyphs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, ok := drawable(clean(rapid.String().Draw(t, "name"), maxName))
		for _, r := range text {
			if ok && r != ' ' && !hasGlyph(r) {
				t.Fatalf("drawable gives %q, and %U has no glyph", text, r)
			}
		}
	})
}

func TestShorten(t *testing.T) {
	c, err := newCanvas()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, tt := range []struct {
		in   string
		room float64
		want string
	}{
		{"Priya Shah", 200, "Priya Shah"},
		{"Priya Shah", 70, "Priya…"},
		{"Priya Shah", 62, "Priy…"},
		{"Priya Shah", 1, "…"},
		{"", 1, ""},
	} {
		if got := c.shorten(bodyText, tt.in, tt.room); got != tt.want {
			t.Errorf("shorten(%q, %v) = %q (%.1f wide), want %q", tt.in, tt.room, got, c.width(bodyText, got), tt.want)
		}
	}
}

// Figures below each other have equal widths, although the font's plain ones do not.
func TestTabularFigures(t *testing.T) {
	c, err := newCanvas()
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, st := range []style{noteText, markText, firmText} {
		if ones, eights := c.width(st.tabulated(), "1111"), c.width(st.tabulated(), "8888"); ones != eights {
			t.Errorf("width(1111) = %v, width(8888) = %v, want equal", ones, eights)
		}
	}
}
