package conformance

import "liveroom/feed"

// Can tells whether the protocol has an ability.
func (s *Subject) Can(a Ability) bool { return s.can(a) }

// Expected is what m should come to, for whoever lets another program than a
// feed.Source read the room.
func (s *Subject) Expected(m Message) feed.Event { return s.expected(m) }

// API is where open-live sessions are started.
func (r *biliOpenRoom) API() string { return r.platform.URL() }

// URL is nothing: the platform tells where the socket is.
func (r *biliOpenRoom) URL() string { return "" }

// At tells a tool where the door is.
func (r *doorRoom) At(addr string) { r.tool.At(addr) }

// At tells a shop where the door is.
func (r *shopRoom) At(addr string) { r.at(addr) }
