package draft

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// overlay shows a file system with one more file, which is not there yet.
type overlay struct {
	fs.FS
	name string
	data []byte
}

func (o overlay) Open(name string) (fs.File, error) {
	if name == o.name {
		return &overlayFile{info: overlayInfo{path.Base(name), int64(len(o.data))}, Reader: bytes.NewReader(o.data)}, nil
	}
	return o.FS.Open(name)
}

// ReadDir adds the file, or the first missing folder on the way to it.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	rest, below := strings.CutPrefix(o.name, name+"/")
	if !below {
		return entries, err
	}
	first, _, isFolder := strings.Cut(rest, "/")
	if err != nil {
		entries = nil // a folder that only the new file will make
	}
	if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == first }) {
		info := overlayInfo{first, int64(len(o.data))}
		entry := fs.FileInfoToDirEntry(info)
		if isFolder {
			entry = fs.FileInfoToDirEntry(folderInfo{info})
		}
		entries = append(entries, entry)
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
	return entries, nil
}

// Stat answers for the new folders, which WalkDir asks about.
func (o overlay) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(o.FS, name)
	if err == nil {
		return info, nil
	}
	if name == o.name {
		return overlayInfo{path.Base(name), int64(len(o.data))}, nil
	}
	return nil, err
}

type overlayFile struct {
	info overlayInfo
	io.Reader
}

func (f *overlayFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *overlayFile) Close() error               { return nil }

type overlayInfo struct {
	name string
	size int64
}

func (i overlayInfo) Name() string       { return i.name }
func (i overlayInfo) Size() int64        { return i.size }
func (i overlayInfo) Mode() fs.FileMode  { return 0o444 }
func (i overlayInfo) ModTime() time.Time { return time.Time{} }
func (i overlayInfo) IsDir() bool        { return false }
func (i overlayInfo) Sys() any           { return nil }

type folderInfo struct{ overlayInfo }

func (i folderInfo) Mode() fs.FileMode { return fs.ModeDir | 0o555 }
func (i folderInfo) IsDir() bool       { return true }
