package moderation

import (
	"slices"
	"time"

	"liveroom/moderation/policy"
)

// HostFacts are what no event tells of a host and policies ask for: whether and
// since when they are enrolled, and what that hangs on. The config gives them, so
// that nobody has to give them case by case; what a person gives in a case goes
// before.
type HostFacts struct {
	Host  string    // the host's id in the events; "" : whoever hosts the rooms
	Rooms []string  // the rooms they are about
	Since time.Time // from when on they hold; zero: always
	Facts policy.Facts
}

// hosts notes what is given of the host of a room. Where the case does not know
// its host, a room with one host is that one's.
func (m *matter) hosts(all []HostFacts, room, host string) {
	var here []HostFacts
	ids := make(map[string]bool)
	for _, h := range all {
		if !slices.Contains(h.Rooms, room) || h.Host != "" && host != "" && h.Host != host {
			continue
		}
		here = append(here, h)
		if h.Host != "" {
			ids[h.Host] = true
		}
	}
	// The later goes before the earlier, and what is about one host before what is
	// about any.
	slices.SortStableFunc(here, func(a, b HostFacts) int {
		if (a.Host == "") != (b.Host == "") {
			return map[bool]int{true: -1, false: 1}[a.Host == ""]
		}
		return a.Since.Compare(b.Since)
	})
	for _, h := range here {
		if h.Host != "" && host == "" && len(ids) > 1 {
			continue
		}
		for f, v := range h.Facts {
			m.know(f, v, FromConfig, firstOf(h.Host, room), h.Since)
		}
	}
}
