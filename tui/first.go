package tui

import (
	"context"
	"fmt"
	"io"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/feed"
	"liveroom/tui/text"
)

// The rules of the first screen. Who has no config yet is not sent to a manual: one
// screen leads to a broadcast to try, to a config by five questions, or to a config
// that lies elsewhere. Each answer is looked at when it is given, and what is wrong
// with it stands below it; nothing is lost by going back; nothing is written before
// the last enter, and nothing that exists is written over.

// First is what the first screen offers, and how. Its functions may read and write
// files or ask the network; they run on goroutines of their own.
type First struct {
	Lang    text.Lang
	In      io.Reader
	Out     io.Writer
	NoColor bool
	File    string        // where the config would be written
	Sources []FirstSource // what can be watched with five answers
	Record  string        // the record's file, unless another is named

	// Check tells what is wrong with the answer to a question.
	Check func(a FirstAnswers, q Question) error
	// Reach tries the address.
	Reach func(ctx context.Context, a FirstAnswers) error
	// Write writes the config and tells where it is.
	Write func(a FirstAnswers) (path string, err error)
	// Open tells what is wrong with a config.
	Open func(path string) error
	// Complete lists the paths that begin like this.
	Complete func(begin string) []string
}

// A FirstSource is a kind of source: its words stand in the catalogue under its ID.
type FirstSource struct {
	ID      string
	Address string // where it usually is
	Channel bool   // it is asked for by a channel's name, not by an address
}

// FirstAnswers are what a person answered.
type FirstAnswers struct {
	Source                       FirstSource
	Address, Room, Facts, Record string
}

// A Question is one of the five.
type Question int

// The questions, in their order.
const (
	AskSource Question = iota
	AskAddress
	AskRoom
	AskFacts
	AskRecord
	questions
)

// FirstChoice is what a person wants: the demo, a config, or with the zero value
// to leave.
type FirstChoice struct {
	Demo   bool
	Config string
}

// RunFirst shows the first screen until a person chose.
func RunFirst(ctx context.Context, opt First) (FirstChoice, error) {
	ctx, stop := endedByTerminal(ctx)
	defer stop()
	f := newFirst(opt)
	f.ctx = ctx
	f.m.th = detectTheme(opt.Out, opt.NoColor)
	if err := present(ctx, f, f.m, opt.In, opt.Out, false); err != nil {
		return FirstChoice{}, fmt.Errorf("run the first screen: %w", err)
	}
	return f.choice, nil
}

// firstPage is what the first screen shows.
type firstPage int

const (
	pageMenu firstPage = iota
	pageAsk
	pageLook // all answers, before they are written
	pageOpen
)

// firstRun is the first screen: a tea.Model.
type firstRun struct {
	opt  First
	ctx  context.Context
	m    *Model // words, looks and size; it has no desk
	page firstPage
	at   int // among the ways in, or among the sources
	q    Question
	line input

	answers [questions]string // what was answered, or stands in the line for it
	source  int
	back    bool // a question was gone back to: its answer leads to the summary

	wrong   string       // what is wrong with what was given
	busy    bool         // a command is on its way; but for a completion's, keys count for nothing
	ahead   []tea.KeyMsg // what was typed while a path was completed: it is for the whole path
	waits   bool         // it is a completion's
	hits    []string
	tried   string // the address that was tried
	reached error
	trying  bool

	choice FirstChoice
}

func newFirst(opt First) *firstRun {
	f := &firstRun{opt: opt, ctx: context.Background(), m: New(Options{Lang: opt.Lang, NoColor: opt.NoColor, Out: opt.Out})}
	f.answers[AskAddress], f.answers[AskRecord] = opt.Sources[0].Address, opt.Record
	return f
}

// given are the answers so far.
func (f *firstRun) given() FirstAnswers {
	return FirstAnswers{
		Source: f.opt.Sources[f.source], Address: f.answers[AskAddress], Room: f.answers[AskRoom],
		Facts: f.answers[AskFacts], Record: f.answers[AskRecord],
	}
}

// What commands bring back.
type (
	firstChecked struct{ err error }
	firstReached struct {
		address string
		err     error
	}
	firstWritten struct {
		path string
		err  error
	}
	firstHits struct {
		begin string
		hits  []string
	}
)

// Init implements tea.Model.
func (f *firstRun) Init() tea.Cmd { return f.m.setTitle() }

// Update implements tea.Model.
func (f *firstRun) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		f.m.w, f.m.h = msg.Width, msg.Height
	case tea.KeyMsg:
		return f, f.keys(msg)
	case firstChecked:
		f.busy = false
		return f, f.checked(msg.err)
	case firstReached:
		if msg.address == f.tried {
			f.trying, f.reached = false, msg.err
		}
	case firstWritten:
		f.busy = false
		return f, f.written(msg)
	case firstHits:
		f.busy, f.waits = false, false
		f.completed(msg)
		return f, f.catchUp()
	}
	return f, nil
}

// keys takes what was pressed: a slow line delivers a choice and the text that it asks
// for in one message.
func (f *firstRun) keys(msg tea.KeyMsg) tea.Cmd {
	if !together(msg) {
		return f.key(msg)
	}
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		cmds = append(cmds, f.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}))
	}
	return tea.Batch(cmds...)
}

func (f *firstRun) key(msg tea.KeyMsg) tea.Cmd {
	switch {
	case msg.Type == tea.KeyCtrlC:
		return tea.Quit
	case f.waits && len(f.ahead) < mostAhead:
		f.ahead = append(f.ahead, msg)
		return nil
	case f.busy:
		return nil
	}
	f.wrong = ""
	switch {
	case f.page == pageMenu:
		return f.menuKey(msg)
	case f.page == pageLook:
		return f.lookKey(msg)
	case f.page == pageAsk && f.q == AskSource:
		return f.sourceKey(msg)
	}
	return f.lineKey(msg)
}

// sign is the key of a sign, however wide it was typed; "" for what is none, or
// was pasted.
func (f *firstRun) sign(msg tea.KeyMsg) string {
	if msg.Type != tea.KeyRunes || msg.Paste || msg.Alt || len(msg.Runes) != 1 {
		return ""
	}
	return string(halfWidth(msg.Runes[0]))
}

// waysIn are the ways to begin.
var waysIn = []struct {
	key, id string
	do      func(*firstRun) tea.Cmd
}{
	{"d", "demo", func(f *firstRun) tea.Cmd { f.choice.Demo = true; return tea.Quit }},
	{"c", "connect", func(f *firstRun) tea.Cmd { f.page = pageAsk; f.ask(f.q); return nil }},
	{"o", "open", func(f *firstRun) tea.Cmd { f.page, f.line = pageOpen, newInput(""); return nil }},
	{"q", "leave", func(*firstRun) tea.Cmd { return tea.Quit }},
}

func (f *firstRun) menuKey(msg tea.KeyMsg) tea.Cmd {
	if f.moved(msg, &f.at, len(waysIn)) {
		return nil
	}
	for i, way := range waysIn {
		if key := f.sign(msg); key == way.key || msg.Type == tea.KeyEnter && i == f.at {
			f.at, f.hits = i, nil
			return way.do(f)
		}
	}
	return nil
}

// moved moves a choice up or down.
func (f *firstRun) moved(msg tea.KeyMsg, at *int, n int) bool {
	switch {
	case msg.Type == tea.KeyUp, f.sign(msg) == "k":
		*at = (*at + n - 1) % n
	case msg.Type == tea.KeyDown, f.sign(msg) == "j":
		*at = (*at + 1) % n
	default:
		return false
	}
	return true
}

// ask goes to a question with what was answered before.
func (f *firstRun) ask(q Question) {
	f.q, f.page, f.hits = q, pageAsk, nil
	f.line = newInput(f.answers[q])
}

func (f *firstRun) sourceKey(msg tea.KeyMsg) tea.Cmd {
	before := f.source
	defer func() {
		if f.source != before { // the address of the other kind does not fit
			f.answers[AskAddress] = f.opt.Sources[f.source].Address
		}
	}()
	switch n, err := strconv.Atoi(f.sign(msg)); {
	case f.moved(msg, &f.source, len(f.opt.Sources)):
	case err == nil && n >= 1 && n <= len(f.opt.Sources):
		f.source = n - 1
	case msg.Type == tea.KeyEnter:
		return f.checked(nil)
	case msg.Type == tea.KeyEsc, msg.Type == tea.KeyShiftTab:
		f.page = pageMenu
	}
	return nil
}

// lineKey edits the answer.
func (f *firstRun) lineKey(msg tea.KeyMsg) tea.Cmd {
	if f.page == pageAsk {
		defer func() { f.answers[f.q] = f.line.value() }()
	}
	switch msg.Type {
	case tea.KeyEsc:
		f.page = pageMenu
	case tea.KeyShiftTab, tea.KeyUp:
		if f.page == pageAsk {
			f.answers[f.q] = f.line.value()
			f.ask(f.q - 1)
		}
	case tea.KeyTab:
		return f.complete()
	case tea.KeyEnter, tea.KeyDown:
		return f.give()
	default:
		if f.line.key(msg) {
			f.hits = nil
		}
	}
	return nil
}

// give hands the line in.
func (f *firstRun) give() tea.Cmd {
	f.busy = true
	if f.page == pageOpen {
		path, open := f.line.value(), f.opt.Open
		return func() tea.Msg { return firstWritten{path, open(path)} }
	}
	f.answers[f.q] = f.line.value()
	a, q, check := f.given(), f.q, f.opt.Check
	return func() tea.Msg { return firstChecked{check(a, q)} }
}

// checked goes on from an answer with nothing wrong in it.
func (f *firstRun) checked(err error) tea.Cmd {
	if err != nil {
		f.wrong = err.Error()
		return nil
	}
	var cmd tea.Cmd
	if f.q == AskAddress {
		cmd = f.try()
	}
	switch {
	case f.back && f.q == AskSource:
		f.ask(AskAddress) // which hangs on it
	case f.back || f.q == questions-1:
		f.page, f.back = pageLook, false
	default:
		f.ask(f.q + 1)
	}
	return cmd
}

// try asks whether anybody is at the address.
func (f *firstRun) try() tea.Cmd {
	a, reach, ctx := f.given(), f.opt.Reach, f.ctx
	f.tried, f.trying, f.reached = a.Address, true, nil
	return func() tea.Msg { return firstReached{a.Address, reach(ctx, a)} }
}

func (f *firstRun) lookKey(msg tea.KeyMsg) tea.Cmd {
	switch n, err := strconv.Atoi(f.sign(msg)); {
	case err == nil && n >= 1 && n <= int(questions):
		f.back = true
		f.ask(Question(n - 1))
	case f.sign(msg) == "t":
		return f.try()
	case msg.Type == tea.KeyShiftTab, msg.Type == tea.KeyUp:
		f.ask(questions - 1)
	case msg.Type == tea.KeyEsc:
		f.page = pageMenu
	case msg.Type == tea.KeyEnter:
		a, write := f.given(), f.opt.Write
		f.busy = true
		return func() tea.Msg {
			path, err := write(a)
			return firstWritten{path, err}
		}
	}
	return nil
}

func (f *firstRun) written(msg firstWritten) tea.Cmd {
	if msg.err != nil {
		f.wrong = msg.err.Error()
		return nil
	}
	f.choice.Config = msg.path
	return tea.Quit
}

// complete fills in a path as far as it is clear.
func (f *firstRun) complete() tea.Cmd {
	if f.page == pageAsk && f.q != AskFacts && f.q != AskRecord {
		return nil
	}
	f.busy, f.waits = true, true
	begin, complete := f.line.value(), f.opt.Complete
	return func() tea.Msg { return firstHits{begin, complete(begin)} }
}

// mostAhead is how many keys are kept: a disk that hangs must not fill memory.
const mostAhead = 256

// catchUp takes in what was typed ahead.
func (f *firstRun) catchUp() tea.Cmd {
	var cmds []tea.Cmd
	typed := f.ahead
	f.ahead = nil
	for _, msg := range typed {
		cmds = append(cmds, f.key(msg))
	}
	return tea.Batch(cmds...)
}

func (f *firstRun) completed(msg firstHits) {
	f.hits = msg.hits
	if len(msg.hits) == 0 {
		f.wrong = f.m.t.T("first.no_path", feed.Sanitise(msg.begin).String())
		return
	}
	common := msg.hits[0]
	for _, hit := range msg.hits[1:] {
		for len(common) > 0 && (len(hit) < len(common) || hit[:len(common)] != common) {
			common = cutRune(common)
		}
	}
	if len(common) > len(msg.begin) {
		f.line = newInput(common)
		if f.page == pageAsk {
			f.answers[f.q] = common
		}
	}
	if len(msg.hits) == 1 {
		f.hits = nil
	}
}

// cutRune takes the last character away.
func cutRune(s string) string {
	r := []rune(s)
	return string(r[:len(r)-1])
}
