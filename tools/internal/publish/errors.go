package publish

import (
	"fmt"
	"strings"

	"opendata.example/odc/tools/internal/release"
)

// IntegrityError says that something in the store is not what a trusted key signed. It is never served.
type IntegrityError struct {
	Key string
	Err error
}

func (e *IntegrityError) Error() string { return e.Key + ": " + e.Err.Error() + " [STORE-INTEGRITY]" }
func (e *IntegrityError) Unwrap() error { return e.Err }

// RefusedError says which rules a release breaks. Nothing was written.
type RefusedError struct{ Refusals []release.Refusal }

func (e *RefusedError) Error() string {
	lines := make([]string, len(e.Refusals))
	for i, r := range e.Refusals {
		lines[i] = r.Message + " [" + r.ID + "]"
	}
	return "refused: " + strings.Join(lines, "; ")
}

// ConflictError says that another publisher moved the channel on. Readers see its release; ours was not committed.
type ConflictError struct {
	Rival  release.Record
	Reason string
}

func (e *ConflictError) Error() string {
	if e.Rival.Release == "" {
		return e.Reason + ": this channel of this store has no release yet [STORE-CONFLICT]"
	}
	return fmt.Sprintf("%s: number %d of %s is release %s, committed by %s [STORE-CONFLICT]", e.Reason, e.Rival.Seq, e.Rival.Channel, e.Rival.Release, e.Rival.Writer)
}

// CapabilityError says that a store cannot do what publishing rests on.
type CapabilityError struct{ Missing string }

func (e *CapabilityError) Error() string {
	return "the store lacks a needed capability: " + e.Missing + " [STORE-CAPABILITY]"
}

// PendingError says that a release is committed and its pointer is not moved yet: any next run completes it.
type PendingError struct {
	Record release.Record
	Err    error
}

func (e *PendingError) Error() string {
	return fmt.Sprintf("release %s is committed as number %d and not yet visible: %v [STORE-PENDING]", e.Record.Release, e.Record.Seq, e.Err)
}
func (e *PendingError) Unwrap() error { return e.Err }
