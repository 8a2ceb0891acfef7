package feed

import "strings"

// CodeHeld is of a system event about a message that the platform holds back until
// somebody decides: Text is the message, Severity and Channel are the platform's
// reason. What becomes of it is another event, whose code ends in one of the words
// below. The IDs of both are the code, a colon and the message's own id.
const CodeHeld = "automod_hold"

// What becomes of a message that is held.
const (
	HeldApproved = "approved"
	HeldDenied   = "denied"
	HeldExpired  = "expired"
)

// heldPrefix is what the codes begin with.
const heldPrefix = "automod_"

// Held tells which message an event says is held, and what became of it; "" where it
// tells of none, or of none yet.
func Held(e *Event) (message, settled string) {
	if e.Kind != KindSystem {
		return "", ""
	}
	id, code := HeldID(e.ID)
	if code != e.Code {
		return "", ""
	}
	switch settled = strings.TrimPrefix(e.Code, heldPrefix); {
	case e.Code == CodeHeld:
		return id, ""
	case settled == HeldApproved, settled == HeldDenied, settled == HeldExpired:
		return id, settled
	}
	return "", ""
}

// HeldID takes the message's id and the code out of an event's ID.
func HeldID(id string) (message, code string) {
	code, message, ok := strings.Cut(id, ":")
	if !ok || !strings.HasPrefix(code, heldPrefix) {
		return "", ""
	}
	return message, code
}
