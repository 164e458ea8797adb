//go:build !linux

package publish

import "io/fs"

// identify knows of no change time that a program cannot set: every file is hashed on every run.
func identify(fs.FileInfo) identity { return identity{} }
