package conformance

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/door"
	"liveroom/feed/door/doortest"
	"liveroom/feed/webhook/webhooktest"
)

// comersPace leaves a busy machine time for both sides' pings.
const comersPace = 20

const doorToken = "a token of the tests' door"

// A way is how one kind of tool that dials in speaks. Its methods are called from
// one goroutine, but for greet.
type way struct {
	protocol func() (feed.Protocol, error)
	options  doortest.Options
	origins  []string
	greet    func() []feed.Frame // nil: nothing
	say      func(m Message) []feed.Frame
	last     func() []feed.Frame // nil: nothing
}

// A doorRoom is a tool that dials in, and a door that a program opens to it.
type doorRoom struct {
	way
	tool     *doortest.Tool
	protocol feed.Protocol // of this start of the program
}

// newDoor lets a tool come through the gate.
func newDoor(s Stage, w way) *doorRoom {
	s.Gate.PeerDials()
	o := w.options
	o.Dial, o.Greet = s.Gate.Dial, w.greet
	if o.Path == "" {
		o.Path, o.Header = "/in/tool", http.Header{"Authorization": {"Bearer " + doorToken}}
	}
	return &doorRoom{way: w, tool: doortest.New(o)}
}

// Source is what reads the tool once it is let in.
func (r *doorRoom) Source(*feed.Config) (feed.Protocol, error) {
	p, err := r.way.protocol()
	r.protocol = p
	return p, err
}

// reads tells what reads the tool, where that is not what Source made.
func (r *doorRoom) reads(p feed.Protocol) { r.protocol = p }

// Run opens a door and reads who comes in, as the program does.
func (r *doorRoom) Run(ctx context.Context, cfg feed.Config, sink feed.Sink) error {
	d, err := door.New(door.Config{Addr: "127.0.0.1:0"})
	if err != nil {
		return err
	}
	socket := door.Socket{Name: "tool", Token: doorToken, Origins: r.origins, Subprotocols: r.options.Subprotocols}
	if cfg.Accept, err = d.Socket(socket); err != nil {
		return err
	}
	src, err := feed.NewSource(cfg, r.protocol)
	if err != nil {
		return err
	}
	at, err := d.Listen(ctx)
	if err != nil {
		return err
	}
	r.tool.At(at.String())
	defer r.tool.At("")
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx) }()
	err = src.Run(ctx, sink)
	return errors.Join(err, <-served)
}

// WaitJoined counts how often the tool was let in.
func (r *doorRoom) WaitJoined(n int, patience time.Duration) error {
	return r.tool.WaitJoined(n, patience)
}

// Say says all on the connection that is up.
func (r *doorRoom) Say(messages ...Message) error {
	var frames []feed.Frame
	for _, m := range messages {
		frames = append(frames, r.say(m)...)
	}
	r.tool.Say(frames...)
	return nil
}

// Kick is the tool's own hanging up: it is started again.
func (r *doorRoom) Kick() error {
	var last []feed.Frame
	if r.last != nil {
		last = r.last()
	}
	r.tool.Leave(last...)
	return nil
}

// Close ends the tool.
func (r *doorRoom) Close() { r.tool.Close() }

// A saying room has more to say than messages.
type sayingRoom struct {
	*doorRoom
	odd, broken func() feed.Frame
}

// Odd says what nobody knows.
func (r *sayingRoom) Odd() error { r.tool.Say(r.odd()); return nil }

// Break says what cannot be read.
func (r *sayingRoom) Break() error { r.tool.Say(r.broken()); return nil }

// comes is what no tool that dials in can, and why.
func comes(more map[Ability]string) map[Ability]string {
	all := map[Ability]string{
		Resumes:  "a tool copies what passes by and keeps nothing of it",
		Logins:   "it is the tool that shows a token, and the door's tests refuse it",
		Beats:    "the websocket's own pings keep the connection",
		HandsOff: "a tool that is started again comes by itself",
		Acks:     "a tool does not wait for an answer",
	}
	for a, why := range more {
		all[a] = why
	}
	return all
}

func fixed(text string) func() feed.Frame {
	return func() feed.Frame { return feed.Frame{Data: []byte(text)} }
}

// DoorEvents is a producer of our own events that dials in.
func DoorEvents() Subject {
	return Subject{
		Name: "cloudevents at the door", Way: DialsIn, Pace: comersPace,
		Open: func(_ testing.TB, s Stage) Room {
			room := newDoor(s, way{
				protocol: newEvents, options: doortest.Options{Subprotocols: []string{eventsSubprotocol}},
				say: func(m Message) []feed.Frame { return []feed.Frame{{Data: eventOf(m, "")}} },
			})
			return &eventsAtDoor{sayingRoom{room, fixed(eventNextYear), fixed(eventBroken)}}
		},
		Cannot: comes(nil), Secrets: []string{doorToken},
	}
}

type eventsAtDoor struct{ sayingRoom }

// Retract withdraws a message by an event of its own.
func (r *eventsAtDoor) Retract(m Message) error {
	r.tool.Say(feed.Frame{Data: retraction(m, "")})
	return nil
}

// Clear takes messages out by an event of its own.
func (r *eventsAtDoor) Clear(of Message, at time.Time) error {
	r.tool.Say(feed.Frame{Data: clearing(of, at, "")})
	return nil
}

// doors are the peers that come to us.
func doors() []Subject {
	all := []Subject{DoorEvents(), Dycast()}
	for _, format := range asr.Formats {
		all = append(all, DoorSpeech(format))
	}
	for _, platform := range webhooktest.Platforms() {
		all = append(all, Shop(platform))
	}
	return all
}
