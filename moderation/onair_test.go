package moderation_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/qualification"
)

// selling is a desk that looks at what goods on air lack.
func selling(t *testing.T) *desk {
	s := must(sheet.Load("facts.csv", strings.NewReader(`sku,name,category,licences,stock
D01,围巾,apparel,,500
D04,电饭煲,electronics,CCC认证:2026-09-30,300
D05,脐橙,food,,0
`)))
	shelf := qualification.NewShelf(must(qualification.Shipped()), nil, s.Product, qualification.DefaultTerms)
	return newDesk(t, func(c *moderation.Config) { c.Shelf = shelf })
}

// goodsWarnings are the warnings about goods that whoever looks now sees.
func (d *desk) goodsWarnings() (out []moderation.Warning) {
	d.t.Helper()
	s := d.Subscribe()
	defer s.Close()
	u := must(s.Next(context.Background()))
	for _, w := range u.Health.Warnings {
		if strings.HasPrefix(w.Topic, moderation.TopicGoods) {
			out = append(out, w)
		}
	}
	return out
}

func ends(n int) feed.Event {
	e := event(feed.KindSystem, n, "")
	e.Code = feed.CodeStreamEnd
	return e
}

// TestGoodsOnAirWithoutLicenceOrStock: a person is told at once, and the record
// keeps it, once a product and broadcast.
func TestGoodsOnAirWithoutLicenceOrStock(t *testing.T) {
	d := selling(t)
	watching := d.Subscribe()
	defer watching.Close()
	must(watching.Next(t.Context()))

	d.commit(onAir(1, "D01", 12900))
	if w := d.goodsWarnings(); len(w) != 0 || len(d.cases()) != 0 {
		t.Fatalf("warned of a scarf with stock: %+v", w)
	}
	began := time.Now()
	d.commit(onAir(2, "D04", 26900))
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	for told := false; !told; {
		u, err := watching.Next(ctx)
		if err != nil {
			t.Fatalf("nothing on the screen within a second: %v", err)
		}
		told = u.Health != nil && slices.ContainsFunc(u.Health.Warnings, func(w moderation.Warning) bool { return w.Topic == "goods/A" })
	}
	t.Logf("on the screen after %v", time.Since(began))
	w := d.goodsWarnings()
	if len(w) != 1 || !strings.Contains(w[0].ZH, "D04：CCC认证 已于 2026-09-30 过期（51 天前）") || !strings.Contains(w[0].Text, "expired on 2026-09-30") {
		t.Fatalf("warnings %+v", w)
	}
	all := d.cases()
	if len(all) != 1 || all[0].Kind != moderation.CaseQualification || all[0].SKU != "D04" || all[0].OpenedBy != moderation.Program ||
		len(all[0].Signals) != 1 || all[0].Signals[0].Rule != "licence_expired" || !slices.Equal(all[0].Signals[0].Events, []int64{2}) {
		t.Fatalf("cases %+v", all)
	}

	// Its price falls: it is still on air, and the warning stays.
	d.commit(onAir(3, "D04", 23900))
	if len(d.goodsWarnings()) != 1 {
		t.Error("a price cut took the warning away")
	}
	d.commit(onAir(4, "D05", 5900))
	if w = d.goodsWarnings(); len(w) != 1 || !strings.Contains(w[0].ZH, "缺少食品生产许可；库存为 0") {
		t.Errorf("warnings %+v", w)
	}
	// Shown again in the same broadcast, it is known.
	d.commit(onAir(5, "D04", 23900))
	if w = d.goodsWarnings(); len(w) != 0 || len(d.cases()) != 2 {
		t.Errorf("warnings %+v, %d cases", w, len(d.cases()))
	}
	d.restart()
	d.commit(onAir(6, "D01", 0), onAir(7, "D04", 0), ends(60))
	if all = d.cases(); len(all) != 2 || all[0].Version != 1 {
		t.Errorf("cases %+v", all)
	}

	// Another broadcast: the open case is joined, one that is over is not.
	d.commit(onAir(100_000, "D04", 0))
	if all = d.cases(); len(all) != 2 || len(all[0].Signals) != 2 || len(d.goodsWarnings()) != 1 {
		t.Errorf("cases %+v", all)
	}
	c := all[0]
	d.do(lan, moderation.MoveCase{Case: c.ID, Version: c.Version, To: moderation.CaseStateResolved, Outcome: moderation.OutcomeUpheld})
	d.commit(ends(100_100))
	if len(d.goodsWarnings()) != 0 {
		t.Error("a broadcast that is over still warns")
	}
	d.commit(onAir(200_000, "D04", 0))
	if all = d.cases(); len(all) != 3 || all[2].SKU != "D04" {
		t.Errorf("cases %+v", all)
	}
	if a := must(d.store.Actions(t.Context(), moderation.Page{})); len(a) != 1 {
		t.Errorf("%d actions, want the one of 阿岚", len(a))
	}
	d.verify()
}

// TestTheShelfChangesWhileTheDeskRuns: a licence that comes in counts with the
// next product on air.
func TestTheShelfChangesWhileTheDeskRuns(t *testing.T) {
	d := selling(t)
	d.UseShelf(nil)
	d.commit(onAir(1, "D04", 0))
	if len(d.cases()) != 0 {
		t.Error("a case without a shelf")
	}
	d.UseShelf(d.cfg.Shelf)
	d.commit(onAir(2, "D05", 0))
	sold := onAir(3, "D01", 0)
	sold.Product.Stock = 0
	d.commit(sold)
	if all := d.cases(); len(all) != 2 || all[1].Signals[0].Rule != "stock_none" {
		t.Errorf("cases %+v", all)
	}
}
