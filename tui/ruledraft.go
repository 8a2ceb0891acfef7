package tui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims"
	folding "liveroom/claims/fold"
	"liveroom/claims/rules"
	"liveroom/feed"
	"liveroom/moderation"
)

// A ruleScope is where a rule is to hold, as a person chooses it.
type ruleScope struct {
	name  string
	scope rules.Scope
	room  string // it is tried in; "" : in all
}

// places are those that a line's room, host and product give, the narrowest
// first, and everywhere.
func (m *Model) places(r *room, host feed.User, sku string) []ruleScope {
	var out []ruleScope
	if sku != "" {
		out = append(out, ruleScope{name: m.t.T("scope.product", feed.Sanitise(m.productName(r, sku)).Truncate(40).String()), scope: rules.Scope{SKUs: []string{sku}}})
		if m.opt.Product != nil {
			if p := m.opt.Product(sku); p != nil && p.Category != "" {
				out = append(out, ruleScope{name: m.t.T("scope.goods", string(p.Category)), scope: rules.Scope{Categories: []string{string(p.Category)}}})
			}
		}
	}
	if id := moderation.SpeakerID(host); id != "" {
		name := host.Name
		if name == "" {
			name = id
		}
		out = append(out, ruleScope{name: m.t.T("scope.host", feed.Sanitise(name).Truncate(24).String()), scope: rules.Scope{Hosts: []string{id}}})
	}
	out = append(out, ruleScope{name: m.t.T("scope.room", r.name().Truncate(24).String()), scope: rules.Scope{Rooms: []string{r.info.ID}}, room: r.info.ID})
	return append(out, ruleScope{name: m.t.T("scope.all")})
}

func choice[T any](label string, list []T, name func(T) string, pick int) *ruleField {
	f := &ruleField{label: label, pick: max(pick, 0)}
	for _, x := range list {
		f.options = append(f.options, name(x))
	}
	return f
}

func typed(label, text string) *ruleField { return &ruleField{label: label, line: newInput(text)} }

// openSheet opens the dialog of a draft and tries it at once.
func (m *Model) openSheet(r *room, s *ruleSheet) tea.Cmd {
	now := r.now(m.opt.Clock()).In(r.zone)
	s.from = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, r.zone)
	// A broadcast over midnight is one day's work.
	if begun := r.info.StartedAt; begun.Before(s.from) && now.Sub(begun) < longestDay {
		s.from = begun.In(r.zone)
	}
	s.to = now.Add(time.Minute)
	m.dialog = s
	return s.changed(0)
}

const longestDay = 20 * time.Hour

// needRules says how to get a rule file where there is none.
func (m *Model) needRules() tea.Cmd {
	m.dialog = &ask{
		title:   m.t.T("trial.no_file"),
		lines:   []string{m.t.T("trial.get_file")},
		options: []option{{"1", m.t.T("ask.understood"), func(*Model) tea.Cmd { return nil }}},
	}
	return nil
}

// noDismissed: only what somebody dismissed is quieted.
func noDismissed(m *Model) string {
	if why := noFlag(m); why != "" {
		return why
	}
	if m.flagHere().Status != moderation.FlagDismissed {
		return "why.not_dismissed"
	}
	return ""
}

// askQuiet words the exemption that a dismissed flag asks for.
func (m *Model) askQuiet() tea.Cmd {
	if m.opt.Rules == nil {
		return m.needRules()
	}
	r, f := m.here(), *m.flagHere()
	var host feed.User
	if e := r.entryAt(f.Event); e != nil {
		host = e.ev.User
	}
	where := m.places(r, host, f.Finding.SKU)
	what := []string{m.t.T("trial.by_rule", feed.Sanitise(f.Finding.Rule).Truncate(40).String()), m.t.T("trial.by_category", m.named("category", string(f.Finding.Category)))}
	s := &ruleSheet{
		title: m.t.T("trial.quiet", m.flagName(&f)), target: m.flagName(&f),
		asked: moderation.RecordRule{Room: r.info.ID, Flag: f.ID},
		fields: []*ruleField{
			typed("trial.phrase", f.Finding.Said),
			choice("trial.of", what, func(s string) string { return s }, 0),
			choice("trial.where", where, func(p ruleScope) string { return p.name }, 0),
			typed("detail.reason", cmp.Or(f.Reason, m.t.T("trial.reason", f.DecidedBy))),
		},
	}
	by, day := m.opt.Actor.Name, r.now(m.opt.Clock()).In(r.zone)
	s.draft = func() (rules.Draft, string) {
		at := where[s.fields[2].pick]
		q := rules.Quieting{Phrase: s.fields[0].line.value(), Scope: at.scope, Reason: s.fields[3].line.value(), By: by, Day: day}
		if q.Rule = f.Finding.Rule; s.fields[1].pick == 1 {
			q.Rule, q.Category = "", f.Finding.Category
		}
		return q, at.room
	}
	return m.openSheet(r, s)
}

// lineHere is the line of speech or chat that the keys act on: the selected one,
// or with the focus elsewhere the one that the flag was raised on.
func (m *Model) lineHere() *entry {
	r := m.here()
	if r == nil {
		return nil
	}
	p := m.focused()
	if p == paneDetail {
		p = r.subject.pane
	}
	switch p {
	case paneSpeech, paneChat:
		return r.ring(p).byIndex(r.lists[p].selected())
	case paneFlags:
		if f := m.flagHere(); f != nil {
			return r.entryAt(f.Event)
		}
	}
	return nil
}

// entryAt is the event of an index as the feeds hold it, nil where they do not.
func (r *room) entryAt(index int64) *entry {
	if e := r.speech.byIndex(index); e != nil {
		return e
	}
	return r.chat.byIndex(index)
}

// noLine: rules read what the broadcasters say, and a viewer claims nothing.
func noLine(m *Model) string {
	e := m.lineHere()
	switch {
	case e == nil:
		return "why.no_line"
	case !moderation.IsUtterance(&e.ev.Event):
		return "why.viewers_line"
	}
	return ""
}

var (
	watchCategories = []claims.Category{
		claims.CategoryEffect, claims.CategoryEfficacy, claims.CategoryMedical, claims.CategoryAbsolute, claims.CategoryPromise, claims.CategoryConduct, claims.CategoryOffplatform,
		claims.CategoryPrice, claims.CategoryCredential, claims.CategoryMaterial, claims.CategoryBrand, claims.CategoryOrigin, claims.CategoryIngredient, claims.CategoryWeight,
		claims.CategoryQuantity, claims.CategorySize,
	}
	watchVerdicts   = []claims.Verdict{claims.VerdictUnsupported, claims.VerdictBanned, claims.VerdictContradicted}
	watchSeverities = []claims.Severity{claims.SeverityMedium, claims.SeverityHigh, claims.SeverityLow}
)

// askWatch words the rule that a line is the example of.
func (m *Model) askWatch() tea.Cmd {
	if m.opt.Rules == nil {
		return m.needRules()
	}
	r, e := m.here(), m.lineHere()
	line, category, words := e.ev.Text, claims.CategoryEffect, stretch(strings.TrimSpace(e.ev.Text), 0)
	sku := r.info.OnAir
	for _, id := range e.flags {
		if f := r.flags.get(id); f != nil {
			category, words, sku = f.v.Finding.Category, f.v.Finding.Said, f.v.Finding.SKU
			break
		}
	}
	where := m.places(r, e.ev.User, sku)
	inRoom := slices.IndexFunc(where, func(p ruleScope) bool { return p.room != "" })
	s := &ruleSheet{
		title: m.t.T("trial.watch", feed.Sanitise(line).Truncate(40).String()), target: feed.Sanitise(words).Truncate(24).String(),
		asked: moderation.RecordRule{Room: r.info.ID, Event: e.ev.Index},
		fields: []*ruleField{
			typed("trial.words", words),
			choice("trial.category", watchCategories, func(c claims.Category) string { return m.named("category", string(c)) }, slices.Index(watchCategories, category)),
			choice("trial.verdict", watchVerdicts, func(v claims.Verdict) string { return m.named("verdict", string(v)) }, 0),
			choice("trial.severity", watchSeverities, func(s claims.Severity) string { return m.named("severity", string(s)) }, 0),
			choice("trial.where", where, func(p ruleScope) string { return p.name }, inRoom),
			typed("flag.why", m.t.T("trial.why_of", m.opt.Actor.Name)),
		},
	}
	by, now := m.opt.Actor.Name, m.opt.Wall().In(r.zone)
	before := r.saidBefore(e.ev.Index)
	s.draft = func() (rules.Draft, string) {
		at := where[s.fields[4].pick]
		w := rules.Watching{
			ID: "watch." + now.Format("20060102.150405"), Category: watchCategories[s.fields[1].pick], Verdict: watchVerdicts[s.fields[2].pick],
			Severity: watchSeverities[s.fields[3].pick], Terms: termsOf(s.fields[0].line.value()), Scope: at.scope, Why: s.fields[5].line.value(), By: by, Day: now,
		}
		examples(&w, line, before)
		return w, at.room
	}
	return m.openSheet(r, s)
}

// termsOf are the words that a person lists: between commas, of either script.
func termsOf(s string) []string {
	var out []string
	for _, t := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",，、;；|/", r) }) {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// leastMisses is how many lines a rule must leave alone, and misses how many of
// the lines before are taken for it.
const leastMisses = 2

// examples gives a rule those that the loader asks for, from what was said: the
// line, and the words by themselves; the lines before it that hold none of the
// words, and the line in a viewer's mouth.
func examples(w *rules.Watching, line string, before []string) {
	w.Hit = []string{line}
	holds := func(s string) bool {
		s = folding.String(s)
		return slices.ContainsFunc(w.Terms, func(t string) bool { return strings.Contains(s, folding.String(t)) })
	}
	for _, t := range w.Terms {
		if at := strings.Index(line, t); at >= 0 {
			if alone := stretch(line, at); alone != line {
				w.Hit = append(w.Hit, alone)
				break
			}
		}
	}
	if len(w.Hit) == 1 && len(w.Terms) > 0 {
		w.Hit = append(w.Hit, w.Terms[0])
	}
	for _, s := range before {
		if len(w.Miss) < leastMisses && !holds(s) {
			w.Miss = append(w.Miss, s)
		}
	}
	w.Viewer = []string{line}
	if len(w.Miss) == 0 && len(w.Terms) > 0 {
		w.Viewer = append(w.Viewer, w.Terms[0])
	}
}

// saidBefore are the broadcasters' lines before one, the nearest first.
func (r *room) saidBefore(index int64) []string {
	var out []string
	for _, e := range slices.Backward(r.speech.live()) {
		if e.ev.Index < index && moderation.IsUtterance(&e.ev.Event) && len(out) < 4*leastMisses {
			out = append(out, e.ev.Text)
		}
	}
	return out
}

// stretch is what stands between two marks or gaps around a place of a line.
func stretch(line string, at int) string {
	from, to := 0, len(line)
	for i, r := range line {
		if !strings.ContainsRune(" ，。！？；、,.!?;:：…~～\t\n", r) {
			continue
		}
		if i >= at {
			to = i
			break
		}
		from = i + len(string(r))
	}
	return line[from:to]
}
