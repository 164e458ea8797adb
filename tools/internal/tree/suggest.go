package tree

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// nearest returns the candidate that a person most likely meant, or "". Earlier candidates win ties.
func nearest(word string, candidates []string) string {
	w := fold(word)
	best, distance := "", len([]rune(w))/3+2
	for _, c := range candidates {
		if d := edits(w, fold(c), distance); d < distance {
			best, distance = c, d
		}
	}
	return best
}

func fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(norm.NFKC.String(s)), "-", "_")
}

// edits is the number of insertions, deletions, substitutions and swaps of neighbours from a to b, or limit when it
// is not below it.
func edits(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 || len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit)
}
