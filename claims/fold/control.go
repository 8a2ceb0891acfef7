package fold

import (
	"strings"
	"unicode/utf8"
)

const (
	escape = '\x1b'
	csi    = '\u009b' // ESC [ in one character
)

// longestCommand bounds the search for the end of a command: text of nothing
// but beginnings would take the square of its length.
const longestCommand = 4096

// command is how many bytes a terminal takes for the control sequence that s
// begins with. Letters and digits in it are nobody's words. One that is never
// ended is the escape sign alone: what follows might be words after all.
func command(s string) int {
	if strings.HasPrefix(s, string(csi)) {
		n := utf8.RuneLen(csi)
		return n + parameters(s[n:])
	}
	if len(s) < 2 {
		return len(s)
	}
	switch s[1] {
	case '[':
		if n := parameters(s[2:]); n > 0 {
			return 2 + n
		}
		return 1
	case ']', 'P', 'X', '^', '_':
		return quoted(s)
	}
	n := 1
	for n < len(s) && s[n] >= 0x20 && s[n] <= 0x2f {
		n++
	}
	if n < len(s) && s[n] >= 0x30 && s[n] <= 0x7e {
		return n + 1
	}
	return 1
}

// parameters is the length of what follows ESC [ up to its final letter, 0
// where there is none.
func parameters(s string) int {
	n := 0
	for n < len(s) && s[n] >= 0x20 && s[n] <= 0x3f {
		n++
	}
	if n < len(s) && s[n] >= 0x40 && s[n] <= 0x7e {
		return n + 1
	}
	return 0
}

// quoted is the length of a command that carries text, such as a title or an
// address, up to the sign that ends it.
func quoted(s string) int {
	for i := 2; i < min(len(s), longestCommand) && s[i] != '\n'; i++ {
		switch {
		case s[i] == '\a':
			return i + 1
		case s[i] == escape && i+1 < len(s) && s[i+1] == '\\':
			return i + 2
		}
	}
	return 1
}
