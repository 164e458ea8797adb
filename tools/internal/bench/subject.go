package bench

import (
	"math/rand/v2"
	"strings"
)

// subject is what an entry is about: one record of one object in one place and time. Two subjects have two titles.
type subject struct {
	place  place
	period period
	object object
	aspect aspect
}

// pair is an object with one thing that is recorded of it.
type pair struct {
	object object
	aspect aspect
}

var pairs = func() []pair {
	var out []pair
	for _, o := range objects {
		for _, a := range o.family {
			out = append(out, pair{o, a})
		}
	}
	return out
}()

// MaxEntries is how many subjects there are.
var MaxEntries = len(places) * len(pairs) * len(periods)

// subjectOf walks through all subjects in an order that mixes neighbours. It goes over every place and pair once, most
// of them without a period, before it returns to them with another.
func subjectOf(n int) subject {
	base := len(places) * len(pairs)
	k := n % base * stride(base) % base
	at, of := places[k%len(places)], pairs[k/len(places)]
	first := 0
	if r := rand.New(rand.NewPCG(uint64(k), 1)); r.IntN(10) < 4 {
		first = r.IntN(len(periods))
	}
	return subject{at, periods[(first+n/base)%len(periods)], of.object, of.aspect}
}

// stride is near the golden section of base and shares no factor with it, so that its multiples visit everything and
// neighbours lie far apart.
func stride(base int) int {
	for s := base * 618 / 1000; ; s++ {
		if gcd(s, base) == 1 {
			return s
		}
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (s subject) title() string { return s.place.zh + s.period.zh + s.object.zh + s.aspect.zh }

func (s subject) titleEn() string {
	t := s.aspect.en + " of " + s.object.en + ", " + s.place.en
	if s.period.en != "" {
		t += ", " + s.period.en
	}
	return strings.ToUpper(t[:1]) + t[1:]
}

// years are the years whose figures the tables of a subject hold.
func (s subject) year(r *rand.Rand) int {
	for _, y := range []int{2022, 2023, 2024} {
		if strings.HasPrefix(s.period.start, map[int]string{2022: "2022-", 2023: "2023-", 2024: "2024-"}[y]) {
			return y
		}
	}
	return 2023 + r.IntN(2)
}

func (s subject) keywords(r *rand.Rand) []string {
	out := append([]string{s.object.zh}, strings.Fields(s.object.words)...)
	if r.IntN(2) == 0 {
		out = append(out, s.aspect.zh)
	}
	if s.place.region != places[0].region {
		out = append(out, s.place.zh)
	}
	return out
}
