package view

import (
	"cmp"
	"slices"

	"opendata.example/odc/tools/internal/catalog"
)

// relatedPool bounds the candidates, so that the work grows with the catalogue and not with its square.
const relatedPool = 200

// kinship knows which datasets are near to each other. Datasets and keywords are numbered, and a mark beside each number
// says in which question it was met last: a large catalogue asks too often for a map in every question.
type kinship struct {
	datasets []*catalog.OpenEntry
	words    [][]int // keywords by dataset
	groups   [][]int // by dataset: its keywords, domain and department
	members  [][]int // by group: published datasets, at most relatedPool
	number   map[*catalog.OpenEntry]int

	question       int
	seenAt, heldAt []int // by dataset, by keyword
}

func newKinship(datasets []*catalog.OpenEntry) *kinship {
	k := &kinship{datasets: datasets, number: map[*catalog.OpenEntry]int{}}
	words, groups := map[string]int{}, map[string]int{}
	for i, o := range datasets {
		k.number[o] = i
		var own []int
		for _, w := range o.Keywords() {
			own = append(own, numberOf(words, w))
		}
		k.words = append(k.words, own)
		var in []int
		for _, name := range groupsOf(o) {
			g := numberOf(groups, name)
			if g == len(k.members) {
				k.members = append(k.members, nil)
			}
			if o.Status == catalog.Published && len(k.members[g]) < relatedPool {
				k.members[g] = append(k.members[g], i)
			}
			in = append(in, g)
		}
		k.groups = append(k.groups, in)
	}
	k.seenAt, k.heldAt = make([]int, len(datasets)), make([]int, len(words))
	return k
}

func numberOf(m map[string]int, key string) int {
	n, known := m[key]
	if !known {
		n = len(m)
		m[key] = n
	}
	return n
}

func groupsOf(o *catalog.OpenEntry) []string {
	out := []string{"domain/" + string(o.Entry.Domain), "org/" + string(o.Entry.Dept)}
	for _, k := range o.Keywords() {
		out = append(out, "word/"+k)
	}
	return out
}

// nearest are the datasets that share most with one, at most so many; with equal marks the order is that of ids.
func (k *kinship) nearest(o *catalog.OpenEntry, most int) []*catalog.OpenEntry {
	self := k.number[o]
	k.question++
	for _, w := range k.words[self] {
		k.heldAt[w] = k.question
	}
	k.seenAt[self] = k.question
	type scored struct {
		o *catalog.OpenEntry
		n int
	}
	var best []scored
	for _, g := range k.groups[self] {
		for _, i := range k.members[g] {
			if k.seenAt[i] == k.question {
				continue
			}
			k.seenAt[i] = k.question
			if n := k.score(self, i); n >= relatedLeast {
				best = append(best, scored{k.datasets[i], n})
			}
		}
	}
	slices.SortFunc(best, func(x, y scored) int { return cmp.Or(cmp.Compare(y.n, x.n), cmp.Compare(x.o.ID, y.o.ID)) })
	var out []*catalog.OpenEntry
	for _, s := range best[:min(len(best), most)] {
		out = append(out, s.o)
	}
	return out
}

// relatedLeast is what the same domain in the same department is worth.
const relatedLeast = 5

func (k *kinship) score(self, i int) int {
	o, other := k.datasets[self], k.datasets[i]
	n := 0
	if other.Entry == o.Entry {
		n += 100
	}
	for _, w := range k.words[i] {
		if k.heldAt[w] == k.question {
			n += 10
		}
	}
	if other.Entry.Domain == o.Entry.Domain {
		n += 3
	}
	if other.Entry.Dept == o.Entry.Dept {
		n += 2
	}
	return n
}
