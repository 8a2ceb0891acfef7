package moderation

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/moderation/policy"
)

// FactSource is what a known fact was taken from.
type FactSource string

// The sources of facts.
const (
	FromOrder     FactSource = "order"
	FromFlag      FactSource = "flag"
	FromComplaint FactSource = "complaint"
	FromCase      FactSource = "case"
	FromRoom      FactSource = "room"
	FromSheet     FactSource = "sheet"
	FromPayments  FactSource = "payments" // proposals for the order in other cases
	FromPerson    FactSource = "person"   // who gave it with GiveFact
	FromConfig    FactSource = "config"   // HostFacts
)

// A KnownFact is a fact of a matter with where it is from.
type KnownFact struct {
	Fact  policy.Fact
	Value policy.Value
	From  FactSource
	Ref   string    // the row's number or id, the product's, the person's name, the host's id or room
	At    time.Time // since when it is known; zero: as long as its row
}

// GivenFact is a fact that a person added to a case. The newest one of a fact
// and an order counts; they are never taken away.
type GivenFact struct {
	Fact  string
	Order string // the order it is about; "" : the whole case
	Value string // JSON; "" : the person says that it is not known after all
	Note  string // where they have it from
	By    string
	At    time.Time
}

// A matter is what is known of an order and its case, while it is gathered.
type matter struct {
	asOf  time.Time
	known map[policy.Fact]KnownFact
}

// know notes a fact over what was noted of it before, unless it was not known
// yet at the moment that is asked about.
func (m *matter) know(f policy.Fact, v policy.Value, from FactSource, ref string, at time.Time) {
	// What policies do not know, a category of a newer program say, is unknown.
	if !at.After(m.asOf) && (policy.Facts{f: v}).Check() == nil {
		m.known[f] = KnownFact{f, v, from, ref, at}
	}
}

func (m *matter) moment(f policy.Fact, t time.Time, from FactSource, ref string) {
	if !t.IsZero() {
		m.know(f, policy.Moment(t), from, ref, noTime)
	}
}

// facts are the known facts as policies are asked about them.
func (m *matter) facts() policy.Facts {
	out := make(policy.Facts, len(m.known))
	for f, k := range m.known {
		out[f] = k.Value
	}
	return out
}

// list is the known facts in the order of the document.
func (m *matter) list() []KnownFact {
	var out []KnownFact
	for _, info := range policy.Known() {
		if k, ok := m.known[info.Name]; ok {
			out = append(out, k)
		}
	}
	return out
}

// FactsOfOrder are the facts that an order tells by itself, with its room and,
// where the sheet has it, its product.
func FactsOfOrder(o Order, room Room, p *sheet.Product) policy.Facts {
	m := matter{asOf: Unstamp(math.MaxInt64), known: map[policy.Fact]KnownFact{}}
	m.order(o, room, p)
	return m.facts()
}

func (m *matter) order(o Order, room Room, p *sheet.Product) {
	m.product(p)
	m.moment("order.created_at", o.CreatedAt, FromOrder, o.ID)
	m.moment("order.paid_at", o.PaidAt, FromOrder, o.ID)
	m.moment("order.shipped_at", o.ShippedAt, FromOrder, o.ID)
	if o.PaidFen > 0 {
		m.know("order.paid_fen", policy.Number(o.PaidFen), FromOrder, o.ID, noTime)
	}
	if o.PaidFen > 0 && refunded(o) >= o.PaidFen {
		m.know("claim.compensated", policy.Bool(true), FromOrder, o.ID, noTime)
	}
	if !o.PaidAt.IsZero() && !room.StartedAt.IsZero() && !room.StartedAt.After(o.PaidAt) {
		m.moment("broadcast.started_at", room.StartedAt, FromRoom, room.ID)
	}
	if room.OnAir == o.SKU && o.SKU != "" && room.OnAirFen > 0 && o.Qty > 0 {
		m.know("price.now_fen", policy.Number(room.OnAirFen*o.Qty), FromRoom, room.ID, room.OnAirAt)
	}
}

func (m *matter) product(p *sheet.Product) {
	if p == nil {
		return
	}
	if p.Category != "" {
		m.know("product.category", policy.Word(string(p.Category)), FromSheet, p.SKU, noTime)
	}
	if p.Returns7D != sheet.Silent {
		m.know("product.returns_7d", policy.Bool(p.Returns7D == sheet.Yes), FromSheet, p.SKU, noTime)
	}
	if p.ShipsHours > 0 {
		m.know("product.ships_hours", policy.Number(p.ShipsHours), FromSheet, p.SKU, noTime)
	}
}

// refunded is how much of an order went back to the buyer, or was promised to.
// A refund whose amount nobody told counts for all of it.
func refunded(o Order) int64 {
	if o.Refund != feed.StatusAgreed && o.Refund != feed.StatusRefunded {
		return 0
	}
	if o.RefundFen == 0 {
		return o.PaidFen
	}
	return o.RefundFen
}

// incident notes what the case itself tells.
func (m *matter) incident(c Case) {
	ref := number(c.ID)
	for f, v := range c.facts(nil) {
		m.know(f, v, FromCase, ref, noTime)
	}
	decidedAt := c.metAt(decided)
	if c.Outcome != "" && c.Kind == CaseFalseAdvertising {
		m.know("claim.confirmed", policy.Bool(c.Outcome != OutcomeUnfounded), FromCase, ref, decidedAt)
	}
	if c.Outcome != "" && c.Kind == CaseAppeal {
		m.know("appeal.upheld", policy.Bool(c.Outcome == OutcomeUpheld), FromCase, ref, decidedAt)
	}
	kind, at := c.rulings("")
	if c.Kind == CaseAppeal {
		kind, at = c.Appeal.Ruling, c.Appeal.RuledAt
		m.know("appeal.evidence", policy.Number(c.Appeal.Evidence), FromCase, ref, c.Appeal.RaisedAt)
	}
	if kind != "" {
		m.know("ruling.kind", policy.Word(kind), FromCase, ref, at)
		m.know("ruling.at", policy.Moment(at), FromCase, ref, at)
	}
}

// flag notes what a flag found, and what a person made of it.
func (m *matter) flag(f Flag) {
	ref := number(f.ID)
	m.know("claim.category", policy.Word(string(f.Finding.Category)), FromFlag, ref, noTime)
	m.know("claim.verdict", policy.Word(string(f.Finding.Verdict)), FromFlag, ref, noTime)
	if f.Status == FlagConfirmed || f.Status == FlagDismissed {
		m.know("claim.confirmed", policy.Bool(f.Status == FlagConfirmed), FromFlag, ref, f.DecidedAt)
	}
}

// flagFor is the flag of a case that an order is judged by: of its product
// rather than of another, confirmed rather than not, the first of those.
func flagFor(flags []Flag, sku string) (Flag, bool) {
	worth := func(f Flag) int {
		n := 0
		if sku != "" && f.Finding.SKU == sku {
			n += 2
		}
		if f.Status == FlagConfirmed {
			n++
		}
		return n
	}
	if len(flags) == 0 {
		return Flag{}, false
	}
	return slices.MaxFunc(flags, func(a, b Flag) int {
		if d := worth(a) - worth(b); d != 0 {
			return d
		}
		return int(b.ID - a.ID)
	}), true
}

// complaint notes what a buyer asked for.
func (m *matter) complaint(c Complaint, o Order) {
	ref := number(c.ID)
	m.moment("claim.applied_at", c.At, FromComplaint, ref)
	if buyer := buyerOf(c.Buyer); buyer != "" && buyerOf(o.Buyer) != "" {
		m.know("claim.by_buyer", policy.Bool(buyer == buyerOf(o.Buyer)), FromComplaint, ref, c.At)
	}
	if o.ID != "" {
		m.know("claim.from_order", policy.Bool(c.OrderID == o.ID), FromComplaint, ref, c.At)
	}
	m.know("claim.reason_given", policy.Bool(tidy(c.Text) != ""), FromComplaint, ref, c.At)
}

// complaintFor is the complaint of a case that an order is judged by: the first
// that names it, else the first of its buyer, else, of a case without orders,
// the first.
func complaintFor(complaints []Complaint, o Order) (Complaint, bool) {
	byAge := slices.SortedStableFunc(slices.Values(complaints), func(a, b Complaint) int { return a.At.Compare(b.At) })
	for _, fits := range []func(c Complaint) bool{
		func(c Complaint) bool { return o.ID != "" && c.OrderID == o.ID },
		func(c Complaint) bool {
			return c.OrderID == "" && buyerOf(c.Buyer) != "" && buyerOf(c.Buyer) == buyerOf(o.Buyer)
		},
		func(Complaint) bool { return o.ID == "" },
	} {
		if i := slices.IndexFunc(byAge, fits); i >= 0 {
			return byAge[i], true
		}
	}
	return Complaint{}, false
}

// earlier notes what other cases came to for the order.
func (m *matter) earlier(o Order, others []Case) {
	applications := int64(0)
	for _, c := range others {
		applied := false
		for _, p := range c.Payments {
			if p.Order != o.ID || p.State == PaymentWithdrawn || p.At.After(m.asOf) {
				continue
			}
			applied = true
			if p.State == PaymentApproved {
				m.know("claim.compensated", policy.Bool(true), FromPayments, number(c.ID), p.DecidedAt)
			}
		}
		if applied {
			applications++
		}
	}
	m.know("order.applications_before", policy.Number(applications), FromPayments, "", noTime)
}

// given lays what people added over what the record tells.
func (m *matter) given(facts []GivenFact, order string) error {
	for _, g := range facts {
		if g.Order != "" && g.Order != order || g.At.After(m.asOf) {
			continue
		}
		f := policy.Fact(g.Fact)
		if g.Value == "" {
			delete(m.known, f)
			continue
		}
		v, err := f.Decode([]byte(g.Value))
		if err != nil {
			return fmt.Errorf("given fact: %w", err)
		}
		m.know(f, v, FromPerson, g.By, g.At)
	}
	return nil
}

// gather reads what the record knows of an order and its case, either of
// which may be missing.
func (q Inquiry) gather(ctx context.Context, c Case, o Order, asOf time.Time) (*matter, *time.Location, error) {
	m := &matter{asOf: asOf, known: map[policy.Fact]KnownFact{}}
	room, zone, err := q.room(ctx, firstOf(o.Room, c.Room))
	if err != nil {
		return nil, nil, err
	}
	var p *sheet.Product
	if sku := firstOf(o.SKU, c.SKU); q.Product != nil && sku != "" {
		p = q.Product(sku)
	}
	m.order(o, room, p)
	m.hosts(q.Hosts, room.ID, c.Host)
	if c.ID != 0 {
		if err := q.gatherCase(ctx, m, c, o); err != nil {
			return nil, nil, err
		}
	}
	if o.ID != "" {
		others, err := q.Record.CasesOf(ctx, Link{LinkOrder, o.ID}, lastPage, 0)
		if err != nil {
			return nil, nil, err
		}
		m.earlier(o, slices.DeleteFunc(others, func(x Case) bool { return x.ID == c.ID }))
	}
	return m, zone, m.given(c.Facts, o.ID)
}

func (q Inquiry) gatherCase(ctx context.Context, m *matter, c Case, o Order) error {
	var flags []Flag
	for _, id := range c.Flags {
		f, err := q.Record.Flag(ctx, id)
		if err != nil {
			return found(flagName(id), err)
		}
		flags = append(flags, f)
	}
	if f, ok := flagFor(flags, firstOf(o.SKU, c.SKU)); ok {
		m.flag(f)
	}
	var complaints []Complaint
	for _, id := range c.Complaints {
		x, err := q.Record.Complaint(ctx, id)
		if err != nil {
			return found(complaintName(id), err)
		}
		complaints = append(complaints, x)
	}
	if x, ok := complaintFor(complaints, o); ok {
		m.complaint(x, o)
	}
	m.incident(c)
	m.proofs(c, o)
	return nil
}

// room is the room and its time zone.
func (q Inquiry) room(ctx context.Context, id string) (Room, *time.Location, error) {
	rooms, err := q.Record.Rooms(ctx)
	if err != nil {
		return Room{}, nil, err
	}
	i := slices.IndexFunc(rooms, func(r Room) bool { return r.ID == id })
	if i < 0 {
		return Room{ID: id}, policy.DefaultZone, nil
	}
	zone, err := time.LoadLocation(firstOf(rooms[i].TimeZone, defaultTimeZone))
	if err != nil {
		return Room{}, nil, fmt.Errorf("room %s: time zone: %w", feed.Sanitise(id), err)
	}
	return rooms[i], zone, nil
}
