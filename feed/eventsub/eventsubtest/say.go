package eventsubtest

import (
	"slices"
	"time"
)

// Notify sends an event to the session that is subscribed to it.
func (s *Server) Notify(subject string, event map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notify(subject, event)
}

// NotifyAt is Notify of what happened at a time.
func (s *Server) NotifyAt(at time.Time, subject string, event map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil && s.current.types[subject] {
		s.current.notify(at, subject, event)
	}
}

// Force sends an event that nobody subscribed to.
func (s *Server) Force(subject string, event map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		s.current.notify(time.Now(), subject, event)
	}
}

func (s *Server) notify(subject string, event map[string]any) {
	if s.current != nil && s.current.types[subject] {
		s.current.notify(usual, subject, event)
	}
}

func (c *client) notify(at time.Time, subject string, event map[string]any) {
	c.sendAt(at, "notification", subject, map[string]any{"subscription": map[string]any{"type": subject, "status": "enabled"}, "event": event})
}

// Chat says each text in the channel; the IDs are the texts.
func (s *Server) Chat(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range texts {
		s.notify("channel.chat.message", map[string]any{
			"broadcaster_user_id": "7", "broadcaster_user_login": s.o.Channel, "chatter_user_id": "42", "chatter_user_login": "mei",
			"chatter_user_name": "小美", "message_id": text, "message": map[string]any{"text": text},
		})
	}
}

// Move asks the session to go on at another address.
func (s *Server) Move() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.current; c != nil {
		c.send("session_reconnect", "", map[string]any{"session": map[string]any{
			"id": c.id, "status": "reconnecting", "reconnect_url": s.URL() + "?from=" + c.id,
		}})
	}
}

// Revoke ends a subscription.
func (s *Server) Revoke(subject, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != nil {
		s.current.send("revocation", subject, map[string]any{"subscription": map[string]any{"type": subject, "status": status}})
	}
}

// Hush ends the keepalives of every connection there is: it stays open, and nothing
// comes.
func (s *Server) Hush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.sessions {
		c.hushed = true
	}
}

// Break makes the next n checks of a token fail as a busy server's do.
func (s *Server) Break(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = n
}

// Cut breaks every connection without a goodbye.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, c := range s.sessions {
		_ = c.conn.Close()
		delete(s.sessions, id)
	}
	s.current = nil
	s.mu.Changed()
}

// Subscribed are the types asked for so far, in order.
func (s *Server) Subscribed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.subscribed)
}

// Said is how often a client spoke.
func (s *Server) Said() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said
}

// WaitWelcomes returns when there were n welcomes since the start, or with an
// error that says how many when patience ends.
func (s *Server) WaitWelcomes(n int, patience time.Duration) error {
	return s.mu.Wait("welcomes", n, patience, func() int { return s.welcomes })
}

// WaitJoined is the same for sessions that the chat was sent to: those that asked
// for it, and those that took over from one.
func (s *Server) WaitJoined(n int, patience time.Duration) error {
	return s.mu.Wait("sessions with the chat", n, patience, func() int { return s.joins })
}

// WaitKeepalives is the same for keepalives.
func (s *Server) WaitKeepalives(n int, patience time.Duration) error {
	return s.mu.Wait("keepalives", n, patience, func() int { return s.kept })
}

// WaitSubscribed is the same for subscriptions.
func (s *Server) WaitSubscribed(n int, patience time.Duration) error {
	return s.mu.Wait("subscriptions", n, patience, func() int { return len(s.subscribed) })
}

// WaitSessions returns when just n connections are open.
func (s *Server) WaitSessions(n int, patience time.Duration) error {
	return s.mu.Wait("sessions closed", 1, patience, func() int {
		if len(s.sessions) == n {
			return 1
		}
		return 0
	})
}
