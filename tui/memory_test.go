package tui

import (
	"errors"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/tui/text"
)

// fakeMemory keeps what it is given, in memory.
type fakeMemory struct {
	kept  Remembered
	saves int
	fail  error
}

func (f *fakeMemory) Load() (Remembered, error) { return f.kept, f.fail }

func (f *fakeMemory) Save(k Remembered) error {
	f.saves++
	if f.fail == nil {
		f.kept = k
	}
	return f.fail
}

// TestKeepingIsOneWriteAtATime: changes that come while one is written are
// written once, after it, and what is left at the end is not lost.
func TestKeepingIsOneWriteAtATime(t *testing.T) {
	s := newStage(t, text.EN, 80, 24)
	memory := &fakeMemory{}
	s.m.opt.Memory = memory
	first := s.m.keep()
	for range 5 {
		if cmd := s.m.keep(); cmd != nil {
			t.Fatal("a second write began while the first was under way")
		}
	}
	_, again := s.m.Update(first())
	if again == nil {
		t.Fatal("what changed during the write is not written")
	}
	if _, more := s.m.Update(again()); more != nil || memory.saves != 2 {
		t.Fatalf("%d writes of six changes, more to come: %v", memory.saves, more != nil)
	}
	s.m.keep() // the program ends before its command ran
	if err := s.m.keepLast(); err != nil || memory.saves != 3 {
		t.Fatalf("at the end %d writes, error %v", memory.saves, err)
	}
	if err := s.m.keepLast(); err != nil {
		t.Fatal(err)
	}
}

func TestBrokenMemoryIsSaidAndCostsNothing(t *testing.T) {
	memory := &fakeMemory{fail: errors.New("screen.json is broken\x1b[2J")}
	m := New(Options{Desk: &fakeDesk{}, Updates: noUpdates{}, Lang: text.EN, Memory: memory, NoColor: true, Clock: start.Local})
	m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	s := &stage{t: t, m: m}
	s.has("screen.json is broken␛[2J")
	s.send(m.keep()())
	s.has("could not be kept")
}

// TestNoMemoryKeepsNothing says that a screen without one works.
func TestNoMemoryKeepsNothing(t *testing.T) {
	s := newStage(t, text.EN, 80, 24)
	if s.m.keep() != nil || s.m.keepLast() != nil {
		t.Fatal("a screen without a memory keeps something")
	}
}
