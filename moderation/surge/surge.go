// Package surge makes the record of a broadcast that went too well: thousands
// of orders in one evening and the complaints after it. Tests measure against
// it what people wait for.
//
// Everything goes through a desk, as it would arrive: products on air one after
// the other, what the host says of them, orders, complaints, flags confirmed,
// cases opened. The same size gives the same record, but
// for the salts of what is sealed. The desk must have the
// checker of Checker and a clock that stands at Now or later.
package surge

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation"
)

// A Size is how much there is.
type Size struct {
	Orders     int
	Complaints int
	Cases      int // about complaints, besides those about the flags
}

// Full is what the promises are about; a tenth of it is enough to see in every
// build that they are kept.
var (
	Full  = Size{Orders: 50_000, Complaints: 10_000, Cases: 5_000}
	Tenth = Size{Orders: 5_000, Complaints: 1_000, Cases: 500}
)

// Room is the broadcast's.
const Room = "surge"

const (
	products = 20
	slot     = 12 * time.Minute // a product's time on air
	pause    = 5 * time.Second  // between two sentences
	batch    = 256
)

// start is when the broadcast began.
var start = time.Date(2026, 11, 11, 11, 0, 0, 0, time.UTC)

// Now is when the evening is over and the last complaint came.
var Now = start.Add(products*slot + 24*time.Hour)

// Supervisor is who confirmed the flags and opened the cases.
var Supervisor = moderation.Actor{Name: "秉文", Role: moderation.RoleSupervisor}

// Biggest is the product of which every tenth order is, and of which the host
// says four times what is not so.
var Biggest = sku(0)

func sku(i int) string { return fmt.Sprintf("S%02d", i+1) }

var goods = []string{"围巾", "毛衣", "开衫", "披肩", "手套", "帽子", "袜子", "毯子", "马甲", "大衣", "外套", "半裙", "连衣裙", "打底衫", "长裤", "睡衣", "围脖", "护膝", "护腰", "坎肩"}

// Facts is the evening's fact sheet, as CSV.
func Facts() string {
	var csv strings.Builder
	csv.WriteString("sku,name,aliases,category,material,price,list_price,origin,returns_7d,ships_within\n")
	for i := range products {
		fmt.Fprintf(&csv, "%s,云岫羊毛%s,%s,apparel,羊毛80%%;锦纶20%%,%d,%d,浙江桐乡,yes,48h\n", sku(i), goods[i], goods[i], price(i)/100, 2*price(i)/100)
	}
	return csv.String()
}

// Checker checks what the host says against the evening's fact sheet.
func Checker() (*claims.Checker, error) {
	s, err := sheet.Load("surge.csv", strings.NewReader(Facts()))
	if err != nil {
		return nil, fmt.Errorf("sheet of the surge: %w", err)
	}
	return claims.New(s), nil
}

// price of a product in fen.
func price(i int) int64 { return int64(9900 + 1000*i) }

// A broadcast is what arrives in the course of an evening, in order.
type broadcast struct {
	size   Size
	random *rand.Rand
	offset int64
	orders []order
}

// order is what a complaint may be about.
type order struct {
	id, buyer string
	product   int
	at        time.Time
}

// Fill fills the desk's record.
func Fill(ctx context.Context, desk *moderation.Desk, size Size) error {
	b := &broadcast{size: size, random: rand.New(rand.NewPCG(1, 2))}
	if err := b.send(ctx, desk, b.evening()); err != nil {
		return err
	}
	if err := b.send(ctx, desk, b.aftermath()); err != nil {
		return err
	}
	return b.decide(ctx, desk)
}

// Complaints are the complaints alone, as many, in the words of the surge.
func Complaints(n int) []feed.Event {
	b := &broadcast{size: Size{Orders: n, Complaints: n}, random: rand.New(rand.NewPCG(1, 2))}
	b.evening()
	return b.aftermath()
}

func (b *broadcast) send(ctx context.Context, desk *moderation.Desk, events []feed.Event) error {
	for len(events) > 0 {
		n := min(batch, len(events))
		if err := desk.Commit(ctx, feed.Batch{Room: Room, Source: "ws", Events: events[:n]}); err != nil {
			return fmt.Errorf("fill the surge: %w", err)
		}
		events = events[n:]
	}
	return nil
}

func (b *broadcast) event(kind feed.Kind, at time.Time, user feed.User, text string) feed.Event {
	b.offset++
	return feed.Event{
		ID: fmt.Sprint(kind, "-", b.offset), Kind: kind, At: at, Recv: at, User: user, Text: text, Offset: b.offset, Epoch: "e1",
		Raw: fmt.Appendf(nil, "%s %d %s", kind, b.offset, text),
	}
}

// evening is the broadcast: of each product what is said, and what is bought.
func (b *broadcast) evening() []feed.Event {
	host := feed.User{ID: "h1", Name: "晚晴", Role: feed.RoleHost}
	var out []feed.Event
	for p := range products {
		from := start.Add(time.Duration(p) * slot)
		shown := b.event(feed.KindProduct, from, feed.User{}, "")
		shown.Product = &feed.Product{ID: sku(p), PriceFen: price(p), Stock: -1}
		out = append(out, shown)
		bought := b.bought(p)
		sentences := int(slot / pause)
		for i := range sentences {
			at := from.Add(time.Duration(i)*pause + time.Second)
			said := b.event(feed.KindTranscript, at, host, sentence(p, i))
			said.Speech = &feed.Speech{Utterance: said.ID, Confidence: 900}
			out = append(out, said)
			for range bought/sentences + min(1, max(0, bought%sentences-i)) {
				out = append(out, b.buys(p, at.Add(pause/2)))
			}
		}
	}
	end := b.event(feed.KindSystem, start.Add(products*slot), feed.User{}, "")
	end.Code = feed.CodeStreamEnd
	return append(out, end)
}

// bought is how many orders a product gets: the first a tenth, the last what
// the others leave.
func (b *broadcast) bought(p int) int {
	first := b.size.Orders / 10
	if p == 0 {
		return first
	}
	each := (b.size.Orders - first) / (products - 1)
	if p == products-1 {
		return b.size.Orders - first - each*(products-2)
	}
	return each
}

func (b *broadcast) buys(p int, at time.Time) feed.Event {
	id := fmt.Sprintf("2026111%09d", len(b.orders))
	buyer := fmt.Sprint("u", b.random.IntN(max(1, b.size.Orders*2/3)))
	b.orders = append(b.orders, order{id, buyer, p, at})
	qty := int64(1 + b.random.IntN(3)/2)
	e := b.event(feed.KindOrder, at, feed.User{ID: buyer, Name: "买家" + buyer, Role: feed.RoleViewer}, "")
	e.OrderID, e.Status, e.AmountFen = id, feed.StatusPaid, price(p)*qty
	e.Order = &feed.Order{SKU: sku(p), Qty: qty, PaidFen: price(p)*qty - int64(b.random.IntN(3))*500, CreatedAt: at.Add(-20 * time.Second), PaidAt: at}
	return e
}
