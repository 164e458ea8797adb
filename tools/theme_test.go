package tools

import (
	"io/fs"
	"maps"
	"math"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const theme = "../themes/portal"

// TestThemeTexts: both languages say the same things, and no template asks for a text that is not there.
func TestThemeTexts(t *testing.T) {
	zh, en := texts(t, "zh"), texts(t, "en")
	for _, key := range slices.Sorted(maps.Keys(zh)) {
		if !en[key] {
			t.Errorf("i18n/en.yaml has no %s", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if !zh[key] {
			t.Errorf("i18n/zh.yaml has no %s", key)
		}
	}
	asked := regexp.MustCompile(`\bT "([a-z0-9_]+)"`)
	for name, text := range themeFiles(t, "layouts", ".html") {
		for _, m := range asked.FindAllStringSubmatch(text, -1) {
			if !zh[m[1]] {
				t.Errorf("%s asks for %s, which no language has", name, m[1])
			}
		}
	}
}

// TestThemeHasNoInlineCode: the pages are served under a policy that runs no inline script and applies no inline style.
func TestThemeHasNoInlineCode(t *testing.T) {
	inline := regexp.MustCompile(`\sstyle=|\son[a-z]+="|<style|<script(?:\s+type="text/javascript")?>|javascript:`)
	for name, text := range themeFiles(t, "layouts", ".html") {
		if m := inline.FindString(text); m != "" {
			t.Errorf("%s has inline code: %s", name, m)
		}
	}
}

// TestThemeColours: components name tokens, and every pair of text and ground passes WCAG's 4.5:1 in both themes,
// edges and pictures of numbers 3:1.
func TestThemeColours(t *testing.T) {
	colour := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b`)
	for name, text := range themeFiles(t, "assets/css", ".css") {
		if base := path.Base(name); base == "tokens.css" || base == "print.css" {
			continue
		}
		if m := colour.FindString(text); m != "" {
			t.Errorf("%s has the colour %s; name a token", name, m)
		}
	}

	text, err := os.ReadFile(theme + "/assets/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := palettes(string(text))
	if len(themes) != 3 {
		t.Fatalf("tokens.css has %d blocks of colours, want light, dark and dark by the system", len(themes))
	}
	if !maps.Equal(themes[1], themes[2]) {
		t.Error("the dark colours of the switch and of the system differ")
	}
	for i, colours := range themes[:2] {
		for _, pair := range []struct {
			fore    string
			grounds []string
			least   float64
		}{
			{"ink", []string{"paper", "wash", "heat-1", "heat-2", "heat-3"}, 4.5},
			{"muted", []string{"paper", "wash"}, 4.5},
			{"accent", []string{"paper", "wash"}, 4.5},
			{"accent-deep", []string{"paper", "wash"}, 4.5},
			{"on-accent", []string{"accent", "accent-deep"}, 4.5},
			{"open", []string{"paper", "wash"}, 4.5},
			{"conditional", []string{"paper", "wash"}, 4.5},
			{"closed", []string{"paper", "wash"}, 4.5},
			{"late", []string{"paper", "wash"}, 4.5},
			{"edge", []string{"paper"}, 3},
			{"bar", []string{"paper"}, 3},
		} {
			for _, ground := range pair.grounds {
				if got := contrast(t, colours[pair.fore], colours[ground]); got < pair.least {
					t.Errorf("theme %d: %s on %s has %.2f:1, want %.1f:1", i, pair.fore, ground, got, pair.least)
				}
			}
		}
	}
}

// texts lists the keys of a language. The files are flat but for plural forms, which are indented.
func texts(t *testing.T, lang string) map[string]bool {
	t.Helper()
	src, err := os.ReadFile(theme + "/i18n/" + lang + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z0-9_]+):`).FindAllStringSubmatch(string(src), -1) {
		if keys[m[1]] {
			t.Errorf("i18n/%s.yaml has %s twice", lang, m[1])
		}
		keys[m[1]] = true
	}
	return keys
}

func themeFiles(t *testing.T, below, ext string) map[string]string {
	t.Helper()
	files := map[string]string{}
	fsys := os.DirFS(theme)
	err := fs.WalkDir(fsys, below, func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ext {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// palettes are the colours of each block that sets a ground.
func palettes(css string) []map[string]string {
	var out []map[string]string
	set := regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6})`)
	for block := range strings.SplitSeq(css, "}") {
		if !strings.Contains(block, "--paper:") {
			continue
		}
		colours := map[string]string{}
		for _, m := range set.FindAllStringSubmatch(block, -1) {
			colours[m[1]] = m[2]
		}
		out = append(out, colours)
	}
	return out
}

// contrast is the ratio of WCAG 2.2 for two colours written #rrggbb.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil {
		t.Fatalf("no colour: %q", colour)
	}
	linear := func(c uint64) float64 {
		v := float64(c&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}
