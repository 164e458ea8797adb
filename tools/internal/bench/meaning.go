package bench

import (
	"bufio"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opendata.example/odc/tools/internal/judge"
	"opendata.example/odc/tools/internal/query"
)

// queriesFile has a query a line, with what whoever asks it means in the words of the generator. It is drawn from the
// first thousand entries, so that the same queries can be asked of a corpus of any size from there on.
//
//go:embed queries.txt
var queriesFile string

// meaning is what a query is about. The generator knows of each entry what it is about, so it can grade any answer.
type meaning struct {
	objects               []string // any of them
	aspect, place, period string   // empty: not asked for
	column                string   // a title
}

// asked is a query with its meaning.
type asked struct {
	category, text string
	meaning
}

// grade is 3 where all that was asked for holds, and one less for each thing that does not; but nothing makes up for
// another object.
func (m meaning) grade(s subject) int {
	if !slices.Contains(m.objects, s.object.zh) {
		return judge.Unwanted
	}
	grade := judge.Wanted
	for _, miss := range []bool{
		m.aspect != "" && m.aspect != s.aspect.zh,
		m.place != "" && m.place != s.place.zh,
		m.period != "" && m.period != s.period.zh,
		m.column != "" && !s.hasColumn(m.column),
	} {
		if miss {
			grade--
		}
	}
	return max(grade, judge.Helpful)
}

func (s subject) hasColumn(title string) bool {
	return slices.ContainsFunc(s.columns(), func(c column) bool { return c.title == title })
}

// subjectOfKey is what a document of a generated repository is about: the number of its entry ends its id.
func subjectOfKey(key string) (subject, error) {
	number := key[strings.LastIndexByte(key, '-')+1:]
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > MaxEntries {
		return subject{}, fmt.Errorf("%s is not the id of a generated entry", key)
	}
	s := subjectOf(n - 1)
	if _, id, _ := strings.Cut(key, ":"); id != s.object.id+"-"+s.aspect.id+"-"+number {
		return subject{}, fmt.Errorf("%s is not the id of a generated entry", key)
	}
	return s, nil
}

// Judged grades every document of a generated repository for every query of the generated set.
func Judged(docs []query.Document) ([]judge.Query, error) {
	subjects := make([]subject, len(docs))
	for i := range docs {
		var err error
		if subjects[i], err = subjectOfKey(docs[i].Key); err != nil {
			return nil, err
		}
	}
	all, err := parseQueries(queriesFile)
	if err != nil {
		return nil, err
	}
	out := make([]judge.Query, len(all))
	for i, a := range all {
		out[i] = judge.Query{Category: a.category, Text: a.text, Grades: map[string]int{}, Complete: true}
		for j, s := range subjects {
			if grade := a.grade(s); grade > judge.Unwanted {
				out[i].Grades[docs[j].Key] = grade
			}
		}
	}
	return out, nil
}

// parseQueries reads lines of the form category | query | meaning.
func parseQueries(text string) ([]asked, error) {
	var out []asked
	n := 0
	for in := bufio.NewScanner(strings.NewReader(text)); in.Scan(); {
		n++
		line := strings.TrimSpace(in.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " | ")
		if len(parts) != 3 {
			return nil, fmt.Errorf("queries.txt:%d: want category | query | meaning", n)
		}
		m, err := parseMeaning(parts[2])
		if err != nil {
			return nil, fmt.Errorf("queries.txt:%d: %w", n, err)
		}
		out = append(out, asked{parts[0], parts[1], m})
	}
	return out, nil
}

// parseMeaning reads what String writes.
func parseMeaning(s string) (meaning, error) {
	var m meaning
	for word := range strings.FieldsSeq(s) {
		what, value, _ := strings.Cut(word, "=")
		switch what {
		case "object":
			m.objects = append(m.objects, value)
		case "aspect":
			m.aspect = value
		case "place":
			m.place = value
		case "period":
			m.period = value
		case "column":
			m.column = value
		default:
			return m, fmt.Errorf("%q means nothing", word)
		}
	}
	for _, name := range m.objects {
		if !slices.ContainsFunc(objects[:], func(o object) bool { return o.zh == name }) {
			return m, fmt.Errorf("there is no object %q", name)
		}
	}
	if len(m.objects) == 0 {
		return m, fmt.Errorf("%q names no object", s)
	}
	return m, nil
}

func (m meaning) String() string {
	var words []string
	for _, o := range m.objects {
		words = append(words, "object="+o)
	}
	for _, w := range []struct{ what, value string }{{"aspect", m.aspect}, {"place", m.place}, {"period", m.period}, {"column", m.column}} {
		if w.value != "" {
			words = append(words, w.what+"="+w.value)
		}
	}
	return strings.Join(words, " ")
}
