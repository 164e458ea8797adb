package profile

import (
	"math"
	"slices"
)

// sketch estimates the number of distinct values from the smallest of their hashes: if the k-th smallest of n evenly
// spread numbers lies at the fraction f of their range, n is about k/f. The error is about 3 % with k = 1,024.
type sketch struct {
	smallest []uint64 // a heap, the largest first
}

const sketchSize = 1024

func (s *sketch) add(h uint64) {
	// Few hashes pass the first test, so that a plain search is quick enough for the second.
	if len(s.smallest) == sketchSize && h >= s.smallest[0] || slices.Contains(s.smallest, h) {
		return
	}
	if len(s.smallest) < sketchSize {
		s.smallest = append(s.smallest, h)
		s.up(len(s.smallest) - 1)
		return
	}
	s.smallest[0] = h
	s.down(0)
}

func (s *sketch) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if s.smallest[parent] >= s.smallest[i] {
			return
		}
		s.smallest[parent], s.smallest[i] = s.smallest[i], s.smallest[parent]
		i = parent
	}
}

func (s *sketch) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(s.smallest) {
			return
		}
		if r := child + 1; r < len(s.smallest) && s.smallest[r] > s.smallest[child] {
			child = r
		}
		if s.smallest[i] >= s.smallest[child] {
			return
		}
		s.smallest[i], s.smallest[child] = s.smallest[child], s.smallest[i]
		i = child
	}
}

func (s *sketch) estimate() int {
	if len(s.smallest) < sketchSize {
		return len(s.smallest)
	}
	return int(math.Round((sketchSize - 1) / (float64(s.smallest[0]) / math.MaxUint64)))
}

// hash is FNV-1a with a final mix, which spreads short strings over all 64 bits.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// spread counts numbers in narrow bins of equal width, whose width doubles whenever a number falls outside. The first
// numbers are kept until there are two different ones to take the width from.
type spread struct {
	low, width float64
	bins       []int
	one        float64
	ones       int
}

const spreadBins = 2048

func (s *spread) add(v float64) {
	if s.bins == nil {
		if s.ones == 0 || v == s.one {
			s.one, s.ones = v, s.ones+1
			return
		}
		s.width = math.Abs(v-s.one) / (spreadBins / 8)
		if s.width == 0 {
			s.ones++ // too near each other to tell apart
			return
		}
		s.bins = make([]int, spreadBins)
		s.low = min(v, s.one) - s.width*(spreadBins/2)
		s.bins[s.index(s.one)] += s.ones
	}
	for i := s.index(v); i < 0 || i >= spreadBins; i = s.index(v) {
		s.widen(i < 0)
	}
	s.bins[s.index(v)]++
}

func (s *spread) index(v float64) int {
	i := math.Floor((v - s.low) / s.width)
	if i < 0 || math.IsNaN(i) {
		return -1
	}
	if i >= spreadBins {
		return spreadBins
	}
	return int(i)
}

// widen merges neighbouring bins and makes room below or above.
func (s *spread) widen(below bool) {
	wide := make([]int, spreadBins)
	shift := 0
	if below {
		shift = spreadBins / 2
		s.low -= s.width * spreadBins
	}
	for i, n := range s.bins {
		wide[shift+i/2] += n
	}
	s.bins = wide
	s.width *= 2
}

// each gives the middle of every filled bin with its count.
func (s *spread) each(f func(v float64, n int)) {
	for i, n := range s.bins {
		if n > 0 {
			f(s.low+(float64(i)+0.5)*s.width, n)
		}
	}
}
