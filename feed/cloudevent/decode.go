package cloudevent

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"time"

	"liveroom/feed"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// envelope is what CloudEvents puts around data, with our two extensions.
type envelope struct {
	SpecVersion     string         `json:"specversion"`
	ID              string         `json:"id"`
	Source          string         `json:"source"`
	Type            string         `json:"type"`
	Subject         string         `json:"subject,omitzero"`
	Time            string         `json:"time,omitzero"`
	DataContentType string         `json:"datacontenttype,omitzero"`
	Epoch           string         `json:"epoch,omitzero"`
	Offset          *int64         `json:"offset,omitzero"`
	Data            jsontext.Value `json:"data,omitzero"`
	DataBase64      string         `json:"data_base64,omitzero"`
}

// Decode reads one event. The room is the subject, of foreign types data.room;
// At is zero where the event has no time. Errors say which member is wrong.
func Decode(b []byte) (feed.Event, error) {
	env, err := open(b)
	if err != nil {
		return feed.Event{}, err
	}
	e := feed.Event{ID: env.ID, Source: env.Source}
	if env.Time != "" {
		if e.At, err = time.Parse(time.RFC3339, env.Time); err != nil {
			return feed.Event{}, fmt.Errorf("time %q is not RFC 3339, such as 2026-11-20T20:01:34+08:00", short(env.Time))
		}
	}
	if env.Offset != nil {
		if *env.Offset < 0 {
			return feed.Event{}, fmt.Errorf("offset %d is below 0", *env.Offset)
		}
		if env.Epoch != "" { // without an epoch there is nothing to resume
			e.Epoch, e.Offset = env.Epoch, *env.Offset
		}
	}
	kind, ours := kindOf(env.Type)
	if ours {
		e.Room = env.Subject
	}
	read, known := readers[kind]
	switch {
	case !known && ours:
		e.Kind, e.Code, e.Text = feed.KindSystem, feed.CodeUnknown, env.Type
		return e, nil
	case !known:
		return feed.Event{}, feed.Unknown(env.Type, fmt.Errorf("type %q is not supported: it must end in .chat, .transcript, .order, .refund, .product, .complaint, .gift, .enter or .system", short(env.Type)))
	case env.Data.Kind() != jsontext.KindBeginObject:
		return feed.Event{}, errors.New("data is not an object")
	}
	if !ours {
		if err := readForeign(&e, env.Data); err != nil {
			return feed.Event{}, err
		}
	}
	if err := read(&e, env.Data); err != nil {
		return feed.Event{}, err
	}
	return e, nil
}

// open reads the envelope and refuses what CloudEvents forbids.
func open(b []byte) (envelope, error) {
	var env envelope
	if v := jsontext.Value(b); v.Kind() == jsontext.KindBeginArray {
		return env, errors.New("an array: every event is a message of its own")
	}
	if err := json.Unmarshal(b, &env); err != nil {
		return env, explain("", err)
	}
	switch {
	case env.SpecVersion != "1.0":
		return env, fmt.Errorf("specversion is %q, want \"1.0\"", short(env.SpecVersion))
	case env.ID == "":
		return env, errors.New("id is missing")
	case env.Source == "":
		return env, errors.New("source is missing")
	case env.Type == "":
		return env, errors.New("type is missing")
	case env.DataBase64 != "":
		return env, errors.New("data_base64: binary data is not supported, send JSON in data")
	case env.DataContentType != "" && !jsonType.MatchString(env.DataContentType):
		return env, fmt.Errorf("datacontenttype %q is not JSON", short(env.DataContentType))
	}
	return env, nil
}

var jsonType = regexp.MustCompile(`(?i)^[a-z]+/([a-z0-9.-]+\+)?json *(;.*)?$`)

// kindOf takes the kind out of a type: liveroom.order.v1, com.example.order.
func kindOf(typ string) (kind string, ours bool) {
	if rest, ok := strings.CutPrefix(typ, "liveroom."); ok {
		kind, _ := strings.CutSuffix(rest, ".v1")
		if kind == rest {
			kind = "" // another version may mean anything
		}
		return kind, true
	}
	typ = foreignVersion.ReplaceAllString(typ, "")
	return typ[1+strings.LastIndexByte(typ, '.'):], false
}

var foreignVersion = regexp.MustCompile(`\.v[0-9]+$`)

// short keeps a hostile value from filling the log.
func short(s string) string { return feed.Sanitise(s).Truncate(60).String() }

// explain says in people's words where JSON does not fit.
func explain(where string, err error) error {
	var fit *json.SemanticError
	if !errors.As(err, &fit) {
		return fmt.Errorf("%snot valid JSON: %w", where, err)
	}
	name := where + strings.ReplaceAll(strings.TrimPrefix(string(fit.JSONPointer), "/"), "/", ".")
	value := "a " + fit.JSONKind.String()
	if len(fit.JSONValue) > 0 {
		value = short(string(fit.JSONValue))
	}
	switch {
	case fit.GoType == nil:
		return fmt.Errorf("%s: %w", name, fit.Err)
	case fit.GoType == timeType:
		return fmt.Errorf("%s: %s is not a time in RFC 3339, such as 2026-11-20T20:01:34+08:00", name, value)
	case fit.GoType.Kind() == reflect.Int64:
		return fmt.Errorf("%s: %s is not a whole number", name, value)
	case fit.GoType.Kind() == reflect.Struct:
		return fmt.Errorf("%s: not an object", strings.TrimSuffix(name, "."))
	case fit.Err != nil && len(fit.JSONValue) == 0:
		return fmt.Errorf("%s: %w", name, fit.Err)
	}
	return fmt.Errorf("%s: a %s does not fit here", name, fit.JSONKind)
}

// readers turn data into an event, by kind.
var readers = map[string]func(*feed.Event, jsontext.Value) error{
	"chat":           readChat,
	"transcript":     readTranscript,
	"order":          readOrder,
	"refund":         readRefund,
	"product":        readProduct,
	"product_on_air": readProduct,
	"complaint":      readComplaint,
	"gift":           readGift,
	"enter":          readEnter,
	"system":         readSystem,
}

var timeType = reflect.TypeFor[time.Time]()

func into(v jsontext.Value, data any) error {
	if err := json.Unmarshal(v, data); err != nil {
		return explain("data.", err)
	}
	return nil
}

func readChat(e *feed.Event, v jsontext.Value) error {
	var d Chat
	if err := into(v, &d); err != nil {
		return err
	}
	e.Kind, e.Text = feed.KindChat, d.Text
	setUser(e, d.User)
	return setProduct(e, d.Product)
}

func readTranscript(e *feed.Event, v jsontext.Value) error {
	var d Transcript
	if err := into(v, &d); err != nil {
		return err
	}
	if !(0 <= d.Confidence && d.Confidence <= 1) {
		return fmt.Errorf("data.confidence: %v is not between 0 and 1", d.Confidence)
	}
	if err := notNegative(number{"data.start_ms", d.StartMS}, number{"data.end_ms", d.EndMS}); err != nil {
		return err
	}
	e.Kind, e.Text = feed.KindTranscript, d.Text
	setUser(e, d.User)
	e.Speech = &feed.Speech{
		Utterance: string(d.Utterance), Partial: d.Partial, StartAt: d.StartedAt,
		Confidence: int(math.Round(d.Confidence * 1000)), StartMS: d.StartMS, EndMS: d.EndMS,
	}
	return nil
}

func readOrder(e *feed.Event, v jsontext.Value) error {
	var d Order
	if err := into(v, &d); err != nil {
		return err
	}
	o := d.Order
	if o.ID == "" {
		return errors.New("data.order.id is missing")
	}
	if err := notNegative(number{"data.order.qty", o.Qty}, number{"data.order.amount_fen", o.AmountFen}, number{"data.order.paid_fen", o.PaidFen}); err != nil {
		return err
	}
	e.Kind, e.Text, e.OrderID = feed.KindOrder, d.Text, string(o.ID)
	e.Status = oneOf(o.Status, feed.StatusCreated, feed.StatusPaid, feed.StatusShipped, feed.StatusCompleted, feed.StatusClosed)
	if o.AmountFen != 0 {
		e.AmountFen = o.AmountFen // else a foreign member may have told
	}
	setUser(e, d.User)
	if err := setProduct(e, d.Product); err != nil {
		return err
	}
	e.Order = &feed.Order{
		Buyer: e.User.ID, Qty: o.Qty, PaidFen: o.PaidFen, AddressHash: o.AddressHash, Device: string(o.Device),
		CreatedAt: o.CreatedAt, PaidAt: o.PaidAt, ShippedAt: o.ShippedAt,
	}
	if d.Product != nil {
		e.Order.SKU = string(d.Product.ID)
	}
	if d.Refund != nil {
		return setRefund(e, *d.Refund)
	}
	return nil
}

// readRefund reads foreign refunds, whose state may stand in the order.
func readRefund(e *feed.Event, v jsontext.Value) error {
	var d Order
	if err := into(v, &d); err != nil {
		return err
	}
	if err := readOrder(e, v); err != nil {
		return err
	}
	if d.Refund != nil {
		return nil
	}
	return setRefund(e, Refund{Status: d.Order.Status, AmountFen: e.AmountFen})
}

func setRefund(e *feed.Event, r Refund) error {
	if err := notNegative(number{"data.refund.amount_fen", r.AmountFen}); err != nil {
		return err
	}
	e.Kind = feed.KindRefund
	e.Status = oneOf(r.Status, feed.StatusRequested, feed.StatusAgreed, feed.StatusRefused, feed.StatusRefunded, feed.StatusClosed)
	e.AmountFen = r.AmountFen
	return nil
}

func readProduct(e *feed.Event, v jsontext.Value) error {
	var d ProductOnAir
	if err := into(v, &d); err != nil {
		return err
	}
	e.Kind, e.Text = feed.KindProduct, d.Text
	return setProduct(e, &d.Product)
}

func readComplaint(e *feed.Event, v jsontext.Value) error {
	var d Complaint
	if err := into(v, &d); err != nil {
		return err
	}
	e.Kind, e.Text, e.Channel = feed.KindComplaint, d.Text, d.Channel
	if d.Order != nil {
		e.OrderID = string(d.Order.ID)
	}
	setUser(e, d.User)
	return setProduct(e, d.Product)
}

func readGift(e *feed.Event, v jsontext.Value) error {
	var d Gift
	if err := into(v, &d); err != nil {
		return err
	}
	if err := notNegative(number{"data.gift.count", d.Gift.Count}, number{"data.gift.amount_fen", d.Gift.AmountFen}); err != nil {
		return err
	}
	e.Kind, e.Text, e.Count, e.AmountFen = feed.KindGift, d.Text, d.Gift.Count, d.Gift.AmountFen
	if e.Text == "" && d.Gift.Name != "" {
		e.Text = fmt.Sprintf("%s x%d", d.Gift.Name, max(1, d.Gift.Count))
	}
	setUser(e, d.User)
	return nil
}

func readEnter(e *feed.Event, v jsontext.Value) error {
	var d System
	if err := into(v, &d); err != nil {
		return err
	}
	e.Kind, e.Text = feed.KindEnter, d.Text
	setUser(e, d.User)
	return nil
}

func readSystem(e *feed.Event, v jsontext.Value) error {
	var d System
	if err := into(v, &d); err != nil {
		return err
	}
	if d.Code == codeEnter {
		return readEnter(e, v)
	}
	e.Kind, e.Code, e.Text, e.Severity, e.Channel = feed.KindSystem, d.Code, d.Text, d.Severity, d.By
	setUser(e, d.User)
	switch {
	case d.Code == "":
		return errors.New("data.code is missing")
	case d.Code == feed.CodeGap && d.Gap == nil:
		return errors.New("data.gap is missing: code gap needs from and to")
	case d.Code == feed.CodeGap:
		e.Kind = feed.KindGap
		e.Gap = &feed.Gap{From: d.Gap.From, To: d.Gap.To, Lost: -1, Reason: d.Gap.Reason}
		if d.Gap.Lost != nil {
			e.Gap.Lost = *d.Gap.Lost
		}
		if e.Gap.Lost < -1 || d.Gap.From.IsZero() || d.Gap.To.Before(d.Gap.From) {
			return errors.New("data.gap: it needs from, to not before from, and lost not below 0")
		}
	case d.Code == feed.CodeRetracted && d.Retracts == "":
		return errors.New("data.retracts is missing: code retracted needs the id of the event withdrawn")
	case d.Code == feed.CodeRetracted:
		e.Retracts = string(d.Retracts)
	default:
		if err := setClears(e, d.Clears); err != nil {
			return err
		}
	}
	return setProduct(e, d.Product)
}

// setClears fills in what of the chat was taken out.
func setClears(e *feed.Event, clears string) error {
	if clears == "" {
		clears = map[string]string{feed.CodePersonCleared: feed.ClearsPerson, feed.CodeChatCleared: feed.ClearsChat}[e.Code]
	}
	switch {
	case clears == feed.ClearsPerson && e.User.ID == "":
		return errors.New("data.user.id is missing: names are not unique, so what a person wrote is cleared by their id")
	case clears != "" && clears != feed.ClearsPerson && clears != feed.ClearsChat:
		return fmt.Errorf("data.clears is %q: %s or %s is expected", short(clears), feed.ClearsPerson, feed.ClearsChat)
	}
	e.Clears = clears
	return nil
}

func setUser(e *feed.Event, u User) {
	e.User = feed.User{ID: string(u.ID), Name: u.Name, Role: u.Role}
	if e.User != (feed.User{}) && oneOf(string(u.Role), "host", "assistant", "moderator") == feed.StatusUnknown {
		e.User.Role = feed.RoleViewer
	}
}

func setProduct(e *feed.Event, p *Product) error {
	if p == nil {
		return nil
	}
	if p.ID == "" {
		return errors.New("data.product.id is missing")
	}
	price, stock := p.PriceFen, int64(-1)
	if price == 0 && e.Product != nil {
		price = e.Product.PriceFen // told in a foreign member
	}
	if err := notNegative(number{"data.product.price_fen", price}); err != nil {
		return err
	}
	if p.Stock != nil {
		stock = *p.Stock
		if err := notNegative(number{"data.product.stock", stock}); err != nil {
			return err
		}
	}
	e.Product = &feed.Product{ID: string(p.ID), Title: p.Title, PriceFen: price, Stock: stock}
	return nil
}

// oneOf is s where it is one of known, else "unknown".
func oneOf(s string, known ...string) string {
	for _, k := range known {
		if s == k {
			return s
		}
	}
	return feed.StatusUnknown
}

type number struct {
	name string
	n    int64
}

func notNegative(numbers ...number) error {
	for _, n := range numbers {
		if n.n < 0 {
			return fmt.Errorf("%s: %d is below 0", n.name, n.n)
		}
	}
	return nil
}
