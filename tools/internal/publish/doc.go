// Package publish applies a release to a store, follows a channel, and turns one back.
//
// The order of writes is the design: blobs, then the manifest and its signature, then the log record, whose creation
// is the commit, then the pointer. A reader sees one whole release at any moment, whichever step fails; any command
// may be killed and run again. It refuses what package release refuses, and it never overwrites what another
// publisher committed.
//
//	result, err := publish.Publish(ctx, publish.Options{Store: st, Channel: "prod", Tree: "build/public", …})
package publish
