package feed

import (
	"unicode/utf16"
	"unicode/utf8"
)

// PlainJSON makes JSON fit for a terminal without changing what it says: every
// character that Sanitise would not show as it is becomes an escape. JSON itself
// lets through whatever is no control of seven bits, and so the eight-bit controls,
// DEL, and what reorders or hides text. b must be valid; what has nothing to escape
// is returned as it is.
func PlainJSON(b []byte) []byte {
	var out []byte
	var c scanner
	kept := 0
	for i := 0; i < len(b); {
		if ascii := b[i]; ascii < 0x7F { // a control stands between tokens: inside a string it is escaped
			c = scanner{started: ascii >= ' ', bytes: 1, prev: rune(ascii)}
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		p := c.next(string(b[i:min(i+2*utf8.UTFMax, len(b))])) // a flag is two characters
		if !p.hidden && p.text == string(b[i:i+p.n]) && (p.joins || !isMark(r)) {
			i += p.n
			continue
		}
		out = append(out, b[kept:i]...)
		out = escapeRune(out, r)
		i += size
		kept = i
	}
	if kept == 0 {
		return b
	}
	return append(out, b[kept:]...)
}

// escapeRune appends \uXXXX, twice for a character beyond the first plane.
func escapeRune(to []byte, r rune) []byte {
	if r > 0xFFFF {
		high, low := utf16.EncodeRune(r)
		return escapeRune(escapeRune(to, high), low)
	}
	const hex = "0123456789abcdef"
	return append(to, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
