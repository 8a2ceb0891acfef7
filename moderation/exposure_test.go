package moderation

import (
	"fmt"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/feed"
)

var noon = time.Date(2026, 11, 11, 12, 0, 0, 0, time.UTC)

func minute(m int) time.Time { return noon.Add(time.Duration(m) * time.Minute) }

// heardAt is an event of the record that says when something was put right, came
// on air or ended.
func heardAt(index int64, m int, kind feed.Kind, sku, code string) Recorded {
	r := Recorded{Index: index, Event: feed.Event{Kind: kind, At: minute(m), Code: code}}
	if sku != "" {
		r.Product = &feed.Product{ID: sku}
	}
	return r
}

// TestHowFarAClaimReaches: from when it was said until the first thing that ends
// it, and for the grace after goods or broadcast are gone.
func TestHowFarAClaimReaches(t *testing.T) {
	own, other := heardAt(10, 5, feed.KindProduct, "D01", ""), heardAt(11, 20, feed.KindProduct, "D02", "")
	end := heardAt(12, 40, feed.KindSystem, "", feed.CodeStreamEnd)
	title := heardAt(13, 8, feed.KindSystem, "", "title")
	right := heardAt(14, 15, feed.KindTranscript, "", "")
	late := heardAt(15, 50, feed.KindTranscript, "", "")
	for _, tt := range []struct {
		name string
		e    endings
		want string
	}{
		{"nothing ends it", endings{}, " @ "},
		{"its own product again, and another system event", endings{shown: []Recorded{title, own}}, " @ "},
		{"another product", endings{shown: []Recorded{own, other, end}}, "off_air @ 30m0s by 11"},
		{"the end of the broadcast", endings{shown: []Recorded{end}}, "ended @ 50m0s by 12"},
		{"a correction on air ends it at once", endings{shown: []Recorded{other}, corrections: []Recorded{right}}, "corrected @ 15m0s by 14"},
		{"a correction after all is over", endings{shown: []Recorded{other}, corrections: []Recorded{late}}, "off_air @ 30m0s by 11"},
		{"the host was told", endings{shown: []Recorded{other}, told: []time.Time{minute(7)}}, "told @ 7m0s"},
		{"told twice", endings{told: []time.Time{minute(9), minute(7)}}, "told @ 7m0s"},
		{"told before, of an earlier saying", endings{told: []time.Time{minute(-1)}, shown: []Recorded{other}}, "off_air @ 30m0s by 11"},
		{"told after it was off air", endings{told: []time.Time{minute(31)}, shown: []Recorded{other}}, "off_air @ 30m0s by 11"},
		{"told first, said on air later", endings{told: []time.Time{minute(7)}, corrections: []Recorded{right}}, "corrected @ 15m0s by 14"},
		{
			"what the record holds before the claim ends nothing",
			endings{shown: []Recorded{heardAt(8, 6, feed.KindProduct, "D02", "")}, corrections: []Recorded{heardAt(7, 6, feed.KindTranscript, "", "")}},
			" @ ",
		},
		{"a source whose clock stands early", endings{shown: []Recorded{heardAt(10, -60, feed.KindProduct, "D02", "")}}, "off_air @ 0s by 10"},
	} {
		tt.e.grace = 10 * time.Minute
		r := tt.e.reach(Flag{ID: 1, Event: 9, At: noon, Finding: claims.Finding{SKU: "D01"}})
		got := fmt.Sprint(string(r.End), " @ ")
		if !r.Until.IsZero() {
			got += r.Until.Sub(noon).String()
		}
		if r.By != 0 {
			got += fmt.Sprint(" by ", r.By)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestAnOrderIsExposedOnce however often the claim was said, and by the last
// saying before it was bought.
func TestAnOrderIsExposedOnce(t *testing.T) {
	x := Exposure{Reaches: []Reach{
		{Flag: 1, At: minute(0), Until: minute(10)}, {Flag: 2, At: minute(5), Until: minute(10)}, {Flag: 3, At: minute(30)},
	}}
	paid := func(id string, m int, fen int64) Bought { return Bought{ID: id, PaidAt: minute(m), PaidFen: fen} }
	refund := Bought{ID: "back", PaidAt: minute(31), PaidFen: 1000, Refund: feed.StatusRefunded, RefundFen: 400}
	x.expose([]Bought{
		paid("later", 40, 5000), paid("before", -1, 100), paid("first", 0, 100), paid("both", 7, 200), paid("last", 10, 300), paid("after", 11, 400),
		refund,
		{ID: "made", CreatedAt: minute(6), Case: 9},
		{ID: "untold"},
	}, []Reach{{Flag: 4, At: minute(11), Until: minute(12)}, {Flag: 5, At: minute(5), Until: minute(12)}})
	var got string
	for _, o := range x.Orders {
		got += fmt.Sprint(o.ID, ":", o.Flag, " ")
	}
	if want := "first:1 made:2 both:2 last:2 back:3 later:3 "; got != want {
		t.Errorf("exposed are %q, want %q", got, want)
	}
	if x.PaidFen != 6600 || x.BackFen != 400 || x.Unpaid != 1 || x.InCases != 1 || x.Untimed != 1 || x.More != 1 {
		t.Errorf("it comes to %+v", x)
	}
}
