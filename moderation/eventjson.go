package moderation

import (
	"encoding/hex"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
)

// The JSON of most events and of their leaves is a handful of strings and numbers.
// Writing it member by member takes a fifth of what reflection does, three times for
// each event there is; what is written is the same to the byte.

// appendString appends s as JSON. A byte that is not UTF-8 becomes U+FFFD.
func appendString(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // its error tells of such bytes
	return b
}

// appendTold appends a member that is left out where it is empty.
func appendTold(b []byte, name, s string) []byte {
	if s == "" {
		return b
	}
	return appendString(append(appendName(b, name), ':'), s)
}

func appendCount(b []byte, name string, n int64) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(append(appendName(b, name), ':'), n, 10)
}

// appendName appends the name of a member, which needs no escapes.
func appendName(b []byte, name string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, name...)
	return append(b, '"')
}

// appendDetail is EventDetail for an event that has no part of its own kind; false
// for others.
func appendDetail(b []byte, e *feed.Event) ([]byte, bool) {
	if e.Gap != nil || e.Order != nil || e.Product != nil || e.Speech != nil {
		return b, false
	}
	b = append(b, '{')
	b = appendCount(b, "amount_fen", e.AmountFen)
	b = appendTold(b, "channel", e.Channel)
	b = appendTold(b, "clears", e.Clears)
	b = appendTold(b, "code", e.Code)
	b = appendCount(b, "count", e.Count)
	b = appendTold(b, "epoch", e.Epoch)
	b = appendCount(b, "offset", e.Offset)
	b = appendTold(b, "order_id", e.OrderID)
	b = appendTold(b, "retracts", e.Retracts)
	b = appendTold(b, "severity", e.Severity)
	b = appendTold(b, "status", e.Status)
	if u := e.User; u.ID != "" || u.Name != "" || u.Role != "" {
		b = append(appendName(b, "user"), ':', '{')
		b = appendTold(b, "id", u.ID)
		b = appendTold(b, "name", u.Name)
		b = appendTold(b, "role", string(u.Role))
		b = append(b, '}')
	}
	return append(b, '}'), true
}

// appendRow appends what an event's row hash is made of, whose members are all there.
func appendRow(b []byte, e *feed.Event, detail []byte) []byte {
	b = strconv.AppendInt(append(b, `{"at":`...), Stamp(e.At), 10)
	b = append(append(b, `,"detail":`...), detail...)
	b = appendString(append(b, `,"id":`...), e.ID)
	b = appendString(append(b, `,"kind":`...), string(e.Kind))
	b = strconv.AppendInt(append(b, `,"recv":`...), Stamp(e.Recv), 10)
	b = appendString(append(b, `,"room":`...), e.Room)
	b = appendString(append(b, `,"source":`...), e.Source)
	b = appendString(append(b, `,"text":`...), e.Text)
	return append(b, '}')
}

// An eventSeen is what of an event its leaf shows.
type eventSeen struct {
	holder   int64  // 0: nobody's
	id       string // "": it tells an order's number or a person
	raw, row [32]byte
}

// appendLeaf appends the data of the event's leaf.
func appendLeaf(b []byte, e *feed.Event, seen eventSeen) []byte {
	b = append(b, '{')
	if !e.At.IsZero() {
		b = append(appendName(b, "at"), ':', '"')
		b = Unstamp(Stamp(e.At)).AppendFormat(b, time.RFC3339Nano)
		b = append(b, '"')
	}
	b = appendCount(b, "holder", seen.holder)
	if seen.holder == 0 || seen.id != "" {
		b = appendString(append(appendName(b, "id"), ':'), seen.id)
	}
	b = appendString(append(appendName(b, "kind"), ':'), string(e.Kind))
	b = append(hex.AppendEncode(append(b, `,"raw":"`...), seen.raw[:]), '"')
	b = appendString(append(b, `,"room":`...), e.Room)
	b = append(hex.AppendEncode(append(b, `,"row":"`...), seen.row[:]), '"')
	b = appendString(append(b, `,"source":`...), e.Source)
	if seen.holder != 0 {
		b = append(b, `,"v":2`...)
	}
	return append(b, '}')
}
