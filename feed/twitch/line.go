package twitch

import (
	"errors"
	"strings"
)

// maxParams is the number of parameters RFC 1459 allows in one line.
const maxParams = 15

// A line is one IRC message: [@tags] [:prefix] COMMAND params [:trailing].
// Its strings share the memory of the line they were cut from.
type line struct {
	tags    string
	prefix  string
	command string
	params  []string
}

var (
	errNoCommand = errors.New("no IRC command in the line")
	errNoTarget  = errors.New("the line names no channel")
	errNoMessage = errors.New("CLEARMSG: the line names no message that is withdrawn")
)

// parseLine reads one line without its CRLF. The colon before the last
// parameter is optional, as recorded CLEARCHAT lines show.
func parseLine(s string) (line, error) {
	var l line
	if rest, ok := strings.CutPrefix(s, "@"); ok {
		l.tags, s, _ = strings.Cut(rest, " ")
	}
	s = strings.TrimLeft(s, " ")
	if rest, ok := strings.CutPrefix(s, ":"); ok {
		l.prefix, s, _ = strings.Cut(rest, " ")
	}
	s = strings.TrimLeft(s, " ")
	l.command, s, _ = strings.Cut(s, " ")
	if !isCommand(l.command) {
		return line{}, errNoCommand
	}
	for s = strings.TrimLeft(s, " "); s != ""; s = strings.TrimLeft(s, " ") {
		if rest, ok := strings.CutPrefix(s, ":"); ok {
			l.params = append(l.params, rest)
			break
		}
		if len(l.params) == maxParams-1 {
			l.params = append(l.params, s)
			break
		}
		var p string
		p, s, _ = strings.Cut(s, " ")
		l.params = append(l.params, p)
	}
	return l, nil
}

// isCommand tells whether s is letters or three digits.
func isCommand(s string) bool {
	if s == "" {
		return false
	}
	digits := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
		default:
			return false
		}
	}
	return digits == 0 || (digits == 3 && len(s) == 3)
}

// param returns the i-th parameter, or "" where the line is shorter.
func (l line) param(i int) string {
	if i < len(l.params) {
		return l.params[i]
	}
	return ""
}

// login is the sender's name in the prefix. A recorded line has an empty nick
// before "!", so the user part stands in.
func (l line) login() string {
	nick, rest, _ := strings.Cut(l.prefix, "!")
	if nick != "" {
		nick, _, _ = strings.Cut(nick, "@")
		return nick
	}
	user, _, _ := strings.Cut(rest, "@")
	return user
}

// tag returns the unescaped value of a tag, "" where it is missing or empty.
// The last of several tags with one name counts.
func (l line) tag(name string) string {
	raw := ""
	for rest := l.tags; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, ";")
		if key, value, _ := strings.Cut(pair, "="); key == name {
			raw = value
		}
	}
	return unescapeTag(raw)
}

// unescapeTag undoes the escapes of IRCv3 tag values; a backslash before any
// other character, or at the end, is dropped.
func unescapeTag(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		i++
		if i == len(s) {
			break
		}
		switch s[i] {
		case ':':
			b = append(b, ';')
		case 's':
			b = append(b, ' ')
		case 'r':
			b = append(b, '\r')
		case 'n':
			b = append(b, '\n')
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}
