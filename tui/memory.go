package tui

import (
	"fmt"
	"maps"
	"sync"

	tea "github.com/charmbracelet/bubbletea"
)

// The rules of memory. What a person arranged is theirs in the next session too.
// It is read once, before the first frame, and written by a command, one at a
// time, so that the last arrangement is the one that stands. A memory that
// cannot be read or written is said and costs nothing else. But for the
// words that they looked for, no memory holds anything of the record.

// A Memory keeps one person's arrangement of the screen.
type Memory interface {
	// Load reads it. Nothing kept is the zero value. With an error, what it
	// returns is what can still be used.
	Load() (Remembered, error)
	Save(Remembered) error
}

// Remembered is what a screen remembers of a person. It is kept as JSON: fields
// may be added, and keep their names for ever.
type Remembered struct {
	// Layouts are those that a person changed, by workspace and class of sizes.
	Layouts map[string]Arrangement `json:"layouts,omitzero"`
	// Queries are those that a person asked, by list, the newest first.
	Queries map[string][]string `json:"queries,omitzero"`
	// Views are filters that they keep under a name. The list is put there whole
	// and never changed.
	Views []SavedView `json:"views,omitzero"`
}

// remember takes in what was kept. It runs before the screen does, for it reads
// a file.
func (m *Model) remember() {
	if m.opt.Memory == nil {
		return
	}
	kept, err := m.opt.Memory.Load()
	if err != nil {
		m.complain(m.t.T("say.not_remembered", m.refusal(err)))
	}
	m.kept = kept
	m.recall()
}

// keeping tells how far what is to be kept has come.
type keeping struct {
	writing bool
	stale   bool // it changed since
	failed  bool // said once, not at every change
	pen     *pen
}

// A pen writes in turn. Once the screen has ended a command that is late writes
// no more: what it has is older.
type pen struct {
	mu     sync.Mutex
	memory Memory
	down   bool
}

func (p *pen) write(k Remembered, last bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return nil
	}
	p.down = last
	return p.memory.Save(k)
}

// keptDone is what writing came to.
type keptDone struct{ err error }

// keep writes m.kept, now or when what is being written is done.
func (m *Model) keep() tea.Cmd {
	if m.opt.Memory == nil {
		return nil
	}
	if m.keeping.writing {
		m.keeping.stale = true
		return nil
	}
	m.keeping.writing, m.keeping.stale = true, false
	if m.keeping.pen == nil {
		m.keeping.pen = &pen{memory: m.opt.Memory}
	}
	pen, kept := m.keeping.pen, m.kept.clone()
	return func() tea.Msg { return keptDone{pen.write(kept, false)} }
}

// clone is a copy that a goroutine may read while the screen changes its own. What
// is in the maps is put there whole and never changed.
func (k Remembered) clone() Remembered {
	k.Layouts, k.Queries = maps.Clone(k.Layouts), maps.Clone(k.Queries)
	return k
}

func (m *Model) setKept(msg keptDone) tea.Cmd {
	m.keeping.writing = false
	if msg.err != nil && !m.keeping.failed {
		m.complain(m.t.T("say.not_kept", m.refusal(msg.err)))
	}
	m.keeping.failed = msg.err != nil
	if m.keeping.stale {
		return m.keep()
	}
	return nil
}

// keepLast writes what no command came to write, when the screen has ended. What
// failed before was said on the screen.
func (m *Model) keepLast() error {
	if !m.keeping.writing && !m.keeping.stale {
		return nil
	}
	m.keeping.writing, m.keeping.stale = false, false
	if err := m.keeping.pen.write(m.kept, true); err != nil && !m.keeping.failed {
		return fmt.Errorf("keep how the screen was arranged: %w", err)
	}
	return nil
}
