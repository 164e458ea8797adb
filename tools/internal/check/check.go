// Package check answers "may this tree be published?": it loads the records, runs the rules and gives every finding
// its place in a file.
//
// It opens data files no further than their digest, changes nothing, and asks git only what the revision is.
//
//	r, err := check.Tree(os.DirFS(root), rule.Env{AsOf: day, Today: day})
//	if diag.Errors(r.Findings) > 0 { … }
package check

import (
	"context"
	"fmt"
	"io/fs"

	"opendata.example/odc/tools/internal/calendar"
	"opendata.example/odc/tools/internal/catalog"
	"opendata.example/odc/tools/internal/diag"
	"opendata.example/odc/tools/internal/gitlog"
	"opendata.example/odc/tools/internal/rule"
	"opendata.example/odc/tools/internal/tree"
)

// Report is a judged tree.
type Report struct {
	Catalog  *catalog.Catalog
	Findings []diag.Finding // in their total order
}

// Tree loads and judges the repository in fsys. The error means that it could not be read at all.
func Tree(fsys fs.FS, env rule.Env) (*Report, error) {
	c, positions, findings, err := tree.Load(fsys)
	if err != nil {
		return nil, fmt.Errorf("load the catalogue: %w", err)
	}
	// What is no code and no day means nothing yet: a rule that says so again would only mislead.
	meaningless := map[[2]string]bool{}
	for _, f := range findings {
		if f.Rule == "R18" && f.Field != "" {
			meaningless[[2]string{f.Path, f.Field}] = true
		}
	}
	for _, f := range rule.Check(c, env) {
		if meaningless[[2]string{f.Path, f.Field}] {
			continue
		}
		f.Line, f.Column = positions.At(f.Path, f.Field)
		findings = append(findings, f)
	}
	return &Report{Catalog: c, Findings: diag.Sort(findings)}, nil
}

// Days settles the day of judgement. asOf is a date, "today", or empty: then it is the day of the commit on a clean
// tree, so that the same commit gives the same answer, and today on a changed tree or without git.
func Days(ctx context.Context, root, asOf string, today calendar.Date) (rule.Env, gitlog.Revision, error) {
	head, err := gitlog.Head(ctx, root)
	if err != nil {
		return rule.Env{}, head, err
	}
	day := today
	if head.Clean() {
		day = head.Date
	}
	env := rule.Env{AsOf: day, Today: day}
	switch asOf {
	case "":
		return env, head, nil
	case "today":
		return rule.Env{AsOf: today, Today: today}, head, nil
	}
	if env.AsOf, err = calendar.ParseDate(asOf); err != nil {
		return rule.Env{}, head, fmt.Errorf("--as-of: %w", err)
	}
	if env.AsOf.After(env.Today) {
		env.Today = env.AsOf
	}
	return env, head, nil
}
