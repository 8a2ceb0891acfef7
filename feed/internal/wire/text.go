package wire

import (
	"errors"
	"fmt"
	"hash/fnv"

	"liveroom/feed"
)

// maxErrorText keeps a hostile member name in an error from filling a log.
const maxErrorText = 200

// Clean makes an error that may quote a message fit to be shown.
func Clean(err error) error {
	s := fmt.Sprintf("%+q", err.Error())
	s = s[1 : len(s)-1]
	if len(s) > maxErrorText {
		s = s[:maxErrorText] + "..."
	}
	return errors.New(s)
}

// Quote is an untrusted word, escaped and cut so that it can stand in an error.
func Quote(s string) string {
	if len(s) > maxErrorText {
		s = s[:maxErrorText]
	}
	return fmt.Sprintf("%+q", s)
}

// ContentID names what has no id by what it is: the parts that are keys stay
// readable, the rest is hashed.
func ContentID(kind, user, when string, rest ...string) string {
	h := fnv.New64a()
	for _, s := range rest {
		_, _ = h.Write([]byte(s))
		_, _ = h.Write([]byte{0})
	}
	return fmt.Sprintf("%s:%s:%s:%016x", kind, user, when, h.Sum64())
}

// Viewer is a person without a part in the room; nobody at all when neither id
// nor name is told.
func Viewer(id string, name Scalar) feed.User {
	if id == "" && name == "" {
		return feed.User{}
	}
	return feed.User{ID: id, Name: string(name), Role: feed.RoleViewer}
}

// Product is a product that a message names; nil where it names none: a title alone
// is nobody's.
func Product(id, title Scalar) *feed.Product {
	if id == "" {
		return nil
	}
	return &feed.Product{ID: string(id), Title: string(title), Stock: -1}
}

// recentIDs is how far back a Recent remembers, well above what a relay sends
// again when it polls or reconnects.
const recentIDs = 4096

// A Recent remembers the last IDs it was asked about. The zero value is ready.
type Recent struct {
	known map[string]struct{}
	ring  []string
	next  int
}

// Seen tells whether id was asked about lately, and remembers it.
func (r *Recent) Seen(id string) bool {
	if _, ok := r.known[id]; ok {
		return true
	}
	if r.known == nil {
		r.known = make(map[string]struct{})
	}
	r.known[id] = struct{}{}
	if len(r.ring) < recentIDs {
		r.ring = append(r.ring, id)
		return false
	}
	delete(r.known, r.ring[r.next])
	r.ring[r.next] = id
	r.next = (r.next + 1) % recentIDs
	return false
}
