package moderation_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"liveroom/moderation"
)

// book is a rule file in memory, which takes anything but "bad".
type book struct {
	mu    sync.Mutex
	lines []string
	full  bool
}

func (b *book) File() string { return "house.toml" }

func (b *book) Fit(text string) error {
	if strings.Contains(text, "bad") {
		return errors.New("draft:3: phrase is missing")
	}
	return nil
}

func (b *book) Carry(_ context.Context, e moderation.Effect) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.full {
		return "", errors.New("no space left on device")
	}
	b.lines = append(b.lines, e.Target+": "+e.Text)
	return "written", nil
}

func (b *book) stands() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.lines, "\n")
}

// TestARuleIsADeedAndIsWrittenOnceItStands: it is in the ledger with who asked and
// why, in the file when it can no longer be taken back, and in neither when it was.
func TestARuleIsADeedAndIsWrittenOnceItStands(t *testing.T) {
	b := &book{}
	d := newDesk(t, func(c *moderation.Config) { c.Rules = b })
	d.commit(says(1, "这条是纯羊毛"))
	d.do(lan, moderation.DismissFlag{Flag: 1, Reason: "表里写错了"})
	d.clock.pass(moderation.DefaultUndoWindow)

	d.do(lan, moderation.RecordRule{Flag: 1, Text: "undone"})
	d.do(lan, moderation.Undo{})
	r := d.do(lan, moderation.RecordRule{Flag: 1, Text: "kept"})
	if !r.UndoUntil.Equal(d.clock.Now().Add(moderation.DefaultUndoWindow)) {
		t.Errorf("it can be undone until %v", r.UndoUntil)
	}
	stop := d.run(t)
	d.clock.pass(moderation.DefaultUndoWindow - 1)
	time.Sleep(300 * time.Millisecond) // longer than the outbox waits between two looks
	if b.stands() != "" {
		t.Errorf("the file holds %q while it can be undone", b.stands())
	}
	d.clock.pass(2)
	eventually(t, "the file", "house.toml: kept", b.stands)
	eventually(t, "the effect", string(moderation.EffectSent), func() string {
		return string(must(d.store.Effects(t.Context(), time.Time{}))[1].Status)
	})
	stop()
	effects := must(d.store.Effects(t.Context(), time.Time{}))
	if e := effects[1]; len(effects) != 2 || e.Kind != moderation.EffectRule || e.Room != "A" || e.Flag != 0 || e.Status != moderation.EffectSent || effects[0].Status != moderation.EffectCancelled {
		t.Errorf("effects %+v", effects)
	}
	actions := must(d.store.Actions(t.Context(), moderation.Page{}))
	last := actions[len(actions)-1]
	if last.Command != "record-rule" || last.Actor != lan || !strings.Contains(string(last.After), `"rule":{"flag":1,"event":1}`) {
		t.Errorf("action %+v: %s", last, last.After)
	}
	d.verify()
}

func TestARuleThatCannotStandIsRefused(t *testing.T) {
	d := newDesk(t)
	if r := d.refused(moderation.CodeNoRuleFile, lan, moderation.RecordRule{Text: "x"}); !strings.Contains(r.Error(), "[rules] files") {
		t.Errorf("it says %q and not how to get one", r)
	}
	b := &book{full: true}
	d = newDesk(t, func(c *moderation.Config) { c.Rules = b })
	if r := d.refused(moderation.CodeBadRule, lan, moderation.RecordRule{Text: "bad"}); !strings.Contains(r.Error(), "draft:3: phrase is missing") {
		t.Errorf("it says %q", r)
	}
	d.refused(moderation.CodeNotAllowed, you, moderation.RecordRule{Text: "x"})
	d.refused(moderation.CodeNotFound, lan, moderation.RecordRule{Flag: 9, Text: "x"})

	// What the file could not take is told, and is not taken for done.
	d.do(lan, moderation.RecordRule{Room: "A", Event: 4, Text: "x"})
	d.clock.pass(moderation.DefaultUndoWindow)
	stop := d.run(t)
	defer stop()
	if e := d.effectOnce(t, moderation.EffectFailed); e.Result != "no space left on device" {
		t.Errorf("the effect says %q", e.Result)
	}
}
