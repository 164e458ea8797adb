package main

import (
	"flag"
	"io"
	"slices"
	"testing"
)

// TestOptionsStandAnywhere: before, between and after words; after “--” there are only words.
func TestOptionsStandAnywhere(t *testing.T) {
	tests := []struct {
		args, words []string
		x           bool
	}{
		{nil, nil, false},
		{[]string{"a", "b"}, []string{"a", "b"}, false},
		{[]string{"-x", "a", "b"}, []string{"a", "b"}, true},
		{[]string{"a", "-x", "b"}, []string{"a", "b"}, true},
		{[]string{"a", "b", "--x"}, []string{"a", "b"}, true},
		{[]string{"a", "--", "-x"}, []string{"a", "-x"}, false},
		{[]string{"-x", "--", "--", "-y"}, []string{"--", "-y"}, true},
		{[]string{"-"}, []string{"-"}, false},
	}
	for _, tt := range tests {
		fs := flag.NewFlagSet("", flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		x := fs.Bool("x", false, "")
		if words, err := interleaved(fs, tt.args); err != nil || !slices.Equal(words, tt.words) || *x != tt.x {
			t.Errorf("%q: got %q, %v, %v; want %q, %v", tt.args, words, *x, err, tt.words, tt.x)
		}
	}
}
