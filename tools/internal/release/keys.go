package release

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// The layout of a store, the same in a folder and in a bucket:
//
//	blobs/sha256/ab/<64 hex>          immutable content
//	releases/<id>.json.gz  <id>.sig   manifest and its signature, create-only
//	log/<channel>/<seq8>.json         commit record, create-only, chained by digest
//	channels/<channel>.json           pointer: a copy of the newest record, swapped by If-Match

// BlobKey is where content with that digest lies.
func BlobKey(digest string) string { return "blobs/sha256/" + digest[:2] + "/" + digest }

// ManifestKey is where the manifest of a release lies.
func ManifestKey(id string) string { return "releases/" + id + ".json.gz" }

// SignatureKey is where the signature over the manifest lies.
func SignatureKey(id string) string { return "releases/" + id + ".sig" }

// LogKey is where record seq of a channel lies.
func LogKey(channel string, seq int64) string { return fmt.Sprintf("log/%s/%08d.json", channel, seq) }

// PointerKey is where a channel says what is live.
func PointerKey(channel string) string { return "channels/" + channel + ".json" }

var channelName = regexp.MustCompile(`^(prod|staging|preview-[a-z0-9-]{1,40})$`)

// CheckChannel accepts prod, staging and preview-<name>.
func CheckChannel(name string) error {
	if !channelName.MatchString(name) {
		return fmt.Errorf("channel %q: want prod, staging or preview-<name> in lower case", name)
	}
	return nil
}

var releaseID = regexp.MustCompile(`^[0-9a-f]{12}-([0-9]{8,18})(-[0-9]{1,3})?$`)

// CheckID says whether s has the form of a release id.
func CheckID(s string) error {
	if !releaseID.MatchString(s) {
		return fmt.Errorf("release %q: want 12 hex digits, “-” and the sequence number, as “odc releases” prints it", s)
	}
	return nil
}

// Seq is the place in the channel at which a release was first published, out of its id; 0 when it is none.
func Seq(id string) int64 {
	m := releaseID.FindStringSubmatch(id)
	if m == nil {
		return 0
	}
	n, err := strconv.ParseInt(strings.TrimLeft(m[1], "0"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
