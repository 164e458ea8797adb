// Package query is the contract of search, whole: what text becomes (the analyzer), what a question means (the
// readings), how a record is weighed (the score), and how results are counted, filtered, sorted and cut.
//
// It promises that the same documents and the same request give the same answer whoever stores the postings: an index
// on disk, one in memory, or files read by a browser. Such a reader fills [Postings] and nothing else; no constant of
// ranking may stand outside this package. It does no I/O, has no clock, and never reads a query as a language:
// there are no operators, wildcards or field names in what people type.
//
//	engine := query.NewEngine(docs, query.NewMem(docs))
//	result, err := engine.Search(ctx, query.Request{Query: "请问哪里有公交站"})
package query

import "fmt"

// Version of the contract; a change of analyzer, fields, weights or cuts raises it.
const Version = 2

// Field is a text field of a document, in the order in which scores are added up.
type Field uint8

const (
	Title       Field = iota // title and alternative titles
	Keywords                 // keywords and the label of the domain
	Org                      // full and short name of the organisation
	TitleEn                  // English title
	Description              // first 500 characters of the abstract
	Columns                  // names and titles of the first 100 columns
	fieldCount
)

// fields holds names and boosts. Boosts are tuned on judged queries, never by taste.
var fields = [fieldCount]struct {
	name  string
	boost float64
}{
	Title:       {"title", 3},
	Keywords:    {"keywords", 2},
	Org:         {"org", 1.5},
	TitleEn:     {"title_en", 1},
	Description: {"description", 1},
	Columns:     {"columns", 1},
}

// Fields lists all fields in order.
func Fields() []Field { return []Field{Title, Keywords, Org, TitleEn, Description, Columns} }

func (f Field) String() string {
	if f < fieldCount {
		return fields[f].name
	}
	return fmt.Sprintf("Field(%d)", uint8(f))
}

// Constants of the score.
const (
	k1            = 1.2  // how soon a second occurrence of a term stops counting
	cutShare      = 0.35 // hits below this share of the best score are not results
	ties          = 1e9  // scores equal to this precision of the best one are equal
	frequentAt    = 1000 // from so many documents on, terms in more than frequentShare of them are dropped
	frequentShare = 0.25
	priorStep     = 0.01 // what one step of prior adds to a score
)

// Weights of readings and alternatives that are not what was typed.
const (
	weightSynonym   = 0.8
	weightPinyin    = 0.9 // the whole input is the pinyin of phrases
	weightInitials  = 0.8 // the whole input is their initials
	weightBeginning = 0.7 // the input begins the pinyin or the initials of a phrase
	weightPrefix    = 0.7 // a word that begins with the one typed
	weightTypo      = 0.5 // a word one slip away from it
)

// Limits on input and output. Longer queries are cut, never refused.
const (
	MaxQuery       = 128 // code points of a query
	MaxSlots       = 32  // terms of one reading
	MaxTerms       = 64  // different terms of all readings
	MaxReadings    = 8
	MaxPrior       = 15     // steps
	MaxPageSize    = 100    // results on a page
	MaxWindow      = 10_000 // page number × page size
	MaxSuggestions = 10
	DefaultSize    = 20

	maxLetters     = 40 // of a query in pinyin
	maxHomophones  = 3  // readings of one spelling
	maxExpansions  = 16 // alternatives of a Latin word
	maxFacetValues = 50 // shown of a facet with more than manyValues
	manyValues     = 200

	maxDescription = 500 // characters indexed
	maxColumns     = 100 // columns indexed
	maxSnippet     = 80  // characters shown
)

// Limits on files that a reader of an index on disk believes, in bytes inflated.
const (
	MaxFile      = 1 << 20
	MaxColumn    = 16 << 20
	MaxDocuments = 1 << 20
	// FileFormat is the version of static files; see tools/doc/search.md.
	FileFormat = 1
)
