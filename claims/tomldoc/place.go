package tomldoc

import "strings"

// A place is where a key, a table or an element stands, with what is in it.
type place struct {
	line  int
	kids  map[string]*place
	items []*place
}

func (p *place) kid(name string) *place {
	if p == nil {
		return nil
	}
	return p.kids[name]
}

func (p *place) item(i int) *place {
	if p == nil || i >= len(p.items) {
		return nil
	}
	return p.items[i]
}

// enter is the place of name in p, of an array's last table.
func (p *place) enter(name string, line int) *place {
	if p.kids == nil {
		p.kids = map[string]*place{}
	}
	k := p.kids[name]
	if k == nil {
		k = &place{line: line}
		p.kids[name] = k
	}
	if n := len(k.items); n > 0 {
		return k.items[n-1]
	}
	return k
}

// maxDepth is how deeply values are looked into: what is deeper has the place
// of what it stands in.
const maxDepth = 32

// A surveyor notes the places of a text that is known to be TOML: the library
// tells the place of a syntax error only.
type surveyor struct {
	text string
	at   int
	line int
}

func survey(text string) *place {
	s := &surveyor{text: strings.TrimPrefix(text, "\ufeff"), line: 1}
	root := &place{line: 1}
	table := root
	for s.blank(true); s.at < len(s.text); s.blank(true) {
		before := s.at
		if s.text[s.at] == '[' {
			table = s.header(root)
		} else {
			s.pair(table, 0)
		}
		if s.at == before {
			s.next()
		}
	}
	return root
}

func (s *surveyor) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *surveyor) next() {
	if s.at < len(s.text) {
		if s.text[s.at] == '\n' {
			s.line++
		}
		s.at++
	}
}

// blank skips spaces and, over lines, newlines and comments.
func (s *surveyor) blank(lines bool) {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == ' ' || c == '\t' || c == '\r':
		case lines && c == '\n':
		case lines && c == '#':
			for s.at < len(s.text) && s.text[s.at] != '\n' {
				s.at++
			}
			continue
		default:
			return
		}
		s.next()
	}
}

func (s *surveyor) header(root *place) *place {
	line := s.line
	s.next()
	list := s.peek() == '['
	if list {
		s.next()
	}
	parts := s.key()
	for s.at < len(s.text) && s.peek() != '\n' {
		s.next()
	}
	p := root
	for i, part := range parts {
		if i < len(parts)-1 || !list {
			p = p.enter(part, line)
			continue
		}
		p.enter(part, line)
		k := p.kids[part]
		k.items = append(k.items, &place{line: line})
		p = k.items[len(k.items)-1]
	}
	return p
}

// key reads a dotted key up to what follows it.
func (s *surveyor) key() []string {
	var parts []string
	for {
		s.blank(false)
		switch c := s.peek(); c {
		case '"', '\'':
			parts = append(parts, s.quoted(c))
		default:
			from := s.at
			for s.at < len(s.text) && !strings.ContainsRune(" \t\r\n.=]#,{}[\"'", rune(s.text[s.at])) {
				s.at++
			}
			parts = append(parts, s.text[from:s.at])
		}
		s.blank(false)
		if s.peek() != '.' {
			return parts
		}
		s.next()
	}
}

func (s *surveyor) pair(table *place, depth int) {
	line := s.line
	parts := s.key()
	if s.peek() != '=' {
		return
	}
	s.next()
	for i, part := range parts {
		table = table.enter(part, line)
		if i == len(parts)-1 {
			table.line = line
		}
	}
	s.value(table, depth)
}

func (s *surveyor) value(p *place, depth int) {
	s.blank(false)
	switch c := s.peek(); c {
	case '"', '\'':
		s.quoted(c)
	case '[':
		s.next()
		s.list(p, depth+1)
	case '{':
		s.next()
		s.inline(p, depth+1)
	default:
		for s.at < len(s.text) && !strings.ContainsRune(",]}\n#", rune(s.text[s.at])) {
			s.at++
		}
	}
}

func (s *surveyor) list(p *place, depth int) {
	for {
		s.blank(true)
		switch s.peek() {
		case 0:
			return
		case ']':
			s.next()
			return
		case ',', '}', '=':
			s.next()
			continue
		}
		e := &place{line: s.line}
		if depth < maxDepth {
			p.items = append(p.items, e)
		}
		s.value(e, depth)
	}
}

func (s *surveyor) inline(p *place, depth int) {
	for {
		s.blank(true)
		switch s.peek() {
		case 0:
			return
		case '}':
			s.next()
			return
		}
		before := s.at
		if depth < maxDepth {
			s.pair(p, depth)
		} else {
			s.pair(&place{}, depth)
		}
		if s.at == before {
			s.next()
		}
		for s.blank(true); s.peek() == ','; s.blank(true) {
			s.next()
		}
	}
}

// quoted skips a string and returns what stands between its quotes, escapes
// as they are written.
func (s *surveyor) quoted(q byte) string {
	mark := string(q)
	if long := strings.Repeat(mark, 3); strings.HasPrefix(s.text[s.at:], long) {
		mark = long
	}
	for range mark {
		s.next()
	}
	from := s.at
	for s.at < len(s.text) {
		if strings.HasPrefix(s.text[s.at:], mark) {
			break
		}
		if q == '"' && s.text[s.at] == '\\' {
			s.next()
		} else if len(mark) == 1 && s.text[s.at] == '\n' {
			break
		}
		s.next()
	}
	inside := s.text[from:s.at]
	for range mark {
		if s.peek() == q {
			s.next()
		}
	}
	for len(mark) == 3 && s.peek() == q { // up to two more quotes belong to a long string
		s.next()
	}
	return inside
}
