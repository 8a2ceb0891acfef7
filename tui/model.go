package tui

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/query"
	"liveroom/moderation/reply"
	"liveroom/tui/text"
)

// Options are what a screen stands on. Desk, Updates and Clock are required.
type Options struct {
	Desk    Desk
	Updates Updates
	Actor   moderation.Actor
	Lang    text.Lang
	// Product is what the sheet in force says of a product, nil for one that is
	// not on it. A nil Product means that there is no sheet to show.
	Product func(sku string) *sheet.Product
	// Rules tries and names what is put into the rule file; nil: there is none.
	Rules Rules
	// Replies are the templates of answers; nil: those that are shipped.
	Replies *reply.Set
	// AnswerWithin is how long a viewer's question may wait before it surfaces; 0:
	// as the desk has it.
	AnswerWithin time.Duration
	Clock        func() time.Time // the desk's time: a replayed room may run it faster
	Wall         func() time.Time // the person's time; nil: time.Now
	In           io.Reader
	Out          io.Writer
	Title        string  // of the terminal's window; made fit before it is sent
	Keys         *Keymap // what keys do; nil: as shipped
	NoColor      bool
	Mouse        bool // take the mouse; else the terminal keeps it
	// Temporary tells that the record is deleted when the program ends.
	Temporary bool
	Memory    Memory // nil: nothing is remembered
}

// Timings that a person feels.
const (
	// feedEvery is the shortest time between two updates of the feed: eyes do
	// not read faster, and it leaves most of a core to the record.
	feedEvery = 50 * time.Millisecond
	// keyRepeat is faster than a finger: a decision key that comes again within
	// it is a key held down, and a held key must not decide flag after flag.
	keyRepeat = 120 * time.Millisecond
	// noticeFor is how long a message of what happened stands.
	noticeFor = 6 * time.Second
)

// Model is the root of the screen: a tea.Model. All of its state is touched
// only by Update and View, which the framework calls from one goroutine.
type Model struct {
	opt    Options
	ctx    context.Context
	keymap *Keymap
	t      *text.Catalogue
	th     *theme
	world

	w, h  int
	view  view
	focus [viewCount]pane
	zoom  bool
	zen   bool                      // one thing at a time
	seen  [viewCount][paneCount]int // when a pane last had the focus
	turn  int
	visit visit

	moving tea.Cmd // what a change of focus has still to read
	own    own     // layouts that a person changed
	before own     // what resetting them took away

	current   string // the room on the screen
	dialog    dialog
	unasked   surprise
	later     dialog        // opened by itself while another had the keys
	filterAt  pane          // the pane whose filter is being typed; −1: none
	filterWas *query.Filter // what esc brings back
	line      queryLine
	spell     speller
	drafts    map[string]string // texts typed and not written, by what they are for
	kept      Remembered
	keeping   keeping

	notice   notice
	undo     []undoable
	pending  map[string]int          // actions that have not come back, by target
	look     moderation.Look         // what the other consoles were told
	sights   map[int64][]sight       // what was revealed, by case
	hidden   map[string]feed.Display // texts with what is a person's hidden
	lastKey  time.Time               // last decision key, to tell a held one
	started  bool                    // the first update has come
	lost     error                   // why no more updates come
	quitting bool

	drawing *picture // by View
	glass   glass
	mouse   mouse

	pace  *pace        // how fast the terminal takes what is written
	caret atomic.Int64 // where the hardware cursor belongs, packed; 0: hidden
}

// visit is a pane that tab came to and nothing was done in yet. Going on with tab
// leaves its slot as it was before: walking past is not looking.
type visit struct {
	on   bool
	pane pane
	seen int
}

// notice is a line about what just happened.
type notice struct {
	text  string
	wrong bool
	until time.Time
}

// undoable is an action whose window is still open.
type undoable struct {
	what    string
	until   time.Time
	leaves  bool // something goes outside when the window closes
	actions int  // how many of the desk's it is made of
}

// New makes the screen. It needs no terminal: send it tea.WindowSizeMsg and
// tea.KeyMsg and read View.
func New(opt Options) *Model {
	m := &Model{
		opt:      opt,
		ctx:      context.Background(),
		keymap:   opt.Keys,
		th:       newTheme(0, true),
		filterAt: -1,
		drafts:   map[string]string{},
		pending:  map[string]int{},
		pace:     &pace{},
	}
	if m.keymap == nil {
		m.keymap = shippedKeymap()
	}
	m.t = text.For(opt.Lang).WithKeys(m.keymap.label)
	if m.opt.Wall == nil {
		m.opt.Wall = time.Now
	}
	if m.opt.AnswerWithin == 0 {
		m.opt.AnswerWithin = moderation.DefaultAnswerWithin
	}
	if opt.NoColor {
		m.th = detectTheme(opt.Out, true)
	}
	m.focus = firstFocus
	if opt.Actor.Role == moderation.RoleAgent {
		m.view = viewDesk
	}
	for v, p := range m.focus {
		m.seen[v][p] = 1
	}
	m.turn = 1
	m.remember()
	return m
}

// tick moves the clocks on the screen.
type tick time.Time

// updated is what Updates.Next gave.
type updated struct {
	u   moderation.Update
	err error
}

// Init implements tea.Model.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.next(0), m.tick(), m.setTitle())
}

func (m *Model) tick() tea.Cmd {
	return tea.Tick(time.Second, func(t time.Time) tea.Msg { return tick(t) })
}

// next waits for the next update, at the earliest after wait.
func (m *Model) next(wait time.Duration) tea.Cmd {
	updates, ctx := m.opt.Updates, m.ctx
	return func() tea.Msg {
		if wait > 0 {
			select {
			case <-ctx.Done():
				return updated{err: ctx.Err()}
			case <-time.After(wait):
			}
		}
		u, err := updates.Next(ctx)
		return updated{u, err}
	}
}

func (m *Model) setTitle() tea.Cmd {
	title := m.opt.Title
	if title == "" {
		title = "liveroom"
	}
	return tea.SetWindowTitle(feed.Sanitise(title).Truncate(80).String())
}

// Update implements tea.Model.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	defer m.tellLook()
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return m, m.keys(msg)
	case tea.MouseMsg:
		return m, m.pointer(tea.MouseEvent(msg))
	}
	before := m.dialog
	cmd := m.take(msg)
	m.surprised(before)
	return m, cmd
}

// take takes in what is no key.
func (m *Model) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case updated:
		return m.update(msg)
	case tick:
		m.expire()
		m.filterMoves()
		return tea.Batch(m.tick(), m.detailCmd())
	case done:
		return m.settleAction(msg)
	case windowRead:
		m.setSpoken(msg)
	case stretchRead:
		return m.setStretch(msg)
	case turnsRead:
		m.setTurns(msg)
	case trialDue:
		return m.tryRule(msg)
	case trialRead:
		m.ruleTried(msg)
	case scenarioRead:
		m.setScenario(msg)
	case judgedRead:
		m.setJudged(msg)
	case keptDone:
		return m.setKept(msg)
	case interface{ settle(*Model) tea.Cmd }:
		return msg.settle(m)
	}
	return nil
}

func (m *Model) update(msg updated) tea.Cmd {
	if msg.err != nil {
		if !errors.Is(msg.err, context.Canceled) {
			m.lost = msg.err
		}
		return nil
	}
	first := !m.started
	m.started = true
	m.apply(&msg.u, m.opt.Clock(), m.opt.Wall())
	if m.current == "" && len(m.order) > 0 {
		m.current = m.order[0]
	}
	m.preselect()
	var more tea.Cmd
	if first {
		m.known(msg.u.Cases)
		more = m.fillFeeds(&msg.u)
	} else { // what failed before the screen was opened stands on its flag
		m.tellEffects(msg.u.Effects)
		m.tellNotices(msg.u.Notices)
	}
	return tea.Batch(m.next(m.pace.wait()), m.readTurns(), m.detailCmd(), more)
}

// tellEffects says what could not be carried out: the person asked for it, and
// the undo line that stood for it is gone.
func (m *Model) tellEffects(effects []moderation.Effect) {
	for _, e := range effects {
		if e.Kind == moderation.EffectRule && e.Status == moderation.EffectSent {
			m.say(m.t.T("say.rule_stands", feed.Sanitise(e.Target).Truncate(60).String()))
		}
		if e.Event != 0 {
			m.tellAct(&e)
			continue
		}
		if !e.Stuck() {
			continue // of a chat group that cannot be told a banner warns
		}
		target := feed.Sanitise(e.Target).Truncate(40).String()
		if f := m.room(e.Room).flags.get(e.Flag); f != nil {
			target = m.flagName(&f.v)
		}
		key := "say.not_sent"
		switch {
		case e.Status == moderation.EffectPerhaps:
			key, target = "say.act_perhaps", m.actWords(&e)+" "+target
		case e.Kind == moderation.EffectPenalty:
			key = "say.penalty_not_sent"
		case e.Kind == moderation.EffectRule:
			key = "say.rule_not_written"
		case e.Flag == 0: // no correction
			key, target = "say.act_failed", m.actWords(&e)+" "+target
		}
		m.complain(m.t.T(key, target, m.effectReason(e.Result)))
	}
}

// tellNotices says which clock is about to run out, or has; the worst of several.
func (m *Model) tellNotices(notices []moderation.NoticeItem) {
	if len(notices) == 0 {
		return
	}
	worst := notices[0]
	for _, n := range notices {
		if n.Kind == policy.NoticeBreached && worst.Kind != policy.NoticeBreached {
			worst = n
		}
	}
	told := worst.Text
	if m.opt.Lang == text.EN {
		told = worst.TextEN
	}
	said := m.t.T("say.clock", caseNumber(worst.Case), feed.Sanitise(told).Truncate(80).String())
	if more := len(notices) - 1; more > 0 {
		said += m.t.T("say.more_clocks", more)
	}
	m.complain(said)
}

// noWayOut is what a desk without a way to the host notes.
const noWayOut = "no way out configured"

func (m *Model) effectReason(result string) string {
	if result == noWayOut {
		return m.t.T("err.no_way")
	}
	return feed.Sanitise(result).Truncate(80).String()
}

// preselect chooses the first flag for a person who has chosen none, so that
// one key decides. One whose decision is on its way is not to be decided again. It
// moves neither the panes nor the focus.
func (m *Model) preselect() {
	for _, r := range m.rooms {
		l, it := &r.lists[paneFlags], m.itemsOf(r, paneFlags)
		for i := 0; l.selected() == 0 && i < it.Len(); i++ {
			if f := r.flags.get(it.ID(i)); f == nil || m.pending[m.flagName(&f.v)] == 0 {
				l.held, l.last, l.row, l.picked = it.ID(i), i, 0, true
			}
		}
		if r.subject.id == 0 && l.selected() != 0 {
			r.subject = subject{paneFlags, l.selected()}
		}
	}
}

// expire takes away what has had its time.
func (m *Model) expire() {
	if m.notice.text != "" && m.opt.Wall().After(m.notice.until) {
		m.notice = notice{}
	}
	now := m.opt.Wall()
	for len(m.undo) > 0 && !m.undo[len(m.undo)-1].until.After(now) {
		m.undo = m.undo[:len(m.undo)-1]
	}
}

// say shows a line about what happened.
func (m *Model) say(s string) {
	m.notice = notice{text: s, until: m.opt.Wall().Add(noticeFor)}
}

// complain shows what went wrong; it stands three times as long.
func (m *Model) complain(s string) {
	m.notice = notice{text: s, wrong: true, until: m.opt.Wall().Add(3 * noticeFor)}
}

// here is the room on the screen, nil while none is known.
func (m *Model) here() *room { return m.rooms[m.current] }

func (m *Model) focused() pane { return m.focus[m.view] }

// setFocus moves the keys to a pane, in another workspace where the present one
// has none.
func (m *Model) setFocus(p pane) {
	if v := m.home(p); v != m.view {
		m.view, m.zoom = v, false
	}
	m.turn++
	m.seen[m.view][p] = m.turn
	m.focus[m.view] = p
	if r := m.here(); r != nil && !isText(p) {
		if id := r.lists[p].selected(); id != 0 {
			m.meet(r, subject{p, id})
		}
	}
}

// meet tells about what is selected in the pane that got the focus. Somebody who
// stands in the past goes to its moment; the feeds of somebody who is live run on.
func (m *Model) meet(r *room, s subject) {
	if r.subject == s {
		return
	}
	m.setSubject(r, s)
	if !r.at.IsZero() {
		m.moving = tea.Batch(m.moving, m.goTo(r, r.momentOf(s), s.pane))
	}
}

func (m *Model) setSubject(r *room, s subject) {
	if r.subject != s {
		r.subject, r.scroll = s, [paneCount]int{}
	}
}

// screen is the layout of this moment.
func (m *Model) screen() screen {
	heads := len(m.bannerRows(max(m.w-1, 1)))
	if m.hasTimeline() {
		heads += m.timelineHeight()
	}
	return lay(m.w, m.h, m.layout(), m.focused(), m.zoom || m.zen, heads, m.seen[m.view])
}

// seconds counts down to 1: it never shows 0 while there is time.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
