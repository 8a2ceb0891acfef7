package conformance

import (
	"strings"
	"time"

	"liveroom/feed"
)

// refused is a peer that does not let us in: asking again is of no use, and the
// error says what is.
func refused(p *play) {
	p.start(false)
	err := p.ended()
	if !strings.Contains(err.Error(), p.subject.Denied) {
		p.t.Errorf("the error %q does not say %q", err, p.subject.Denied)
	}
	if got := p.record(); len(got) > 0 {
		p.t.Errorf("recorded %v of a room that must not be read", got)
	}
}

// absent is a peer that is not there yet.
func absent(p *play) {
	p.gate.Shut()
	p.start(false)
	p.must(p.gate.WaitDials(3, patience))
	p.gate.Open()
	p.joins()
	all := p.messages(2)
	p.say(all...)
	p.recorded(all)
}

// beats is a room where nobody says anything for longer than a dead peer is borne.
func beats(p *play) {
	p.start(true)
	before := p.gate.Dials()
	first := p.message()
	p.say(first)
	if b, ok := p.room.(Beater); ok {
		p.must(b.WaitBeats(p.subject.Beats, patience))
	} else if p.subject.Way != Posts { // between posts there is nothing to keep
		// Pings of the websocket's, each 25 s where a minute's silence is a dead peer.
		p.must(p.gate.WaitUp(4, patience))
	}
	last := p.message()
	p.say(last)
	p.recorded(first, last)
	if got := p.gate.Dials(); got != before {
		p.t.Errorf("dialled %d times more", got-before)
	}
}

// missed is the story of a connection that was lost between two messages.
func (p *play) missed(before, meanwhile, after Message) {
	p.t.Helper()
	p.recorded(append(append([]any{before}, p.hole(meanwhile)...), after)...)
}

// stuck is a peer that neither speaks nor closes, and is there again for who dials
// anew.
func stuck(p *play) {
	p.start(true)
	before, meanwhile, after := p.message(), p.message(), p.message()
	p.say(before)
	p.recorded(before)
	p.gate.Stick()
	p.say(meanwhile)
	p.joins()
	p.say(after)
	p.missed(before, meanwhile, after)
	if s, found := p.program.told(feed.StateWaiting); p.subject.Way != Posts && (!found || s.Err == nil) {
		p.t.Errorf("nobody was told why there is no connection; states: %s", p.program.history())
	}
}

// stuckDialling is a peer that takes connections and answers none.
func stuckDialling(p *play) {
	p.start(true)
	before, meanwhile, after := p.message(), p.message(), p.message()
	p.say(before)
	p.recorded(before)
	p.gate.Hang()
	dials := p.gate.Dials()
	p.gate.Cut()
	p.must(p.gate.WaitDials(dials+2, patience))
	p.say(meanwhile)
	p.gate.Open()
	p.joins()
	p.say(after)
	p.missed(before, meanwhile, after)
}

// kicked is the peer ending the connection in its own way.
func kicked(p *play) {
	p.start(true)
	before, after := p.message(), p.message()
	p.say(before)
	p.recorded(before)
	p.must(p.room.(Kicker).Kick())
	p.joins()
	p.say(after)
	p.recorded(append(append([]any{before}, p.hole()...), after)...)
}

// handedOver is a peer that says where to go on: what it says meanwhile is heard.
func handedOver(p *play) {
	p.start(true)
	before, meanwhile, after := p.message(), p.message(), p.message()
	p.say(before)
	p.recorded(before)
	p.must(p.room.(Kicker).Kick())
	p.say(meanwhile)
	p.joins()
	p.say(after)
	p.recorded(before, meanwhile, after)
}

const (
	cuts = 3
	// tooEarly is longer than an acknowledgement is on its way.
	tooEarly = 200 * time.Millisecond
)

// cut loses the connection three times.
func cut(p *play) {
	p.start(true)
	first := p.messages(3)
	p.say(first...)
	story := []any{first}
	for range cuts {
		p.recorded(story...)
		p.gate.Shut()
		meanwhile := p.message()
		p.say(meanwhile)
		p.gate.Open()
		p.joins()
		after := p.messages(2)
		p.say(after...)
		story = append(append(story, p.hole(meanwhile)...), after)
	}
	p.recorded(story...)
	if s := p.program.source; s != nil && s.Status().Reconnects < cuts {
		p.t.Errorf("%d reconnects, want %d at least", s.Status().Reconnects, cuts)
	}
}

// torn loses the connection with half a message.
func torn(p *play) {
	p.start(true)
	before, torn, after := p.message(), p.message(), p.message()
	p.say(before)
	p.recorded(before)
	p.gate.Halve()
	p.say(torn)
	p.must(p.gate.WaitHalved(1, patience))
	p.gate.Cut()
	p.joins()
	p.say(after)
	p.missed(before, torn, after)
}

// restarted stops the program and starts it again on the same record.
func restarted(p *play) {
	p.start(true)
	before, meanwhile, after := p.messages(3), p.messages(2), p.messages(2)
	p.say(before...)
	p.recorded(before)
	p.stop()
	p.say(meanwhile...)
	p.start(true)
	p.say(after...)
	p.recorded(append(append([]any{before}, p.hole(meanwhile...)...), after)...)
}

// fullDisk is a record that cannot be written for a while: nothing is lost, nothing
// is acknowledged before, and somebody is told.
func fullDisk(p *play) {
	p.start(true)
	first := p.message()
	p.say(first)
	p.recorded(first)
	p.sink.refuse(true)
	all := p.messages(20)
	p.say(all...)
	p.must(p.sink.waitRefused(2))
	p.must(p.program.waitState(feed.StateBlocked))
	acks, acknowledged := p.room.(Acknowledged)
	var ids []string
	for _, m := range all {
		ids = append(ids, m.ID)
	}
	if acknowledged && (acks.WaitAcked(ids[:1], tooEarly) == nil || len(acks.Acked()) > 1) {
		p.t.Errorf("acknowledged %v before it was on disk", acks.Acked())
	}
	p.sink.refuse(false)
	p.recorded(first, all)
	if acknowledged {
		p.must(acks.WaitAcked(ids, patience))
	}
}

// leaving are the moments at which the program is told to leave. Nothing of it may
// stay.
var leaving = []scene{
	{name: "leave while connected", hurry: true, play: func(p *play) {
		p.start(true)
		m := p.messages(5)
		p.say(m...)
		p.recorded(m)
		p.stop()
	}},
	{name: "leave before anything was said", hurry: true, play: func(p *play) {
		p.start(true)
		p.stop()
	}},
	{name: "leave while dialling", hurry: true, play: func(p *play) {
		p.gate.Hang()
		p.start(false)
		p.must(p.gate.WaitDials(1, patience))
		p.stop()
	}},
	{name: "leave while backing off", hurry: true, play: func(p *play) {
		p.gate.Shut()
		p.start(false)
		p.must(p.gate.WaitDials(2, patience))
		p.must(p.program.waitState(p.subject.idle()))
		p.stop()
	}},
	{name: "leave a peer that stands still", hurry: true, play: func(p *play) {
		p.start(true)
		m := p.message()
		p.say(m)
		p.recorded(m)
		p.gate.Stick()
		p.stop()
	}},
	{name: "leave in the middle of a frame", hurry: true, play: func(p *play) {
		p.start(true)
		m, torn := p.message(), p.message()
		p.say(m)
		p.recorded(m)
		p.gate.Halve()
		p.say(torn)
		p.must(p.gate.WaitHalved(1, patience))
		p.stop()
		p.recorded(m)
	}},
	{name: "leave while the record cannot be written", hurry: true, play: func(p *play) {
		p.start(true)
		m := p.message()
		p.sink.refuse(true)
		p.say(m)
		p.must(p.sink.waitRefused(1))
		p.sink.refuse(false) // the disk has room again while we leave
		p.stop()
		if p.subject.Way == Posts { // what was not taken is posted again
			p.start(true)
		}
		p.recorded(m)
	}},
}
