package privacy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const hidden = "****"

// Name keeps the surname of a Chinese name, or the first character of another,
// with a star for each character hidden, at most three: a nickname's length
// would tell it apart.
func Name(s string) string {
	runes := []rune(strings.TrimSpace(s))
	if len(runes) == 0 {
		return ""
	}
	keep := 1
	if len(runes) > 2 && slices.Contains(doubleSurnames, string(runes[:2])) {
		keep = 2
	}
	if !unicode.IsLetter(runes[0]) && !unicode.IsDigit(runes[0]) {
		keep = 0
	}
	return string(runes[:keep]) + strings.Repeat("*", min(max(len(runes)-keep, 1), 3))
}

// Order keeps the last four characters of an order's number, of a short one
// fewer than half.
func Order(s string) string { return last(s, 4) }

// Account keeps the last two characters of a person's number or id.
func Account(s string) string { return last(s, 2) }

// Card keeps the last four digits of a bank card.
func Card(s string) string { return last(s, 4) }

func last(s string, keep int) string {
	if s == "" {
		return ""
	}
	n := utf8.RuneCountInString(s)
	keep = min(keep, (n-1)/2)
	runes := []rune(s)
	return hidden + strings.TrimLeft(string(runes[n-keep:]), "*")
}

// Phone keeps the first three and last four digits of a mobile number, of
// anything else the last two.
func Phone(s string) string {
	if out := Text(s); out != s {
		return out
	}
	return Account(s)
}

// Address keeps an address down to its district, and nothing of one in which
// none is named.
func Address(s string) string {
	if s == "" {
		return ""
	}
	if m := district.FindStringIndex(s); m != nil {
		return s[:m[1]] + hidden
	}
	return hidden
}

// Hash stands for the hash of something personal: what it is made of, an address
// or a number, is guessed too easily for it to be shown.
func Hash(s string) string {
	if s == "" {
		return ""
	}
	return hidden
}
