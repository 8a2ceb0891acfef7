package feed

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// complete fills in what the decoder left open, and keeps times and numbers within
// reason.
func (r *run) complete(l *link, f Frame, events []Event, recv time.Time) []Event {
	var raw []byte
	_, keeps := as[Keeper](l.session)
	_, acks := as[Acker](l.session)
	for i, part := 0, 0; i < len(events); i, part = i+1, part+1 {
		e := &events[i]
		if e.Raw == nil {
			if raw == nil {
				raw = bytes.Clone(f.Data)
			}
			e.Raw = raw
		}
		Finish(e, r.cfg.Source, r.cfg.Room, part, recv)
		if note := r.skew.Clamp(e, keeps || acks || l.replaying()); note != nil {
			events = slices.Insert(events, i, *note)
			i++
		}
	}
	if acks { // what is not kept is never acknowledged
		return events
	}
	return r.storms.pass(events, recv, r.fresh)
}

// fresh tells whether e was never received before, and remembers it.
func (r *run) fresh(e *Event) bool {
	if r.tracker.remember(eventKey(e)) {
		return true
	}
	r.count(func(st *Status) { st.Duplicates++ })
	return false
}

// Finish fills in what the decoder left open in the part-th event of a message of
// source that arrived at recv, and cleans it. A room of "" keeps the event's own.
// Raw must be set.
func Finish(e *Event, source, room string, part int, recv time.Time) {
	e.Recv = recv
	if e.Source == "" {
		e.Source = source
	}
	if room != "" {
		e.Room = room
	}
	if e.ID == "" {
		e.ID = fallbackID(*e, part)
	}
	if e.At.IsZero() {
		e.At = recv
	}
	Clean(e)
}

// fallbackID names an event to which its source gave no id: by its bytes, and
// by when it arrived where the source gave no time either, since people do say
// the same thing twice.
func fallbackID(e Event, part int) string {
	sum := sha256.Sum256(e.Raw)
	id := "h:" + hex.EncodeToString(sum[:8])
	if e.At.IsZero() {
		id += ":" + strconv.FormatInt(e.Recv.UnixMilli(), 10)
	}
	if part > 0 {
		id += "." + strconv.Itoa(part)
	}
	return id
}

// Clean makes e ready for the record and the screen: every text in it becomes
// valid UTF-8, and Shown and User.Shown are set. Raw stays as it is.
func Clean(e *Event) {
	for _, s := range []*string{
		&e.ID, &e.Source, &e.Room, &e.User.ID, &e.User.Name, &e.Text, &e.Status, &e.OrderID,
		&e.Channel, &e.Code, &e.Severity, &e.Retracts, &e.Epoch,
	} {
		*s = strings.ToValidUTF8(*s, replacement)
	}
	if e.Product != nil {
		e.Product.ID = strings.ToValidUTF8(e.Product.ID, replacement)
		e.Product.Title = strings.ToValidUTF8(e.Product.Title, replacement)
	}
	if o := e.Order; o != nil {
		o.Buyer = strings.ToValidUTF8(o.Buyer, replacement)
		o.SKU = strings.ToValidUTF8(o.SKU, replacement)
		o.AddressHash = strings.ToValidUTF8(o.AddressHash, replacement)
		o.Device = strings.ToValidUTF8(o.Device, replacement)
	}
	if e.Speech != nil {
		e.Speech.Utterance = strings.ToValidUTF8(e.Speech.Utterance, replacement)
	}
	e.Shown = Sanitise(e.Text)
	e.User.Shown = Sanitise(e.User.Name)
}
