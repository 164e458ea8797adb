package query

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
)

// scored is a document with its score.
type scored struct {
	ord   uint32
	score float64
}

// ErrPostings marks an index that contradicts itself: a posting for a document that does not exist.
var ErrPostings = errors.New("damaged index")

// scorer computes
//
//	score(d)   = (1 + prior(d) · priorStep) · max over readings r:  weight(r) · coord · sum over slots s: best(s, d)
//	best(s, d) = max over alternatives (t, w): w · sum over fields f: boost(f) · idf(f, t) · tf·(k1+1) / (tf+k1)
//	idf(f, t)  = ln(1 + (N − df + 0.5) / (df + 0.5))        coord = slots matched / slots
//
// There is no length norm: the caps on fields keep verbose records from winning. Slots need not all match, because
// pairs of characters that straddle two words do not exist in a record. Sums run in the order of slots, then fields,
// and every product is rounded by itself (no fused multiply-add), so that every reader gets the same bits.
//
// All slices have one cell a document; the lists beside them say which cells are in use, and are what clears them.
type scorer struct {
	postings Postings
	final    column // best reading
	sum      column // this reading
	best     column // this slot
	alt      column // this alternative
	matched  []uint8
	buf      []Posting
}

// column is a value a document, and which documents have one.
type column struct {
	value []float64
	used  []uint32
}

func (c *column) clear() {
	for _, d := range c.used {
		c.value[d] = 0
	}
	c.used = c.used[:0]
}

func (c *column) add(d uint32, v float64) {
	if c.value[d] == 0 {
		c.used = append(c.used, d)
	}
	c.value[d] += v
}

func (c *column) max(d uint32, v float64) {
	if c.value[d] == 0 {
		c.used = append(c.used, d)
	}
	c.value[d] = max(c.value[d], v)
}

func newScorer(p Postings) *scorer {
	n := p.Len()
	s := &scorer{postings: p, matched: make([]uint8, n)}
	for _, c := range []*column{&s.final, &s.sum, &s.best, &s.alt} {
		c.value = make([]float64, n)
	}
	return s
}

// weighted is an alternative with the weight of each field in which its term occurs.
type weighted struct {
	Alternative
	fields []fieldWeight
}

type fieldWeight struct {
	field  Field
	weight float64 // boost · idf
}

// score returns the documents that match, best first; equal ones by ordinal.
func (s *scorer) score(ctx context.Context, readings []Reading, prior []uint8) ([]scored, error) {
	s.final.clear()
	for _, r := range readings {
		slots, err := s.weigh(ctx, r.Slots)
		if err != nil {
			return nil, err
		}
		if err := s.read(ctx, r.Weight, slots); err != nil {
			return nil, err
		}
	}
	for _, d := range s.final.used {
		s.final.value[d] *= 1 + float64(float64(prior[d])*priorStep)
	}
	return s.ranked(), nil
}

// weigh looks the terms of a reading up and drops those that too many documents have, unless nothing would remain.
func (s *scorer) weigh(ctx context.Context, slots []Slot) ([][]weighted, error) {
	all, rare := make([][]weighted, 0, len(slots)), make([][]weighted, 0, len(slots))
	for _, slot := range slots {
		var every, some []weighted
		for _, alt := range slot {
			w, frequent, err := s.weights(ctx, alt)
			if err != nil {
				return nil, err
			}
			every = append(every, w)
			if !frequent {
				some = append(some, w)
			}
		}
		all = append(all, every)
		if len(some) > 0 {
			rare = append(rare, some)
		}
	}
	if len(rare) > 0 {
		return rare, nil
	}
	return all, nil
}

// weights is the weight of a term in each field, and whether it is frequent wherever it occurs.
func (s *scorer) weights(ctx context.Context, alt Alternative) (weighted, bool, error) {
	n := s.postings.Len()
	w := weighted{Alternative: alt}
	frequent := n >= frequentAt
	for _, f := range Fields() {
		if err := ctx.Err(); err != nil {
			return w, false, err
		}
		df, err := s.postings.DF(ctx, f, alt.Term)
		if err != nil {
			return w, false, fmt.Errorf("look up a term in %s: %w", f, err)
		}
		if df == 0 {
			continue
		}
		if df < 0 || df > n {
			return w, false, fmt.Errorf("%w: a term in %d of %d documents", ErrPostings, df, n)
		}
		frequent = frequent && float64(df) > float64(float64(n)*frequentShare)
		idf := math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5))
		w.fields = append(w.fields, fieldWeight{f, float64(fields[f].boost * idf)})
	}
	return w, frequent && len(w.fields) > 0, nil
}

// read adds one reading to the final scores.
func (s *scorer) read(ctx context.Context, weight float64, slots [][]weighted) error {
	for _, slot := range slots {
		if err := s.fill(ctx, slot); err != nil {
			return err
		}
		for _, d := range s.best.used {
			s.sum.add(d, s.best.value[d])
			s.matched[d]++
		}
		s.best.clear()
	}
	for _, d := range s.sum.used {
		coord := float64(s.matched[d]) / float64(len(slots))
		s.final.max(d, float64(float64(weight*coord)*s.sum.value[d]))
		s.matched[d] = 0
	}
	s.sum.clear()
	return nil
}

// fill computes the best alternative of a slot for each document.
func (s *scorer) fill(ctx context.Context, slot []weighted) error {
	for _, alt := range slot {
		for _, f := range alt.fields {
			if err := ctx.Err(); err != nil {
				return err
			}
			list, err := s.postings.Read(ctx, f.field, alt.Term, s.buf[:0])
			if err != nil {
				return fmt.Errorf("read the postings of a term in %s: %w", f.field, err)
			}
			s.buf = list
			for _, p := range list {
				if int(p.Ord) >= len(s.matched) || p.TF == 0 {
					return fmt.Errorf("%w: document %d of %d, %d times", ErrPostings, p.Ord, len(s.matched), p.TF)
				}
				tf := float64(p.TF)
				s.alt.add(p.Ord, float64(f.weight*tf*(k1+1))/(tf+k1))
			}
		}
		for _, d := range s.alt.used {
			s.best.max(d, float64(alt.Weight*s.alt.value[d]))
		}
		s.alt.clear()
	}
	return nil
}

// ranked sorts what has a score. Scores that differ by less than a billionth of the best one are equal.
func (s *scorer) ranked() []scored {
	hits := make([]scored, 0, len(s.final.used))
	top := 0.0
	for _, d := range s.final.used {
		top = max(top, s.final.value[d])
	}
	for _, d := range s.final.used {
		hits = append(hits, scored{d, math.Round(s.final.value[d]/top*ties) / ties * top})
	}
	slices.SortFunc(hits, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.ord, b.ord))
	})
	return hits
}

// reset makes the scorer fit for use after an error left cells filled.
func (s *scorer) reset() {
	for _, c := range []*column{&s.final, &s.sum, &s.best, &s.alt} {
		c.clear()
	}
	clear(s.matched)
}
