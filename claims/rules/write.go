package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"liveroom/claims"
)

// A Draft is something to be added to a rule file, in shadow.
type Draft interface {
	// TOML is the draft as it stands in a file, with a newline at its end.
	TOML() string
}

// A Scope says where a draft holds: everywhere it is silent about.
type Scope struct{ Categories, Rooms, Hosts, SKUs []string }

// A Quieting is an exemption that a person asks for: of a rule, or where that is
// "" of a category.
type Quieting struct {
	Rule     string
	Category claims.Category
	Phrase   string
	Scope    Scope
	Reason   string
	By       string
	Day      time.Time
}

// A Watching is a rule that a person asks for. Hit and Miss are its examples;
// Viewer are lines that it leaves alone since a viewer says them.
type Watching struct {
	ID        string
	Category  claims.Category
	Verdict   claims.Verdict
	Severity  claims.Severity
	Terms     []string
	Scope     Scope
	Why       string
	By        string
	Day       time.Time
	Hit, Miss []string
	Viewer    []string
}

var (
	_ Draft = Quieting{}
	_ Draft = Watching{}
)

// TOML implements Draft.
func (q Quieting) TOML() string {
	var b strings.Builder
	b.WriteString("[[exempt]]\nstate = \"shadow\"\n")
	if q.Rule != "" {
		pair(&b, "rule", q.Rule)
	} else {
		pair(&b, "category", string(q.Category))
	}
	pair(&b, "phrase", q.Phrase)
	q.Scope.write(&b)
	pair(&b, "reason", q.Reason)
	pair(&b, "by", q.By)
	fmt.Fprintf(&b, "date = %s\n", q.Day.Format(time.DateOnly))
	return b.String()
}

// TOML implements Draft.
func (w Watching) TOML() string {
	var b strings.Builder
	b.WriteString("[[rule]]\n")
	pair(&b, "id", w.ID)
	b.WriteString("state = \"shadow\"\n")
	pair(&b, "category", string(w.Category))
	pair(&b, "verdict", string(w.Verdict))
	pair(&b, "severity", string(w.Severity))
	fmt.Fprintf(&b, "terms = %s\n", list(w.Terms))
	w.Scope.write(&b)
	pair(&b, "source", w.By)
	fmt.Fprintf(&b, "checked = %s\n", w.Day.Format(time.DateOnly))
	pair(&b, "why", w.Why)
	fmt.Fprintf(&b, "hit = %s\n", list(w.Hit))
	miss := make([]string, 0, len(w.Miss)+len(w.Viewer))
	for _, s := range w.Miss {
		miss = append(miss, quoted(s))
	}
	for _, s := range w.Viewer {
		miss = append(miss, "{ text = "+quoted(s)+`, speaker = "viewer" }`)
	}
	fmt.Fprintf(&b, "miss = [%s]\n", strings.Join(miss, ", "))
	return b.String()
}

func (s Scope) write(b *strings.Builder) {
	var parts []string
	for _, p := range []struct {
		key   string
		names []string
	}{{"categories", s.Categories}, {"rooms", s.Rooms}, {"hosts", s.Hosts}, {"skus", s.SKUs}} {
		if len(p.names) > 0 {
			parts = append(parts, p.key+" = "+list(p.names))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(b, "scope = { %s }\n", strings.Join(parts, ", "))
	}
}

func pair(b *strings.Builder, key, value string) { fmt.Fprintf(b, "%s = %s\n", key, quoted(value)) }

func list(texts []string) string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = quoted(s)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// quoted is a text as TOML's basic strings have it, on one line.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Append is a file's text with a block behind all that stands in it, whose line
// ends it takes over.
func Append(text []byte, block string) []byte {
	end := "\n"
	if strings.Contains(string(text), "\r\n") {
		end = "\r\n"
		block = strings.ReplaceAll(block, "\n", end)
	}
	out := slices.Clone(text)
	if len(out) > 0 && !strings.HasSuffix(string(out), "\n") {
		out = append(out, end...)
	}
	if len(out) > 0 {
		out = append(out, end...)
	}
	return append(out, block...)
}

// Holds tells whether a file's text has the block already, on lines of its own.
func Holds(text []byte, block string) bool {
	lines := "\n" + strings.ReplaceAll(string(text), "\r\n", "\n")
	return strings.HasSuffix(block, "\n") && strings.Contains(lines, "\n"+block)
}
