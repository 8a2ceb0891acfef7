package tui

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/tui/text"
)

// surprising makes the screen open a dialog as a message does that some reading
// brought, whatever is open.
func (s *stage) surprising(d dialog) {
	before := s.m.dialog
	s.m.dialog = d
	s.m.surprised(before)
}

func yesOrNo(answered *string) *ask {
	answer := func(x string) func(*Model) tea.Cmd {
		return func(*Model) tea.Cmd { *answered += x; return nil }
	}
	return &ask{title: "really?", options: []option{{"n", "no", answer("n")}, {"y", "yes", answer("y")}}}
}

// TestASurpriseTakesNoKeyUntilThePersonPaused: somebody who decides flag after
// flag does not answer what opens in between.
func TestASurpriseTakesNoKeyUntilThePersonPaused(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.update(scene())
	answered := ""
	s.surprising(yesOrNo(&answered))
	typing := func(gap time.Duration, keys ...string) {
		for _, k := range keys {
			s.now = s.now.Add(gap)
			s.send(keyOf(k))
		}
	}
	typing(300*time.Millisecond, "y", "y", "enter", "esc", "ctrl+c")
	s.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("yyyy")})
	if answered != "" || s.m.dialog == nil {
		t.Fatalf("answered %q without a pause", answered)
	}
	s.has("really?")
	typing(pause, "y")
	if answered != "y" || s.m.dialog != nil {
		t.Fatalf("after a pause the answer is %q", answered)
	}
	if len(s.m.undo) > 0 {
		t.Error("a key meant for the question decided a flag")
	}
}

// TestADialogByAKeyTakesTheNextKey: what a person opened themselves does not make
// them wait.
func TestADialogByAKeyTakesTheNextKey(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.update(scene())
	s.press("X")
	s.send(keyOf("text"))
	s.send(tea.KeyMsg{Type: tea.KeyEnter})
	s.has("dismissed")
}

// TestASurpriseWaitsForTheOpenDialog: it takes neither its place nor what is
// being typed into it.
func TestASurpriseWaitsForTheOpenDialog(t *testing.T) {
	s := newStage(t, text.EN, 120, 40)
	s.update(scene())
	answered := ""
	s.press("X", "w", "text:half a sen")
	s.surprising(yesOrNo(&answered))
	s.hasNot("really?")
	s.press("text:tence")
	s.has("half a sentence")
	s.press("enter")
	s.has("really?", "dismissed")
	s.send(keyOf("y"))
	if answered != "" {
		t.Fatal("the key that followed enter answered it")
	}
	s.press("z", "z") // 300 ms apart: no pause
	s.now = s.now.Add(pause)
	s.press("y")
	if answered != "y" {
		t.Fatalf("the answer is %q", answered)
	}
}
