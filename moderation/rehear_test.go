package moderation_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/moderation"
)

// asked notes what a checker is asked.
type asked struct{ of *[]string }

func note(u claims.Utterance, before []claims.Utterance) string {
	return fmt.Sprintf("%+v after %+v", u, before)
}

func (a asked) Check(u claims.Utterance, before []claims.Utterance) []claims.Finding {
	*a.of = append(*a.of, note(u, before))
	return words{}.Check(u, before)
}

func TestRehearingAsksWhatWasAsked(t *testing.T) {
	var live, again []string
	d := newDesk(t, func(c *moderation.Config) { c.Checker = asked{&live} })
	d.commit(says(1, "大家好"), onAir(2, "S1", 100))
	for n := 3; n < 1500; n += 3 {
		sku := fmt.Sprintf("S%d", n%7)
		if n%100 == 0 {
			d.commit(onAir(n, sku, 1))
		}
		d.commit(says(n+1, fmt.Sprintf("第 %d 句纯羊毛", n)), event("chat", n+2, []string{"观众说", "是纯棉的吗"}[n%2]))
	}
	d.do(lan, moderation.ConfirmFlag{Flag: 2})
	flags := 0
	err := moderation.Rehear(t.Context(), d.store, "", func(h moderation.Hearing) error {
		again = append(again, note(h.Utterance, h.Before))
		for _, f := range h.Flags {
			if f.Event != h.Event.Index {
				t.Errorf("flag %d of event %d came with event %d", f.ID, f.Event, h.Event.Index)
			}
			if flags++; f.Status == moderation.FlagConfirmed && f.ID != 2 {
				t.Errorf("flag %d is confirmed", f.ID)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(live) < 400 || !reflect.DeepEqual(live, again) {
		t.Errorf("live %d were asked, again %d, or they differ", len(live), len(again))
	}
	if flags != len(d.flags()) {
		t.Errorf("%d flags came along of %d", flags, len(d.flags()))
	}
	// From a moment on, for who waits: the same but for what hangs on the chat.
	var some []string
	from := start.Add(600 * time.Second)
	err = moderation.RehearFrom(t.Context(), d.store, "A", from, start.Add(time.Hour), func(h moderation.Hearing) error {
		if h.Event.At.Before(from) {
			t.Errorf("heard %v, before %v", h.Event.At, from)
		}
		some = append(some, fmt.Sprintf("%s of %s", h.Utterance.Text, h.Utterance.SKU))
		for _, f := range h.Flags {
			if f.Event != h.Event.Index {
				t.Errorf("flag %d of event %d came with event %d", f.ID, f.Event, h.Event.Index)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	err = moderation.Rehear(t.Context(), d.store, "A", func(h moderation.Hearing) error {
		if h.Event.At.Before(from) {
			return nil
		}
		if all++; all > len(some) || some[all-1] != fmt.Sprintf("%s of %s", h.Utterance.Text, h.Utterance.SKU) {
			return fmt.Errorf("line %d: heard %s of %s", all, h.Utterance.Text, h.Utterance.SKU)
		}
		return nil
	})
	if err != nil || all < 200 || all != len(some) {
		t.Errorf("of %d lines %d were heard from then on: %v", all, len(some), err)
	}
	stop := errors.New("enough")
	if err := moderation.Rehear(t.Context(), d.store, "A", func(moderation.Hearing) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("err = %v", err)
	}
	if err := moderation.Rehear(t.Context(), d.store, "nowhere", func(moderation.Hearing) error { return stop }); err != nil {
		t.Errorf("another room's utterances: %v", err)
	}
}
