package tui

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/moderation"
)

// The rules of deeds. What is done to a case less often than by a key of its own
// stands in one menu. A deed asks for what it needs, one thing after another: by
// a list where the answers are known, else by a line. Nothing is done before the
// last answer, and esc at any of them does nothing at all.

// A deed is something a person does to a case that takes a few answers.
type deed struct {
	does moderation.Command
	fits func(c *moderation.Case) bool // nil: any case
	run  func(m *Model) tea.Cmd        // a dialog of its own; nil: the questions, then make
	asks []question
	make func(m *Model, c *moderation.Case, answers []string) (moderation.Command, string)
}

// A question is one answer that a deed needs. name is its key in the catalogue.
type question struct {
	name   string
	choose func(m *Model, c *moderation.Case) []answer // nil: it is typed
	begin  func(m *Model, c *moderation.Case, answers []string) string
	empty  bool // may be left empty
}

type answer struct{ value, text string }

// optionKeys are the keys of a list's options, in their order.
const optionKeys = "123456789abcdefghijklmnopqrstuvwxyz"

// openDeeds shows what the person can do to the case.
func (m *Model) openDeeds() tea.Cmd {
	c := *m.caseHere()
	a := &ask{title: m.t.T("ask.deeds", m.caseName(&c))}
	for _, d := range deeds {
		if !d.offered(m, &c) {
			continue
		}
		a.add(m.named("do", d.does.Name()), func(m *Model) tea.Cmd {
			if d.run != nil {
				return d.run(m)
			}
			return m.goOn(&d, c, nil)
		})
	}
	m.dialog = a
	return nil
}

func (d *deed) offered(m *Model, c *moderation.Case) bool {
	if !m.opt.Actor.Role.May(d.does.Name()) || d.fits != nil && !d.fits(c) {
		return false
	}
	for _, q := range d.asks {
		if q.choose != nil && len(q.choose(m, c)) == 0 {
			return false
		}
	}
	return true
}

// add puts an option behind the others, as long as there are keys.
func (a *ask) add(text string, do func(*Model) tea.Cmd) {
	if n := len(a.options); n < len(optionKeys) {
		a.options = append(a.options, option{optionKeys[n : n+1], text, do})
	}
}

// goOn asks for the next answer, or performs the deed where all are there.
func (m *Model) goOn(d *deed, c moderation.Case, answers []string) tea.Cmd {
	if len(answers) == len(d.asks) {
		command, wrong := d.make(m, &c, answers)
		if wrong != "" {
			m.complain(wrong)
			return nil
		}
		return m.act(command, m.caseName(&c))
	}
	q := d.asks[len(answers)]
	title := m.t.T("form.deed", m.named("do", d.does.Name()), m.caseName(&c), m.t.T("ask_for."+q.name))
	next := func(m *Model, s string) tea.Cmd {
		return m.goOn(d, c, append(answers[:len(answers):len(answers)], s))
	}
	if q.choose != nil {
		a := &ask{title: title}
		for _, o := range q.choose(m, &c) {
			a.add(o.text, func(m *Model) tea.Cmd { return next(m, o.value) })
		}
		m.dialog = a
		return nil
	}
	f := &form{title: title, hint: m.t.T("form.deed_hint"), needed: !q.empty, send: next}
	if q.begin != nil {
		f.line = newInput(q.begin(m, &c, answers))
	} else {
		f.line = newInput("")
	}
	m.dialog = f
	return nil
}

func noCaseDeed(m *Model) string {
	if why := noCase(m); why != "" {
		return why
	}
	c := m.caseHere()
	for i := range deeds {
		if deeds[i].offered(m, c) {
			return ""
		}
	}
	return "why.no_deed"
}

// orderAnswers are the case's orders that keep says, and all of them together
// where there are several.
func orderAnswers(keep func(c *moderation.Case, order string) bool) func(*Model, *moderation.Case) []answer {
	return func(m *Model, c *moderation.Case) []answer {
		var out []answer
		for _, o := range c.Orders {
			if keep == nil || keep(c, o) {
				out = append(out, answer{o, m.t.T("detail.order", m.orderNumber(o, c.ID))})
			}
		}
		if len(out) > 1 {
			all := make([]string, len(out))
			for i, a := range out {
				all[i] = a.value
			}
			out = append([]answer{{strings.Join(all, "\n"), m.t.T("ask.all_orders", len(all))}}, out...)
		}
		return out
	}
}

// oneOrder are the orders one by one; "" stands for the whole case where it has
// none.
func oneOrder(m *Model, c *moderation.Case) []answer {
	if len(c.Orders) == 0 {
		return []answer{{"", m.t.T("ask.whole_case")}}
	}
	var out []answer
	for _, o := range c.Orders {
		out = append(out, answer{o, m.t.T("detail.order", m.orderNumber(o, c.ID))})
	}
	return out
}

// oneOf are answers of a section of the catalogue.
func oneOf[T ~string](section string, values ...T) func(*Model, *moderation.Case) []answer {
	return func(m *Model, _ *moderation.Case) []answer {
		var out []answer
		for _, v := range values {
			out = append(out, answer{string(v), m.named(section, string(v))})
		}
		return out
	}
}

// paymentsIn are the case's proposals in a state.
func paymentsIn(states ...moderation.PaymentState) func(*Model, *moderation.Case) []answer {
	return func(m *Model, c *moderation.Case) []answer {
		var out []answer
		for i := range c.Payments {
			p := &c.Payments[i]
			for _, s := range states {
				if p.State == s {
					out = append(out, answer{strconv.Itoa(p.ID), m.t.T("ask.payment", p.ID, money(p.AmountFen), m.orderNumber(p.Order, c.ID), m.inBoth(p.Title.ZH, p.Title.EN))})
				}
			}
		}
		return out
	}
}

func number(s string) int64 {
	n, _ := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(s), "#"), 10, 64)
	return n
}
