package build

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"opendata.example/odc/tools/internal/folder"
)

// writer fills a folder that it emptied first, and counts what it wrote.
type writer struct {
	dir   string
	made  map[string]bool
	files int
	bytes int64
}

func newWriter(dir string) (*writer, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	return &writer{dir: dir, made: map[string]bool{}}, nil
}

func (w *writer) json(name string, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return w.file(name, b.Bytes())
}

func (w *writer) file(name string, data []byte) error {
	if !fs.ValidPath(name) {
		return fmt.Errorf("%q is not a path inside the site", name)
	}
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	if dir := filepath.Dir(path); !w.made[dir] {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		w.made[dir] = true
	}
	w.files++
	w.bytes += int64(len(data))
	return os.WriteFile(path, data, 0o644)
}

func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

// join makes one folder out of several, by hard link where the file system allows. Two sources of one path are an
// error: neither may silently win. The folder is replaced in one step, so that a server on it never sees half a site.
func join(out string, from ...string) (files int, err error) {
	next := out + ".next"
	if err := os.RemoveAll(next); err != nil {
		return 0, err
	}
	for _, source := range from {
		n, err := graft(source, next)
		if err != nil {
			return 0, err
		}
		files += n
	}
	old := out + ".old"
	if err := os.RemoveAll(old); err != nil {
		return 0, err
	}
	if err := os.Rename(out, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	if err := os.Rename(next, out); err != nil {
		return 0, err
	}
	return files, os.RemoveAll(old)
}

func graft(source, into string) (files int, err error) {
	err = filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == source {
			return filepath.SkipAll // nothing of this kind was made: a catalogue without files, say
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		target := filepath.Join(into, name)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		files++
		err = folder.Link(path, target)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("two sources for /%s: %s and another", filepath.ToSlash(name), source)
		}
		return err
	})
	return files, err
}
