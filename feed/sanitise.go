package feed

import (
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Bounds of one cluster, the unit a terminal draws into one place. Without
// them two megabytes of accents fit into a single cell.
const (
	maxMarks        = 4
	maxClusterBytes = 64
)

const (
	c0Pictures   = "␀␁␂␃␄␅␆␇␈␉␊␋␌␍␎␏␐␑␒␓␔␕␖␗␘␙␚␛␜␝␞␟"
	deletePic    = "␡"
	escapePic    = "␛"
	replacement  = "\uFFFD"
	dottedCircle = "◌"
	flagLetters  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// widths never asks the locale: a desk shows the same columns on every machine,
// but for what AmbiguousWide says.
var widths = &runewidth.Condition{StrictEmojiNeutral: true}

// AmbiguousWide makes characters of ambiguous width (①, …, “, α, →) count two
// cells, as terminals set up for Chinese or Japanese may draw them. It is a
// property of the terminal that the whole program draws on: call it at start,
// before any text was measured, and never while another goroutine measures.
func AmbiguousWide(wide bool) {
	widths = &runewidth.Condition{StrictEmojiNeutral: true, EastAsianWidth: wide}
}

// IsAmbiguousWide tells whether they count two.
func IsAmbiguousWide() bool { return widths.EastAsianWidth }

// A piece is what one step of the scanner makes of its source.
type piece struct {
	text   string // what to show
	n      int    // bytes of the source it stands for
	width  int
	joins  bool // it extends the cluster before it
	hidden bool // nothing is shown for it
}

// A scanner walks through text and makes it fit for a terminal. Walking over
// its own output changes nothing, so it also finds the clusters of a Display.
type scanner struct {
	started bool
	marks   int  // in the current cluster
	bytes   int  // of the current cluster
	linked  bool // a letter that follows belongs to the current cluster
	prev    rune // last rune shown
}

// next makes the piece at the start of s, which is not empty.
func (c *scanner) next(s string) piece {
	if b := s[0]; b < utf8.RuneSelf {
		if b >= 0x20 && b < 0x7F {
			return c.base(s, 1, rune(b), 1)
		}
		return c.control(rune(b), 1)
	}
	r, n := utf8.DecodeRuneInString(s)
	switch {
	case 0x4E00 <= r && r <= 0x9FFF:
		return c.base(s, n, r, 2)
	case r == utf8.RuneError && n == 1:
		return c.replace(replacement, n, utf8.RuneError)
	case r < 0xA0:
		return c.control(r, n)
	case invisible(r):
		return piece{n: n, hidden: true}
	case isMark(r):
		return c.mark(s[:n], r)
	case 0x1F1E6 <= r && r <= 0x1F1FF:
		return c.flag(s, r, n)
	case blank(r):
		return c.replace(" ", n, ' ')
	case !shown(r):
		return c.replace(replacement, n, utf8.RuneError)
	case c.continues(r):
		return c.extend(s[:n], r, runeWidth(r), initial(r) || prefix(r))
	}
	return c.base(s, n, r, runeWidth(r))
}

func (c *scanner) base(s string, n int, r rune, width int) piece {
	*c = scanner{started: true, bytes: n, prev: r}
	return piece{text: s[:n], n: n, width: width}
}

// replace shows one character for n bytes of the source.
func (c *scanner) replace(text string, n int, r rune) piece {
	first, _ := utf8.DecodeRuneInString(text)
	p := c.base(text, len(text), r, runeWidth(first))
	p.n = n
	return p
}

func (c *scanner) control(r rune, n int) piece {
	switch {
	case r < 0x20:
		return c.replace(c0Pictures[3*r:3*r+3], n, r)
	case r == 0x7F:
		return c.replace(deletePic, n, r)
	}
	// A C1 control is ESC and the letter 0x40 below it, in one character.
	p := c.replace(escapePic+string(r-0x40), n, r)
	p.width = 2
	return p
}

// mark adds a combining character to the cluster. One with nothing before it
// would climb onto whatever stands left of the text, so it gets a carrier.
func (c *scanner) mark(s string, r rune) piece {
	width := 0
	if unicode.Is(unicode.Mc, r) {
		width = 1
	}
	if !c.started {
		p := c.base(dottedCircle+s, len(dottedCircle)+len(s), r, 1+width)
		p.n, c.marks = len(s), 1
		return p
	}
	return c.extend(s, r, width, true)
}

// extend adds a character to the cluster. Those that can pile up are left out
// when there are too many; a letter never is.
func (c *scanner) extend(s string, r rune, width int, pilesUp bool) piece {
	room := maxClusterBytes
	if linker(r) {
		room /= 2 // a letter and its marks will follow
	}
	if pilesUp && (c.marks >= maxMarks || c.bytes+len(s) > room) {
		return piece{n: len(s), hidden: true}
	}
	if pilesUp {
		c.marks++
	}
	c.linked = linker(r) || c.linked && pilesUp
	c.bytes, c.prev = c.bytes+len(s), r
	return piece{text: s, n: len(s), width: width, joins: true}
}

// flag keeps a pair of regional indicators, which is two cells everywhere, and
// turns a lone one, on whose width terminals disagree, into its letter.
func (c *scanner) flag(s string, r rune, n int) piece {
	if second, m := utf8.DecodeRuneInString(s[n:]); 0x1F1E6 <= second && second <= 0x1F1FF {
		return c.base(s, n+m, second, 2)
	}
	i := r - 0x1F1E6
	return c.replace(flagLetters[i:i+1], n, r)
}

// continues tells whether a letter belongs to the cluster before it: a Hangul
// initial after another, a second prefix sign, a letter after a linker.
func (c *scanner) continues(r rune) bool {
	return c.linked || initial(r) && initial(c.prev) || prefix(r) && prefix(c.prev)
}

func runeWidth(r rune) int { return max(1, widths.RuneWidth(r)) }

func isMark(r rune) bool {
	return r >= 0x300 && (medial(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me))
}

// invisible characters carry no ink of their own. They reorder, split or hide
// text, or make terminals disagree about its width.
func invisible(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case 0x1F3FB <= r && r <= 0x1F3FF: // skin tones
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// blank characters look like a space, whatever they are called.
func blank(r rune) bool {
	return r == 0x2800 || r != 0x3000 && unicode.Is(unicode.Zs, r)
}

// shown is true for characters that have a glyph or may have one soon: private
// use, and the planes where only ideographs are ever added.
func shown(r rune) bool {
	return unicode.IsGraphic(r) || unicode.Is(unicode.Co, r) ||
		0x20000 <= r && r <= 0x3FFFD && r&0xFFFE != 0xFFFE
}

// initial consonants of Hangul written in parts: two cells each.
func initial(r rune) bool { return 0x1100 <= r && r <= 0x115E || 0xA960 <= r && r <= 0xA97C }

// medial vowels and final consonants are drawn into the cells of the initial.
func medial(r rune) bool { return 0x1161 <= r && r <= 0x11FF || 0xD7B0 <= r && r <= 0xD7FB }

// prefix signs of Indic scripts join the letter that follows.
func prefix(r rune) bool {
	switch r {
	case 0x0D4E, 0x111C2, 0x111C3, 0x113D1, 0x1193F, 0x11941, 0x11A3A, 0x11D46, 0x11F02:
		return true
	}
	return 0x11A84 <= r && r <= 0x11A89
}

// linker signs of Indic scripts join the letters on both sides.
func linker(r rune) bool {
	switch r {
	case 0x094D, 0x09CD, 0x0ACD, 0x0B4D, 0x0C4D, 0x0D4D, 0x1039, 0x17D2, 0x1A60, 0x1B44,
		0x1BAB, 0xA9C0, 0xAAF6, 0x10A3F, 0x11133, 0x113D0, 0x1193E, 0x11A47, 0x11A99, 0x11F42:
		return true
	}
	return false
}
