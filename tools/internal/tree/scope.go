package tree

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
)

// scope is what one file may refer to: the names of other records, known from the paths alone, and the vocabularies.
type scope struct {
	departments, laws, regimes, entries, openEntries map[string]bool
	vocabularies                                     map[string]*lexicon // nil: there is a file, which could not be read

	mu     sync.Mutex
	absent map[string]bool // vocabularies asked for and not there
}

func newScope(files []*file) *scope {
	s := &scope{
		departments: map[string]bool{}, laws: map[string]bool{}, regimes: map[string]bool{}, entries: map[string]bool{},
		openEntries: map[string]bool{}, vocabularies: map[string]*lexicon{}, absent: map[string]bool{},
	}
	for _, f := range files {
		if f.place.Kind == nil {
			continue
		}
		switch p := f.place; p.Kind.Name {
		case "departments":
			s.departments[p.ID] = true
		case "laws":
			s.laws[p.ID] = true
		case "regimes":
			s.regimes[p.ID] = true
		case "catalog":
			s.entries[p.Dept+"/"+p.ID] = true
		case "openlist":
			s.openEntries[p.Dept+"/"+p.ID] = true
		case "vocab":
			s.vocabularies[p.ID] = nil
		}
	}
	return s
}

// vocabulary returns a lexicon, or nil; what is missing is reported once.
func (s *scope) vocabulary(id string) *lexicon {
	if v, there := s.vocabularies[id]; there {
		return v
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.absent[id] = true
	return nil
}

func (s *scope) missingVocabularies() []diag.Finding {
	var out []diag.Finding
	for _, id := range slices.Sorted(maps.Keys(s.absent)) {
		out = append(out, whole("metadata/vocab/"+id+".yaml", "R18",
			diag.Text{Zh: "缺少词表“" + id + "”，用到它的代码无法核对", En: "vocabulary " + id + " is missing; codes of it cannot be checked"},
			diag.Text{Zh: "请补上这个词表", En: "add the vocabulary"}))
	}
	return out
}

// lexicon finds terms by code and by the labels people write instead.
type lexicon struct {
	codes   map[catalog.Code]*catalog.Term
	labels  map[string]*catalog.Term // folded zh, en, aliases
	ordered []string
}

func newLexicon(v *catalog.Vocabulary) *lexicon {
	l := &lexicon{codes: map[catalog.Code]*catalog.Term{}, labels: map[string]*catalog.Term{}}
	for i := range v.Values {
		t := &v.Values[i]
		if l.codes[t.Code] != nil {
			continue
		}
		l.codes[t.Code] = t
		l.ordered = append(l.ordered, string(t.Code))
		for _, label := range append([]string{t.Zh, t.En}, t.Aliases...) {
			if k := labelKey(label); k != "" && l.labels[k] == nil {
				l.labels[k] = t
			}
		}
	}
	return l
}

func labelKey(s string) string { return strings.Join(strings.Fields(fold(s)), " ") }

// suggest returns the term that was probably meant, or nil.
func (l *lexicon) suggest(value string) *catalog.Term {
	if t := l.labels[labelKey(value)]; t != nil {
		return t
	}
	if near := nearest(value, l.ordered); near != "" {
		return l.codes[catalog.Code(near)]
	}
	return nil
}
