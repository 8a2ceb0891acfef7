package tui

import (
	"liveroom/claims"
	"liveroom/feed"
)

// The rules of marks. What was said and what the sheet has stand below one
// another, and what of each the other lacks is underlined: a colour alone would
// say nothing to who does not see it. What agrees stands back.

// A marked text is text of which some cells are marked, in order and apart.
type marked struct {
	text  feed.Display
	cells [][2]int
}

func unmarked(s string) marked { return marked{text: feed.Sanitise(s)} }

// beside holds what a finding says against its fact.
func (m *Model) beside(fd *claims.Finding) (said, fact marked) {
	said, fact = unmarked(fd.Said), unmarked(m.fact(fd))
	if fd.Verdict != claims.VerdictContradicted || fd.Fact == "" {
		return said, fact
	}
	a, b := claims.Differs(fd.Said, fd.Fact)
	said.mark(fd.Said, a)
	fact.mark(fd.Fact, b)
	return said, fact
}

func (d *marked) mark(raw string, list []claims.Stretch) {
	for _, s := range list {
		if from, to := feed.Columns(raw, s.From, s.To); to > from {
			d.cells = append(d.cells, [2]int{from, to})
		}
	}
}

// wrap breaks the text into lines, which keep their marks.
func (d marked) wrap(w int) []marked {
	lines := d.text.Wrap(w)
	out := make([]marked, len(lines))
	at := 0
	for k, line := range lines {
		out[k].text = line
		for _, c := range d.cells {
			if from, to := max(c[0]-at, 0), min(c[1]-at, line.Width()); to > from {
				out[k].cells = append(out[k].cells, [2]int{from, to})
			}
		}
		at += line.Width()
	}
	return out
}

// marked appends a text with its marks; without any all of it is in the style that
// the marks would have had.
func (r *rowBuf) marked(th *theme, st style, d marked) *rowBuf {
	if len(d.cells) == 0 {
		return r.show(st, d.text)
	}
	rest, at := d.text, 0
	var part feed.Display
	for _, c := range d.cells {
		part, rest = rest.Cut(c[0] - at)
		r.show(th.plain, part)
		part, rest = rest.Cut(c[1] - c[0])
		r.show(th.mark(st), part)
		at = c[1]
	}
	return r.show(th.plain, rest)
}

// mark is a style for what is marked among what has it.
func (t *theme) mark(st style) style {
	return style{st.on + "\x1b[" + bold + "m\x1b[" + underline + "m"}
}
