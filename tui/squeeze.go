package tui

import (
	"bytes"
	"strconv"
	"strings"
)

// The rules of squeezing. A frame is made of whole rows, padded and each piece in
// its own style, because that is what can be made piece by piece. What a terminal
// would show no differently is left out before it is written: a row is erased
// where it begins, so blanks in it need not be written; a style is set when
// something shows it. A slow line is slow by the byte.

// A squeezer writes frames with fewer bytes. The terminal's style is plain before
// and after each.
type squeezer struct {
	out        *bytes.Buffer
	has, want  string // parameters of SGR since the last reset: set, and to be set
	blanks     int    // that were not written yet
	begun      bool   // the row has been erased
	hasSpaced  bool   // blanks show in the style that is set
	wantSpaced bool   // and in the one to be set
}

// squeeze appends frame to out.
func squeeze(out *bytes.Buffer, frame []byte) {
	q := squeezer{out: out}
	for len(frame) > 0 {
		frame = frame[q.next(frame):]
	}
	q.write("")
}

// next takes in what b begins with and tells how long it was.
func (q *squeezer) next(b []byte) int {
	switch b[0] {
	case 0x1b:
		return q.sequence(b)
	case ' ':
		return q.space(b)
	case '\r', '\n':
		q.blanks, q.begun = 0, false
		q.out.WriteByte(b[0])
		return 1
	}
	n := bytes.IndexAny(b, "\x1b \r\n")
	if n < 0 {
		n = len(b)
	}
	q.begin()
	q.fill()
	q.style()
	q.out.Write(b[:n])
	return n
}

// space takes in a run of blanks.
func (q *squeezer) space(b []byte) int {
	n := 1
	for n < len(b) && b[n] == ' ' {
		n++
	}
	q.begin()
	if !q.wantSpaced {
		q.blanks += n
		return n
	}
	q.fill()
	q.style()
	q.out.Write(b[:n])
	return n
}

// jump is from how many blanks on a jump over them is shorter.
const jump = 5

// fill writes the blanks before something that is to be shown.
func (q *squeezer) fill() {
	n := q.blanks
	q.blanks = 0
	switch {
	case n >= jump:
		q.out.WriteString("\x1b[" + strconv.Itoa(n) + "C")
	case n > 0:
		if q.hasSpaced {
			q.set("")
		}
		q.out.WriteString(spaces(n))
	}
}

// begin erases the row before the first that is shown in it.
func (q *squeezer) begin() {
	if q.begun {
		return
	}
	q.begun = true
	q.set("")
	q.out.WriteString(eraseLine)
}

// style sets the style that is wanted.
func (q *squeezer) style() { q.set(q.want) }

func (q *squeezer) set(pen string) {
	switch rest, more := strings.CutPrefix(pen, q.has); {
	case pen == q.has:
		return
	case pen == "":
		q.out.WriteString("\x1b[m")
	case q.has == "":
		q.out.WriteString("\x1b[" + pen + "m")
	case more && rest[0] == ';':
		q.out.WriteString("\x1b[" + rest[1:] + "m")
	default:
		q.out.WriteString("\x1b[0;" + pen + "m")
	}
	q.has, q.hasSpaced = pen, spaced(pen)
}

// write writes a sequence that is no style, in the style that is wanted.
func (q *squeezer) write(s string) {
	q.style()
	q.out.WriteString(s)
}

// sequence takes in a control sequence.
func (q *squeezer) sequence(b []byte) int {
	end := 2
	for end < len(b) && (b[end] < 0x40 || b[end] > 0x7e) {
		end++
	}
	if len(b) < 2 || b[1] != '[' || end >= len(b) {
		q.write(string(b[:1]))
		return 1
	}
	params, whole := string(b[2:end]), string(b[:end+1])
	switch final := b[end]; {
	case final == 'm':
		q.paint(params)
	case whole == eraseLine:
		// All that is right of what was written is blank since the row began.
		q.begin()
	case final == 'G':
		q.begin()
		q.blanks = 0
		q.out.WriteString(whole)
	default:
		q.blanks, q.begun = 0, false
		q.write(whole)
	}
	return end + 1
}

// paint takes in a style.
func (q *squeezer) paint(params string) {
	switch {
	case params == "" || params == "0":
		q.want = ""
	case q.want == "":
		q.want = params
	default:
		q.want += ";" + params
	}
	q.wantSpaced = spaced(q.want)
}

// spaced tells whether blanks show in a style: all but bold, faint and a colour of
// the text may.
func spaced(pen string) bool {
	if pen == "" {
		return false
	}
	for rest := pen; rest != ""; {
		var p string
		p, rest, _ = strings.Cut(rest, ";")
		n, err := strconv.Atoi(p)
		switch {
		case err != nil:
			return true
		case n == 38 && strings.HasPrefix(rest, "5;"):
			_, rest, _ = strings.Cut(rest[2:], ";")
		case n == 38 && strings.HasPrefix(rest, "2;"):
			parts := strings.SplitN(rest, ";", 5)
			if rest = ""; len(parts) == 5 {
				rest = parts[4]
			}
		case p == bold || p == faint || n >= 30 && n < 38 || n >= 90 && n < 98:
		default:
			return true
		}
	}
	return false
}
