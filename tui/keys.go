package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

// The rules of keys. One table of bindings feeds what a key does, the hints in
// the footer, the help, the palette, docs/keys.md and the [keys] of the example
// config, so that none of them can say something else than another; the words of
// the interface name a key as {key:ID}. A screen has the table as a person
// rebound it (keymap.go). A binding names where it is valid and, when it cannot
// be used, why. While something is being typed, letters are text.

// A binding is one thing a person can do by a key.
type binding struct {
	id    string // stable name; "key."+id is its help text
	keys  []string
	group string             // "group."+group is its heading in the help
	panes []pane             // where it is valid; nil: everywhere
	views []view             // nil: in every view
	foot  int                // place in the footer; 0: not there
	does  moderation.Command // what it asks the desk for; nil: nothing
	// onCase is what it asks for where a case is in hand and not a flag; nil: the same
	onCase moderation.Command
	why    func(*Model) string
	do     func(*Model) tea.Cmd
}

func (b *binding) validIn(v view, p pane) bool {
	return (b.panes == nil || slices.Contains(b.panes, p)) && (b.views == nil || slices.Contains(b.views, v))
}

// off tells why a binding cannot be used now, as a key of the catalogue.
func (b *binding) off(m *Model) string {
	does := b.does
	if b.onCase != nil && m.isCaseHere() {
		does = b.onCase
	}
	if does != nil && !m.opt.Actor.Role.May(does.Name()) {
		return "why.role"
	}
	if b.why == nil {
		return ""
	}
	return b.why(m)
}

var (
	listPanes = []pane{paneFlags, paneSpeech, paneChat, paneOrders, paneComplaints, paneCases, paneSegments, paneChecks, paneAppeals}
	flagPanes = []pane{paneFlags, paneDetail, paneProduct, paneSpeech, paneChat}
	casePanes = []pane{paneCases, paneDetail, paneEvidence, paneWindow, panePolicy, paneReply, paneChecks, paneAppeals}
	// decidePanes show what a person says yes or no to, or puts off.
	decidePanes = slices.Compact(slices.Sorted(slices.Values(slices.Concat(flagPanes, casePanes))))
	// revealPanes tell of a case, or of what is in one.
	revealPanes = []pane{paneCases, paneChecks, paneAppeals, paneDetail, paneOrders, paneComplaints, paneEvidence, paneWindow, paneReply}
)

// shippedBindings is every binding as shipped. Two may share a key where no pane of a view
// has both.
func shippedBindings() []binding {
	return slices.Concat(decideBindings(), caseBindings(), moveBindings(), layoutBindings(), programBindings())
}

func decideBindings() []binding {
	return []binding{
		{id: "confirm", keys: []string{"y"}, group: "decide", panes: decidePanes, foot: 1, does: moderation.ConfirmFlag{}, onCase: moderation.ApprovePayment{}, why: noYes, do: (*Model).sayYes},
		{id: "dismiss", keys: []string{"x"}, group: "decide", panes: decidePanes, foot: 2, does: moderation.DismissFlag{}, onCase: moderation.RefusePayment{}, why: noYes, do: (*Model).sayNo},
		{id: "dismiss_why", keys: []string{"X"}, group: "decide", panes: flagPanes, does: moderation.DismissFlag{}, why: noVerdict, do: (*Model).askDismiss},
		{id: "correct", keys: []string{"c"}, group: "decide", panes: flagPanes, foot: 3, does: moderation.CorrectHost{}, why: noFlag, do: (*Model).askCorrect},
		{id: "snooze", keys: []string{"z"}, group: "decide", panes: decidePanes, foot: 4, does: moderation.SnoozeFlag{}, onCase: moderation.SnoozeCase{}, why: noSnooze, do: (*Model).snooze},
		{id: "undo", keys: []string{"u"}, group: "decide", foot: 12, does: moderation.Undo{}, why: nothingToUndo, do: (*Model).undoLast},
		{id: "zen", keys: []string{"Z"}, group: "decide", do: (*Model).toggleZen},
		{id: "next", keys: []string{"n"}, group: "decide", foot: 6, do: (*Model).nextThing},
		{id: "open_case", keys: []string{"o"}, group: "decide", panes: []pane{paneComplaints, paneOrders}, foot: 5, does: moderation.OpenCase{}, why: cannotJoin, do: (*Model).askOpenCase},
		{id: "join", keys: []string{"o"}, group: "decide", panes: []pane{paneFlags}, does: moderation.ConfirmFlag{}, why: noOpenFlag, do: (*Model).askJoinFlag},
		{id: "blast", keys: []string{"b"}, group: "decide", panes: decidePanes, does: moderation.OpenExposed{}, why: noClaim, do: (*Model).openBlast},
		{id: "mark", keys: []string{" "}, group: "decide", panes: markPanes, why: noMark, do: (*Model).toggleMark},
		{id: "bulk", keys: []string{"B"}, group: "decide", panes: markPanes, why: noBulk, do: (*Model).openBulk},
		{id: "quiet", keys: []string{"Q"}, group: "decide", panes: flagPanes, does: moderation.RecordRule{}, why: noDismissed, do: (*Model).askQuiet},
		{id: "watch", keys: []string{"W"}, group: "decide", panes: flagPanes, does: moderation.RecordRule{}, why: noLine, do: (*Model).askWatch},
		{id: "plan_check", keys: []string{"o"}, group: "decide", panes: []pane{paneChecks, paneSegments}, foot: 5, does: moderation.PlanSpotCheck{}, why: nothingDecided, do: (*Model).askCheck},
		{id: "questions", keys: []string{"i"}, group: "decide", does: moderation.AnswerQuestion{}, why: noQuestion, do: (*Model).openQuestions},
		{id: "stuck", keys: []string{"!"}, group: "decide", why: noStuck, do: (*Model).openStuck},
		{id: "decided", keys: []string{"a"}, group: "decide", panes: []pane{paneFlags}, do: (*Model).toggleDecided},
	}
}

func caseBindings() []binding {
	return []binding{
		{id: "take", keys: []string{"t"}, group: "case", panes: casePanes, foot: 1, does: moderation.TakeCase{}, why: cannotTake, do: (*Model).takeCase},
		{id: "move", keys: []string{"m"}, group: "case", panes: casePanes, foot: 2, does: moderation.MoveCase{}, why: noMove, do: (*Model).askMove},
		{id: "resolve", keys: []string{"r"}, group: "case", panes: casePanes, foot: 3, does: moderation.MoveCase{}, why: cannotMove(moderation.CaseStateResolved), do: (*Model).askResolve},
		{id: "close", keys: []string{"D"}, group: "case", panes: casePanes, foot: 4, does: moderation.MoveCase{}, why: cannotMove(moderation.CaseStateClosed), do: (*Model).askClose},
		{id: "note", keys: []string{"w"}, group: "case", panes: casePanes, foot: 5, does: moderation.NoteCase{}, why: noCase, do: (*Model).askNote},
		{id: "answer", keys: []string{"R"}, group: "case", panes: slices.Concat(casePanes, []pane{paneComplaints}), foot: 1, does: moderation.ReplyBuyer{}, why: noAnswer, do: (*Model).openAnswer},
		{id: "assign", keys: []string{"A"}, group: "case", panes: casePanes, does: moderation.AssignCase{}, why: noOpenCase, do: (*Model).askAssign},
		{id: "escalate", keys: []string{"E"}, group: "case", panes: casePanes, does: moderation.EscalateCase{}, why: noEscalate, do: (*Model).askEscalate},
		{id: "reveal", keys: []string{"p"}, group: "case", panes: revealPanes, does: moderation.Reveal{}, why: nothingHidden, do: (*Model).askReveal},
		{id: "deeds", keys: []string{"e"}, group: "case", panes: slices.Concat(casePanes, []pane{paneChat, paneFlags}), foot: 6, why: noDeed, do: (*Model).openWork},
	}
}

func moveBindings() []binding {
	return []binding{
		{id: "down", keys: []string{"j", "down"}, group: "move", do: func(m *Model) tea.Cmd { return m.step(1) }},
		{id: "up", keys: []string{"k", "up"}, group: "move", do: func(m *Model) tea.Cmd { return m.step(-1) }},
		{id: "page_down", keys: []string{"pgdown", "ctrl+d", "ctrl+f"}, group: "move", do: func(m *Model) tea.Cmd { return m.step(m.page()) }},
		{id: "page_up", keys: []string{"pgup", "ctrl+u", "ctrl+b"}, group: "move", do: func(m *Model) tea.Cmd { return m.step(-m.page()) }},
		{id: "first", keys: []string{"home"}, group: "move", do: func(m *Model) tea.Cmd { return m.step(-farAway) }},
		{id: "last", keys: []string{"end", "G"}, group: "move", do: func(m *Model) tea.Cmd { return m.step(farAway) }},
		{id: "left", keys: []string{"h", "left"}, group: "move", do: func(m *Model) tea.Cmd { return m.sideways(-1) }},
		{id: "right", keys: []string{"l", "right"}, group: "move", do: func(m *Model) tea.Cmd { return m.sideways(1) }},
		{id: "next_pane", keys: []string{"tab"}, group: "move", foot: 11, do: func(m *Model) tea.Cmd { return m.cycle(1) }},
		{id: "prev_pane", keys: []string{"shift+tab"}, group: "move", do: func(m *Model) tea.Cmd { return m.cycle(-1) }},
		{id: "detail", keys: []string{"enter"}, group: "move", panes: append([]pane{paneRooms}, listPanes...), why: nothingSelected, do: (*Model).openDetail},
		{id: "live", keys: []string{"g"}, group: "move", foot: 7, do: (*Model).live},
		{id: "filter", keys: []string{"/"}, group: "move", panes: listPanes, foot: 8, do: (*Model).startFilter},
		{id: "find", keys: []string{"F"}, group: "move", do: (*Model).openFinder},
		{id: "views", keys: []string{"v"}, group: "move", do: (*Model).openViews},
		{id: "prev_room", keys: []string{"["}, group: "move", why: oneRoom, do: func(m *Model) tea.Cmd { return m.turnRoom(-1) }},
		{id: "next_room", keys: []string{"]"}, group: "move", why: oneRoom, do: func(m *Model) tea.Cmd { return m.turnRoom(1) }},
	}
}

func programBindings() []binding {
	return []binding{
		{id: "view_live", keys: []string{"1"}, group: "program", foot: 9, do: func(m *Model) tea.Cmd { return m.setView(viewLive) }},
		{id: "view_desk", keys: []string{"2"}, group: "program", foot: 9, do: func(m *Model) tea.Cmd { return m.setView(viewDesk) }},
		{id: "view_review", keys: []string{"3"}, group: "program", foot: 9, do: func(m *Model) tea.Cmd { return m.setView(viewReview) }},
		{id: "view_rooms", keys: []string{"4"}, group: "program", foot: 9, do: func(m *Model) tea.Cmd { return m.setView(viewRooms) }},
		{id: "sources", keys: []string{"e"}, group: "program", panes: []pane{paneRooms}, foot: 6, why: noSource, do: (*Model).openSources},
		{id: "palette", keys: []string{":", "ctrl+k"}, group: "program", foot: 10, do: (*Model).openPalette},
		{id: "help", keys: []string{"?"}, group: "program", foot: 13, do: (*Model).openHelp},
		{id: "back", keys: []string{"esc"}, group: "program", do: (*Model).back},
		{id: "redraw", keys: []string{"ctrl+l"}, group: "program", do: func(*Model) tea.Cmd { return tea.ClearScreen }},
		{id: "quit", keys: []string{"q", "ctrl+c"}, group: "program", do: (*Model).quit},
	}
}

// bound finds the binding of a key.
func (m *Model) bound(key string) *binding {
	for i := range m.keymap.bindings {
		b := &m.keymap.bindings[i]
		if slices.Contains(b.keys, key) && b.validIn(m.view, m.focused()) {
			return b
		}
	}
	return nil
}

// keys takes what a person pressed. A slow line delivers several keys in one message:
// what opens an input, and the text for it.
func (m *Model) keys(msg tea.KeyMsg) tea.Cmd {
	if !together(msg) {
		return m.stroke(msg)
	}
	var cmds []tea.Cmd
	for i, r := range msg.Runes {
		if m.takesText() {
			cmds = append(cmds, m.stroke(tea.KeyMsg{Type: tea.KeyRunes, Runes: msg.Runes[i:]}))
			break
		}
		if i > 0 && r == msg.Runes[i-1] && (r == '…' || r == '—') {
			continue // an input method types these in pairs for one key
		}
		cmds = append(cmds, m.stroke(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}))
	}
	return tea.Batch(cmds...)
}

// together tells whether a message holds several keys.
func together(msg tea.KeyMsg) bool {
	return msg.Type == tea.KeyRunes && !msg.Paste && !msg.Alt && len(msg.Runes) > 1
}

// takesText tells whether a sign that is typed is text.
func (m *Model) takesText() bool {
	if m.dialog == nil {
		return m.filterAt >= 0
	}
	_, _, typing := m.dialog.caret()
	return typing
}

// stroke takes one key, or a text: to the dialog, else to the filter being typed,
// else to the bindings.
func (m *Model) stroke(msg tea.KeyMsg) tea.Cmd {
	switch {
	case m.dialog != nil:
		return m.dialogKeys(msg)
	case m.filterAt >= 0:
		return m.filterKeys(msg)
	case msg.Paste: // pasted text is never a command
		return nil
	case msg.Type == tea.KeyRunes && !msg.Alt:
		return m.press(string(halfWidth(msg.Runes[0])))
	}
	return m.press(msg.String())
}

func (m *Model) press(key string) tea.Cmd {
	if b := m.bound(key); b != nil {
		return m.perform(b)
	}
	return nil
}

// perform is what a key or a click on its name does.
func (m *Model) perform(b *binding) tea.Cmd {
	if m.notice.wrong {
		m.notice = notice{}
	}
	if b.id != "next_pane" && b.id != "prev_pane" {
		m.visit = visit{}
	}
	return m.run(b)
}

// run performs a binding, or says why it cannot be used.
func (m *Model) run(b *binding) tea.Cmd {
	if why := b.off(m); why != "" {
		m.say(m.t.T(why))
		m.notice.wrong = true
		return nil
	}
	if b.does != nil && m.bringBack(b) {
		m.say(m.t.T("why.scrolled", m.t.T("key."+b.id)))
		m.notice.wrong = true
		return nil
	}
	return b.do(m)
}

// bringBack scrolls to what a binding is about where the wheel had gone away from
// it: nobody may decide what is not before their eyes.
func (m *Model) bringBack(b *binding) bool {
	r, here := m.here(), m.focused()
	if r == nil || b.panes == nil {
		return false
	}
	about := []pane{here}
	if slices.Contains(b.panes, paneFlags) {
		about = append(about, paneFlags)
	}
	for _, p := range about {
		if _, _, shown := m.screen().find(p); !shown || isText(p) || p == paneRooms {
			continue
		}
		l, it := &r.lists[p], m.itemsOf(r, p)
		if !l.away(it) {
			continue
		}
		i, _ := it.Find(l.selected())
		l.pick(it, i, -1)
		return true
	}
	return false
}

// halfWidth maps what a Chinese input method types on a key to that key.
func halfWidth(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '　':
		return ' '
	}
	if key, ok := ofInputMethod[r]; ok {
		return key
	}
	return r
}

// ofInputMethod are the signs of the Chinese layouts (Pinyin of Windows, macOS
// and Fcitx) that are no wide form of the key they stand on. Of 、 the keys differ:
// it is taken as /, since nothing is bound to \.
var ofInputMethod = map[rune]rune{
	'、': '/', '。': '.', '【': '[', '】': ']', '「': '[', '」': ']', '『': '{', '』': '}', '〔': '[', '〕': ']',
	'《': '<', '》': '>', '〈': '<', '〉': '>', '“': '"', '”': '"', '‘': '\'', '’': '\'', '￥': '$', '¥': '$',
	'·': '`', '…': '^', '—': '_', '–': '-', '〜': '~', '×': '*', '÷': '/', '｡': '.', '､': '/',
}

// hint is a key with what it does.
type hint struct {
	id, key, text string
	foot          int
}

// hints lists the keys that are of use now, in the order of the footer.
func (m *Model) hints() []hint {
	var out []hint
	for i := range m.keymap.bindings {
		b := &m.keymap.bindings[i]
		if b.foot == 0 || b.first() == "" || !b.validIn(m.view, m.focused()) || b.off(m) != "" {
			continue
		}
		if b.id == "live" && m.here() != nil && m.here().at.IsZero() {
			continue
		}
		if b.id == "view_"+viewKeys[m.view] {
			continue
		}
		words := "foot." + b.id
		if m.isCaseHere() && m.t.Has(words+"_case") {
			words += "_case"
		}
		out = append(out, hint{b.id, b.first(), m.t.T(words), b.foot})
	}
	slices.SortStableFunc(out, func(a, b hint) int { return a.foot - b.foot })
	return out
}
