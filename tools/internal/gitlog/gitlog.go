// Package gitlog asks git what the revision is: its commit, its day, and whether the tree differs from it.
//
// It runs the git program read-only and never writes to the repository. A folder without git is not an error: the
// answer then says so.
//
//	head, _ := gitlog.Head(ctx, ".")
//	if head.Clean() { asOf = head.Date }
package gitlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"opendata.example/odc/tools/internal/calendar"
)

// Revision is what HEAD points to.
type Revision struct {
	Commit string        // 40 or 64 hex digits; empty without git or before the first commit
	Date   calendar.Date // day of the commit in China
	Dirty  bool          // tracked files changed, or new ones that git does not ignore
}

// Clean reports that the tree is exactly a commit.
func (r Revision) Clean() bool { return r.Commit != "" && !r.Dirty }

// Head describes the repository that dir lies in. The zero Revision means: no git here.
func Head(ctx context.Context, dir string) (Revision, error) {
	out, err := run(ctx, dir, "log", "-1", "--format=%H %cI")
	if err != nil {
		if ctx.Err() != nil {
			return Revision{}, ctx.Err()
		}
		return Revision{}, nil // no git program, no repository or no commit yet: all mean the same to the caller
	}
	commit, stamp, _ := strings.Cut(strings.TrimSpace(out), " ")
	when, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return Revision{}, fmt.Errorf("git log gave %q: %w", out, err)
	}
	status, err := run(ctx, dir, "status", "--porcelain", "--untracked-files=normal", "--", ".")
	if err != nil {
		return Revision{}, err
	}
	return Revision{Commit: commit, Date: calendar.DateOf(when), Dirty: status != ""}, nil
}

func run(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if _, ended := errors.AsType[*exec.ExitError](err); ended {
			return "", fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(stderr.String()))
		}
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return string(out), nil
}
