package conformance

import (
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/kuaishou"
	"liveroom/feed/kuaishou/kuaishoutest"
)

const (
	kuaishouToken = "ku4ish0uT0ken"
	kuaishouRoom  = "xK2dLive"
)

// Kuaishou is a room over the web page's socket.
func Kuaishou() Subject {
	return Subject{
		Name: "kuaishou web", Open: func(_ testing.TB, s Stage) Room { return newKuaishou(s, true) },
		Cannot: map[Ability]string{
			Resumes:  "a push goes to who is in the room and is repeated to nobody",
			HandsOff: "the platform names no other address in the socket",
			Acks:     "heartbeats alone are said to the platform",
			Retracts: "no payload is known by which a comment is withdrawn",
			Clears:   "no payload is known by which comments are withdrawn",
		},
		Expect: func(_ Message, e *feed.Event) { onlyModerators(e) },
		Denied: "take a new token", Secrets: []string{kuaishouToken, "stale"},
		Beats: 4, // of 20 s
	}
}

// KuaishouUnnumbered is a room whose comments come without ids, as they often do.
func KuaishouUnnumbered() Subject {
	s := Kuaishou()
	s.Name = "kuaishou web without ids"
	s.Open = func(_ testing.TB, s Stage) Room { return newKuaishou(s, false) }
	s.Cannot[IDs] = "the platform leaves the ids of comments empty"
	s.Key = func(e feed.Event) string { return e.Text }
	return s
}

// A kuaishouHall is a room that is played; every second push is zipped.
type kuaishouHall struct {
	*kuaishoutest.Server
	token    string
	numbered bool
	pushes   int
}

func newKuaishou(s Stage, numbered bool) *kuaishouHall {
	r := &kuaishouHall{
		Server: kuaishoutest.New(kuaishoutest.Options{Token: kuaishouToken, LiveStreamID: kuaishouRoom}),
		token:  kuaishouToken, numbered: numbered,
	}
	if s.Denied {
		r.token = "stale"
	}
	return r
}

// Source enters the room with the page's token.
func (r *kuaishouHall) Source(*feed.Config) (feed.Protocol, error) {
	return kuaishou.New(kuaishou.Options{URL: r.URL(), Token: r.token, LiveStreamID: kuaishouRoom}), nil
}

// WaitJoined counts who entered.
func (r *kuaishouHall) WaitJoined(n int, patience time.Duration) error {
	return r.WaitEntered(n, patience)
}

// Say pushes comments.
func (r *kuaishouHall) Say(messages ...Message) error {
	const push = 310
	var comments [][]byte
	for _, m := range messages {
		text := func(num int, s string) []byte { return kuaishoutest.Text(num, []byte(s)) }
		parts := [][]byte{
			kuaishoutest.Text(2, text(1, m.Author), text(2, m.Name)), text(3, m.Text),
			kuaishoutest.Number(9, uint64(m.At.UnixMilli())),
		}
		if r.numbered {
			parts = append(parts, text(1, m.ID))
		}
		if m.Role == feed.RoleModerator {
			parts = append(parts, kuaishoutest.Text(8, kuaishoutest.Number(3, 2)))
		}
		comments = append(comments, kuaishoutest.Text(5, parts...))
	}
	r.Push(kuaishoutest.Message(push, r.pushes%2 == 1, comments...))
	r.pushes++
	return nil
}

// Kick is the error after which the platform wants to be entered again.
func (r *kuaishouHall) Kick() error {
	r.Push(kuaishoutest.Message(103, false, kuaishoutest.Number(1, 602), kuaishoutest.Text(2, []byte("session expired"))))
	return nil
}

// Odd is a payload that the platform does not have.
func (r *kuaishouHall) Odd() error {
	r.Push(kuaishoutest.Message(777, false))
	return nil
}

// Break is a zipped payload that is no zip.
func (r *kuaishouHall) Break() error {
	broken := append(kuaishoutest.Number(1, 310), kuaishoutest.Number(2, 2)...)
	r.Push(append(broken, kuaishoutest.Text(3, []byte("no zip"))...))
	return nil
}
