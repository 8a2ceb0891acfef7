package tui

import (
	"io"
	"os"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// A style is a pair of control strings around a piece of text. The zero value
// leaves the text as it is.
type style struct {
	on string
}

const reset = "\x1b[0m"

// A theme gives every meaning its look. Three colours carry meaning (needs
// you, wrong, fine); each stands beside a mark or a word, never alone.
type theme struct {
	plain  style
	dim    style // time, ids, what is only context
	strong style // what is to be read first
	need   style // waits for a person
	wrong  style // false, failed, late
	fine   style // written, supported, live
	rule   style // lines between panes
	focus  style // the title of the pane that has the keys
	tab    style // titles that can be switched to
	key    style // a key in a hint
	doubt  style // suspicious words in speech
	banner style // what must not be overlooked
	pick   style // the selected row of the focused pane
	rest   style // the selected row of any other pane
	block  style // the rows below the first of a selected item of several
	cursor style // the place of the text cursor in an input
	struck style // withdrawn by the platform
}

// attribute codes of SGR that every terminal knows
const (
	bold      = "1"
	faint     = "2"
	underline = "4"
	reverse   = "7"
	strike    = "9"
)

// palette picks the colours for one background, each at least 4.5 times as light
// or as dark as what it can stand on (WCAG AA); with sixteen colours the
// terminal's own theme decides and suits both.
type palette struct {
	need, wrong, fine, dim, key, pick, rest string
}

var (
	darkPalette  = palette{need: "221", wrong: "210", fine: "114", dim: "248", key: "117", pick: "237", rest: "235"}
	lightPalette = palette{need: "94", wrong: "124", fine: "22", dim: "240", key: "25", pick: "254", rest: "255"}
	plainPalette = palette{need: "3", wrong: "1", fine: "2", key: "6"}
)

// newTheme makes the looks for a profile of colours.
func newTheme(profile termenv.Profile, dark bool) *theme {
	p := plainPalette
	if profile == termenv.TrueColor || profile == termenv.ANSI256 {
		p = lightPalette
		if dark {
			p = darkPalette
		}
	}
	sgr := func(fg, bg string, attrs ...string) style {
		on := ""
		for _, a := range attrs {
			on += "\x1b[" + a + "m"
		}
		if fg != "" && profile != termenv.Ascii {
			on += "\x1b[" + profile.Color(fg).Sequence(false) + "m"
		}
		if bg != "" && profile != termenv.Ascii {
			on += "\x1b[" + profile.Color(bg).Sequence(true) + "m"
		}
		return style{on}
	}
	quiet := sgr(p.dim, "")
	if p.dim == "" {
		quiet = sgr("", "", faint)
	}
	t := &theme{
		dim:    quiet,
		rule:   quiet,
		tab:    quiet,
		strong: sgr("", "", bold),
		need:   sgr(p.need, "", bold),
		wrong:  sgr(p.wrong, "", bold),
		fine:   sgr(p.fine, ""),
		focus:  sgr(p.key, "", bold),
		key:    sgr(p.key, "", bold),
		doubt:  sgr(p.need, "", bold, underline),
		banner: sgr(p.wrong, "", bold, reverse),
		cursor: sgr("", "", underline),
		struck: sgr(p.dim, "", strike),
		pick:   sgr("", p.pick),
		rest:   sgr("", p.rest),
	}
	t.block = t.pick
	if p.pick == "" {
		// A block of reversed rows would outshout what it says.
		t.pick = sgr("", "", reverse)
	}
	return t
}

// detectTheme asks the terminal what it can show. With noColor only
// attributes (bold, underline, reverse) are used.
func detectTheme(out io.Writer, noColor bool) *theme {
	if noColor || os.Getenv("NO_COLOR") != "" {
		return newTheme(termenv.Ascii, true)
	}
	r := lipgloss.NewRenderer(out)
	return newTheme(r.ColorProfile(), r.HasDarkBackground())
}
