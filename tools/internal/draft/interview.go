package draft

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/format"
	"opendata.example/odc/tools/internal/yamldoc"
)

// ErrUnanswered says that questions remain and nobody answers.
var ErrUnanswered = errors.New("fields without a value")

// Interview asks for every missing field, then again for those whose answers are wrong, until the draft is valid. When
// ask has no more answers it returns the findings that remain, or ErrUnanswered while fields are missing.
func Interview(fsys fs.FS, d *Draft, ask func(prompt string) (answer string, ok bool)) ([]diag.Finding, error) {
	for again := ""; ; {
		q, missing := first(d)
		if !missing {
			break
		}
		answer, ok := ask(again + q.Prompt())
		again = ""
		if !ok {
			return nil, fmt.Errorf("%w: %s", ErrUnanswered, strings.Join(d.open(), ", "))
		}
		if answer == "" {
			continue // required: asked again
		}
		if err := d.Set(q.Path, answer); err != nil {
			return nil, err
		}
		if v := d.at(q.Path); len(q.Choices) > 0 && !q.Field.List && !slices.ContainsFunc(q.Choices, func(c format.Choice) bool { return c.Code == v.Value }) {
			// Asked again at once, where the choices can be seen, and not after the last question.
			again = fmt.Sprintf("“%s”不是可选的代码或名称\n", yamldoc.Show(answer))
			d.drop(q.Path)
		}
	}
	for {
		findings, err := d.Check(fsys)
		if err != nil || len(findings) == 0 {
			return findings, err
		}
		f := findings[0]
		q, askable := d.Question(f.Field)
		if !askable {
			return findings, nil
		}
		answer, ok := ask(f.Message.Zh + "\n" + q.Prompt())
		if !ok {
			return findings, nil
		}
		if answer != "" {
			if err := d.Set(q.Path, answer); err != nil {
				return nil, err
			}
		}
	}
}

func first(d *Draft) (Question, bool) {
	for q := range d.Missing() {
		return q, true
	}
	return Question{}, false
}

// open lists the fields without a value.
func (d *Draft) open() []string {
	var out []string
	for q := range d.Missing() {
		out = append(out, q.Path)
	}
	return out
}
