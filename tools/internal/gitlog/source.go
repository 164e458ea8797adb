package gitlog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"strings"
)

// Source finds, in the history of a folder, the file that had a SHA-256 digest, whatever it was called. No such file,
// or no git, is a nil content and no error: a shallow clone does not reach far enough back.
func Source(ctx context.Context, dir, folder, digest string) (name string, content []byte, err error) {
	out, err := run(ctx, dir, "-c", "core.quotePath=false", "log", "--format=", "--raw", "--no-abbrev", "--no-renames", "-z", "--", folder)
	if err != nil {
		if ctx.Err() != nil {
			return "", nil, ctx.Err()
		}
		return "", nil, nil
	}
	seen := map[string]bool{}
	// Each change is ":<mode> <mode> <blob> <blob> <status>" NUL path NUL; the second blob is what the commit left.
	fields := strings.Split(out, "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		change := strings.Fields(fields[i])
		if len(change) < 5 {
			return "", nil, fmt.Errorf("git log gave %q", fields[i])
		}
		for _, blob := range change[2:4] {
			if seen[blob] || strings.Trim(blob, "0") == "" {
				continue
			}
			seen[blob] = true
			content, err := blobWith(ctx, dir, blob, digest)
			if err != nil {
				return "", nil, err
			}
			if content != nil {
				return path.Base(fields[i+1]), content, nil
			}
		}
	}
	return "", nil, nil
}

// blobWith returns the content of a blob when it has the digest, else nil.
func blobWith(ctx context.Context, dir, blob, digest string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", "-C", dir, "cat-file", "blob", blob)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	var content bytes.Buffer
	sum := sha256.New()
	_, copyErr := io.Copy(io.MultiWriter(&content, sum), pipe)
	if err := cmd.Wait(); err != nil || copyErr != nil {
		return nil, fmt.Errorf("git cat-file blob %s: %w", blob, errors.Join(err, copyErr))
	}
	if hex.EncodeToString(sum.Sum(nil)) != digest {
		return nil, nil
	}
	return content.Bytes(), nil
}
