package moderation_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"liveroom/feed"
	"liveroom/moderation"
)

// TestSpeechWindowsAreEachOrdersOwn: many orders at once hear what each of them
// heard by itself, whatever was on air and however far they lie apart.
func TestSpeechWindowsAreEachOrdersOwn(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		var events []feed.Event
		ids := map[string]bool{}
		for n := 1; n <= rapid.IntRange(1, 25).Draw(rt, "events"); n++ {
			var e feed.Event
			sku := rapid.SampledFrom([]string{"D01", "D02"}).Draw(rt, "sku")
			switch rapid.IntRange(0, 3).Draw(rt, "kind") {
			case 0:
				e = onAir(n, sku, 100)
			case 1:
				id := fmt.Sprint("LR", n)
				ids[id] = true
				e = trade(n, id, feed.StatusPaid, sku, 100)
			default:
				e = says(n, rapid.SampledFrom([]string{"纯羊毛的", "很软", "晚上好"}).Draw(rt, "words"))
			}
			e.At = start.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "minute")) * time.Minute)
			if e.Order != nil {
				e.Order.PaidAt = e.At
				e.Order.CreatedAt = e.At
			}
			events = append(events, e)
		}
		d.commit(events...)
		l := moderation.Listening{Window: 5 * time.Minute}
		orders := must(d.store.Orders(t.Context(), moderation.Page{}))
		met := 0
		err := moderation.SpeechWindows(t.Context(), d.store, orders, l, func(o *moderation.Order, got []moderation.Spoken) {
			met++
			want := must(moderation.SpeechWindow(t.Context(), d.store, o.ID, l))
			if !reflect.DeepEqual(got, want) {
				rt.Errorf("%s: with the others %+v, by itself %+v", o.ID, got, want)
			}
		})
		if err != nil || met != len(ids) {
			rt.Errorf("%d of %d orders, %v", met, len(ids), err)
		}
	})
}
