package moderation_test

import (
	"strings"
	"testing"

	"liveroom/moderation"
)

func TestACommandSentThreeTimesActsOnce(t *testing.T) {
	d := withFlags(t)
	c := *d.do(lan, moderation.ConfirmFlag{Flag: 1, OpenCase: true}).Case
	once := func(key string, c moderation.Command) moderation.Once { return moderation.Once{Key: key, Command: c} }
	sends := []moderation.Command{
		once("k1", moderation.NextCase{}),
		once("k2", moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "掉毛"}),
		once("k3", moderation.CorrectHost{Flag: 1, Text: "更正"}),
		once("k4", moderation.Undo{}),
	}
	for _, s := range sends {
		first := d.do(lan, s)
		state, head := d.state(), must(d.store.Head(t.Context()))
		for range 2 {
			again := d.do(lan, s)
			if again.Action != first.Action || !again.UndoUntil.Equal(first.UndoUntil) || again.Undone != first.Undone ||
				(again.Case == nil) != (first.Case == nil) || again.Case != nil && again.Case.ID != first.Case.ID {
				t.Errorf("%s sent again came to %+v, first to %+v", s.Name(), again, first)
			}
		}
		if d.state() != state || must(d.store.Head(t.Context())) != head {
			t.Errorf("%s sent again changed the record", s.Name())
		}
	}
	if got := d.incident(c.ID).Owner; got != "阿岚" {
		t.Errorf("the case is %q's", got)
	}
	d.do(you, once("k1", moderation.WatchCase{Case: c.ID}))
	d.refused(moderation.CodeKeyReused, lan, once("k1", moderation.WatchCase{Case: c.ID}))
	d.refused(moderation.CodeBadKey, lan, once("", moderation.NextCase{}))
	d.refused(moderation.CodeBadKey, lan, once(strings.Repeat("k", 201), moderation.NextCase{}))
	d.refused(moderation.CodeBadKey, lan, moderation.Once{Key: "k"})
	d.refused(moderation.CodeNotAllowed, moderation.Actor{Name: "客", Role: "viewer"}, once("k9", moderation.NextCase{}))
	d.verify()
}

// What was refused was not done: sent again when it can be, it is.
func TestARefusedCommandMayBeSentAgain(t *testing.T) {
	d := withFlags(t)
	next := moderation.Once{Key: "k1", Command: moderation.NextCase{}}
	d.refused(moderation.CodeNoneLeft, lan, next)
	d.opens(you, moderation.CaseComplaint, "掉毛")
	if r := d.do(lan, next); r.Case == nil || r.Case.Owner != "阿岚" {
		t.Errorf("result %+v", r)
	}
	d.restart()
	if r := d.do(lan, next); r.Case == nil || r.Case.ID != 1 {
		t.Errorf("after a restart %+v", r)
	}
	d.verify()
}
