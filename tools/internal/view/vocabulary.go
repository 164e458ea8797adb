package view

import (
	"maps"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/catalog"
)

func (b *builder) writeVocabularies() error {
	b.countUses()
	v := Vocabularies{Crumbs: crumbs()}
	for _, id := range slices.Sorted(maps.Keys(b.Catalog.Vocabularies)) {
		voc := b.Catalog.Vocabularies[id]
		v.Rows = append(v.Rows, Count{Term{id, Text{voc.Title, voc.TitleEn}, vocabularyURL(id)}, len(voc.Values)})
		p := Page{Path: strings.Trim(vocabularyURL(id), "/"), Type: "vocabulary", Key: id, Title: Text{voc.Title, voc.TitleEn},
			Summary: Text{Zh: voc.Source}}
		if err := b.page(p, b.vocabulary(id, voc)); err != nil {
			return err
		}
	}
	return b.page(Page{Path: "vocab", Type: "vocabularies", Key: "all", Title: vocabCrumb.Text,
		Summary: Text{"目录使用的规定代码及其含义、对照。", "The controlled codes of this catalogue, their meaning and mappings."}}, v)
}

func (b *builder) vocabulary(id string, voc *catalog.Vocabulary) Vocabulary {
	schemes := map[string]bool{}
	for _, t := range voc.Values {
		for m := range t.Mappings {
			schemes[m] = true
		}
	}
	v := Vocabulary{Crumbs: crumbs(vocabCrumb), ID: id, Heading: Text{voc.Title, voc.TitleEn}, Source: voc.Source,
		Verified: voc.Verified, Mappings: slices.Sorted(maps.Keys(schemes))}
	for _, t := range voc.Values {
		row := TermRow{Term: Term{string(t.Code), Text{t.Zh, t.En}, ""}, Description: t.Description,
			Used: b.used[id][t.Code], Deprecated: !t.DeprecatedOn.IsZero()}
		for _, m := range v.Mappings {
			row.Mappings = append(row.Mappings, t.Mappings[m])
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// countUses counts how often public records carry each term of the lists that people browse by.
func (b *builder) countUses() {
	b.used = map[string]map[catalog.Code]int{}
	add := func(vocabulary string, code catalog.Code) {
		if b.used[vocabulary] == nil {
			b.used[vocabulary] = map[catalog.Code]int{}
		}
		b.used[vocabulary][code]++
	}
	for _, e := range b.entries {
		add("open_type", e.Open.Type)
		if b.Catalog.Visibility(e) != catalog.Public {
			continue
		}
		add("share_type", e.Share.Type)
		add("domain", e.Domain)
		add("update_frequency", e.UpdateFrequency)
		for _, r := range e.Spatial {
			add("region", r)
		}
		for _, it := range e.Items {
			add("item_type", it.Type)
		}
	}
	for _, o := range b.live {
		add("license", o.Terms())
		add("resource_kind", o.ResourceKind)
		add("open_level", o.OpenLevel)
		for _, d := range o.Distributions {
			if d.Format != "" {
				add("file_format", d.Format)
			}
		}
	}
}
