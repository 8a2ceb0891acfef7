package conformance

import (
	"strconv"
	"strings"
	"time"

	"liveroom/feed"
)

// scenes are what is asked of every source.
var scenes = []scene{
	{name: "a burst stays in order", play: burst},
	{name: "numbers beyond 2^53 stay apart", play: bigNumbers},
	{name: "what is said again is one event", needs: IDs, play: redelivered, instead: sameBytes},
	{name: "late and out of order", needs: Times, play: outOfOrder, instead: arrivals},
	{name: "a clock that is wrong", needs: Times, play: skewed, instead: arrivals},
	{name: "roles", needs: Roles, play: roles, instead: viewers},
	{name: "withdrawn", needs: Retracts, play: withdrawn, instead: nothingWithdrawn},
	{name: "cleared", needs: Clears, play: cleared, instead: nothingCleared},
	{name: "hostile text", play: hostile},
	{name: "a command of next year's", needs: Odds, play: unknown, instead: plain},
	{name: "a broken frame", needs: Breaks, play: broken, instead: plain},
	{name: "login refused", needs: Logins, play: refused, instead: absent, denied: true},
	{name: "nobody is there yet", play: absent},
	{name: "heartbeats keep the connection", play: beats, hurry: true},
	{name: "a peer that stands still is left", play: stuck, hurry: true},
	{name: "a peer that stands still while it is dialled", play: stuckDialling, hurry: true},
	{name: "kicked", needs: HandsOff, play: handedOver, instead: kicked},
	{name: "cut", play: cut},
	{name: "cut in the middle of a frame", play: torn},
	{name: "started again", play: restarted},
	{name: "a record that cannot be written", play: fullDisk},
}

// burst is many messages at once.
func burst(p *play) {
	p.start(true)
	n := 300
	if p.subject.Way == Posts { // of which each is a request, and an answer that is waited for
		n = 60
	}
	all := p.messages(n)
	for i := range all {
		all[i].Role = []feed.Role{feed.RoleViewer, feed.RoleModerator, feed.RoleHost}[i%3]
	}
	p.say(all...)
	p.recorded(all)
	for _, m := range all {
		p.same(m)
	}
}

// bigNumbers are those that a float rounds to one another.
func bigNumbers(p *play) {
	p.start(true)
	var all []Message
	for _, n := range []int64{1 << 53, 1<<53 + 1, 1<<63 - 2, 1<<63 - 1} {
		m := p.message()
		m.ID, m.Author = strconv.FormatInt(n, 10), strconv.FormatInt(n, 10)
		all = append(all, m)
	}
	p.say(all...)
	p.recorded(all)
	for _, m := range all {
		p.same(m)
	}
}

// redelivered is the same message at once, over the next connection, and to the
// program that was started again.
func redelivered(p *play) {
	p.start(true)
	m := p.messages(4)
	p.say(m[0])
	p.say(m[0])
	p.say(m[0], m[1], m[1])
	p.recorded(m[:2])
	p.gate.Cut()
	p.joins()
	p.say(m[0], m[1], m[2])
	// That something is known again proves nothing of what was said meanwhile.
	story := append([]any{m[:2]}, p.hole()...)
	p.recorded(append(story, m[2])...)
	p.stop()
	p.start(true)
	p.say(m[0], m[1], m[2], m[3])
	p.recorded(append(append(append(story, m[2]), p.hole()...), m[3])...)
}

// hole is what a connection that was away leaves in the story, where so much was
// said meanwhile.
func (p *play) hole(meanwhile ...Message) []any {
	switch {
	case p.subject.can(Resumes):
		return []any{meanwhile}
	case p.subject.Repeats:
		return []any{gap, meanwhile}
	}
	return []any{gap}
}

// sameBytes is what a protocol without ids can tell: the same bytes with the same
// time are one event; without a time people said the same twice.
func sameBytes(p *play) {
	p.start(true)
	m := p.message()
	p.say(m)
	p.must(p.sink.Wait(1, p.keep, patience))
	p.say(m)
	last := p.message()
	p.say(last)
	want := 3
	if p.subject.can(Times) {
		want = 2
	}
	p.must(p.sink.Wait(want, p.keep, patience))
	if got := p.record(); len(got) != want {
		p.t.Errorf("recorded %v, want %d", got, want)
	}
}

// outOfOrder is told in the order of arrival, with the times as they are.
func outOfOrder(p *play) {
	p.start(true)
	all := p.messages(5)
	for i, off := range []time.Duration{0, -2 * time.Second, -time.Second, -5 * time.Minute, 3 * time.Second} {
		all[i].At = all[i].At.Add(off)
	}
	p.say(all[:3]...)
	p.say(all[3:]...)
	p.recorded(all)
	for _, m := range all {
		p.same(m)
	}
}

// arrivals is what a protocol without times gets.
func arrivals(p *play) {
	p.start(true)
	all := p.messages(3)
	all[1].At = all[1].At.Add(8 * time.Hour)
	p.say(all...)
	p.recorded(all)
	for _, m := range all {
		p.same(m)
	}
	p.skews(0)
}

func (p *play) skews(want int) {
	p.t.Helper()
	if got := p.sink.Events(func(e feed.Event) bool { return e.Code == feed.CodeSkew }); len(got) != want {
		p.t.Errorf("told %d times that the peer's clock is wrong, want %d: %v", len(got), want, got)
	}
}

// skewed is a clock eight hours ahead, as of one who takes local time for UTC: what
// is to come cannot have been said. It is told once.
func skewed(p *play) {
	p.start(true)
	all := p.messages(3)
	for i := range all[:2] {
		all[i].At = all[i].At.Add(8 * time.Hour)
	}
	p.say(all...)
	p.recorded(all)
	if !p.subject.can(Clamps) {
		p.t.Logf("%s: it cannot: %s. Tested instead.", Clamps, p.subject.Cannot[Clamps])
		for _, m := range all {
			p.same(m)
		}
		p.skews(0)
		return
	}
	for _, m := range all[:2] {
		if e := p.find(m); !e.At.Equal(e.Recv) {
			p.t.Errorf("a message of the future is at %s, want its arrival at %s", e.At, e.Recv)
		}
	}
	p.same(all[2])
	p.skews(1)
}

func roles(p *play) {
	p.start(true)
	all := p.messages(3)
	for i, role := range []feed.Role{feed.RoleHost, feed.RoleModerator, feed.RoleViewer} {
		all[i].Role = role
	}
	p.say(all...)
	p.recorded(all)
	for _, m := range all {
		p.same(m)
	}
}

// viewers is roles where nobody has one: it must not be made up.
func viewers(p *play) { roles(p) }

// withdrawn is a message that the platform takes back: what was said stays.
func withdrawn(p *play) {
	p.start(true)
	all := p.messages(2)
	all[0].Paid = true // some platforms withdraw nothing else
	p.say(all...)
	p.recorded(all)
	p.must(p.room.(Retracter).Retract(all[0]))
	said := p.find(all[0])
	struckOut := func(e feed.Event) bool {
		return e.Source == said.Source && e.Retracts != "" && (e.Retracts == said.ID || e.Retracts == said.Code)
	}
	if err := p.sink.Wait(1, struckOut, patience); err != nil {
		p.t.Errorf("what was withdrawn is not struck out: %v", err)
	}
	p.same(all[0])
	p.same(all[1])
}

func nothingWithdrawn(p *play) {
	plain(p)
	if got := p.sink.Events(func(e feed.Event) bool { return e.Retracts != "" }); len(got) > 0 {
		p.t.Errorf("withdrawn: %v", got)
	}
}

// cleared is a person of whom the platform takes out all that they wrote, and then the
// whole chat: what was said stays, and stands before the event that tells so.
func cleared(p *play) {
	p.start(true)
	all := p.messages(4)
	p.say(all[:2]...)
	p.recorded(all[:2])
	for i, of := range []Message{all[0], {}} {
		clears := map[bool]string{true: feed.ClearsPerson, false: feed.ClearsChat}[of.Author != ""]
		p.must(p.room.(Clearer).Clear(of, all[0].At))
		said := p.find(all[0])
		takes := func(e feed.Event) bool {
			return e.Source == said.Source && e.Room == said.Room && e.Clears == clears && e.User.ID == of.Author
		}
		if err := p.sink.Wait(1, takes, patience); err != nil {
			p.t.Errorf("what was cleared is not struck out: %s %s: %v", clears, of.Author, err)
		}
		p.say(all[2+i])
		p.recorded(all[:3+i])
		if told := p.sink.Events(takes); len(told) == 1 && told[0].At.Before(said.At) {
			p.t.Errorf("%s at %s tells that what was said at %s is cleared", clears, told[0].At, said.At)
		}
	}
	for _, m := range all {
		p.same(m)
	}
}

func nothingCleared(p *play) {
	plain(p)
	if got := p.sink.Events(func(e feed.Event) bool { return e.Clears != "" }); len(got) > 0 {
		p.t.Errorf("cleared: %v", got)
	}
}

// plain is a room where nothing happens but talk.
func plain(p *play) {
	p.start(true)
	all := p.messages(5)
	p.say(all...)
	p.recorded(all)
}

// attacks are what a terminal obeys, and what no reader sees. A line's end is left
// out: some protocols cannot carry it.
var attacks = []string{
	"\x1b[2J\x1b[1;1Hpwned", "\x1b]0;title\x07", "\x1b]8;;http://evil.example\x07退款\x1b]8;;\x07",
	"\u202etxt.exe\u202c", "退\u200b款\u2060\ufeff", "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "\u009b31m", "\x08\x08\x7f", "=cmd|'/c calc'!A1",
}

// hostile is people who say what a terminal would obey.
func hostile(p *play) {
	p.start(true)
	var all []Message
	for _, attack := range attacks {
		m := p.message()
		m.Text += attack
		all = append(all, m)
	}
	p.say(all...)
	p.recorded(all)
	for _, m := range all {
		p.same(m)
		if s := p.find(m).Shown.String(); strings.ContainsFunc(s, forbidden) {
			p.t.Errorf("%+q would reach a terminal", s)
		}
	}
}

// forbidden are characters that a terminal obeys or hides.
func forbidden(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0x200b || r == 0xfeff
}

// unknown is a command that the program cannot know: it is counted, and what comes
// after is read.
func unknown(p *play) {
	p.start(true)
	p.odd++
	p.must(p.room.(Oddity).Odd())
	m := p.message()
	p.say(m)
	p.recorded(m)
	events := p.sink.Events(func(e feed.Event) bool { return strings.HasPrefix(e.Code, "unknown") || e.Text == "unknown" })
	if p.refusals() == 0 && len(events) == 0 {
		p.t.Error("a command that nobody knows was dropped silently")
	}
	if s := p.program.source; s != nil && s.Status().Unknown == 0 {
		p.t.Error("the status counts nothing unknown")
	}
}

func (p *play) refusals() int {
	p.program.news.Lock()
	defer p.program.news.Unlock()
	return len(p.program.refused)
}

func broken(p *play) {
	p.start(true)
	p.odd++
	p.must(p.room.(Breaker).Break())
	m := p.message()
	p.say(m)
	p.recorded(m)
	if p.refusals() == 0 {
		p.t.Error("a frame that cannot be read was dropped silently")
	}
	if s := p.program.source; s != nil && s.Status().Refused == 0 {
		p.t.Error("the status counts nothing refused")
	}
}
