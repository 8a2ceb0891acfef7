package moderation

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
	"liveroom/moderation/seal"
)

// plainEventLeaf is the leaf of an event that is nobody's.
type plainEventLeaf struct {
	At     string    `json:"at,omitzero"`
	ID     string    `json:"id"`
	Kind   feed.Kind `json:"kind"`
	Raw    string    `json:"raw"`
	Room   string    `json:"room"`
	Row    string    `json:"row"`
	Source string    `json:"source"`
}

// eventContent is what an event's row hash is made of.
type eventContent struct {
	At     int64          `json:"at"`
	Detail jsontext.Value `json:"detail"`
	ID     string         `json:"id"`
	Kind   feed.Kind      `json:"kind"`
	Recv   int64          `json:"recv"`
	Room   string         `json:"room"`
	Source string         `json:"source"`
	Text   string         `json:"text"`
}

// FuzzEventJSON holds what is written member by member against what reflection
// writes: records of years ago are checked by these bytes.
func FuzzEventJSON(f *testing.F) {
	f.Add("c1", "ws", "南枝小院", "chat", "能机洗吗", "u1", "小鹿🦌", "viewer", int64(1795176094000000000), int64(3), "", int64(7))
	f.Add("", "", "", "", "\x1b[31m\xff\u2028<&>\"\\\x00\x7f", "", "", "", int64(0), int64(0), "", int64(0))
	f.Add("u1-7", "s\xfe", "r", "gift", "玫瑰 x9", "u1", "", "", int64(-1), int64(-9), "e\n1", int64(-5))
	f.Fuzz(func(t *testing.T, id, source, room, kind, text, user, name, role string, at, count int64, epoch string, offset int64) {
		e := feed.Event{
			ID: id, Source: source, Room: room, Kind: feed.Kind(kind), Text: text, User: feed.User{ID: user, Name: name, Role: feed.Role(role)},
			At: Unstamp(at), Recv: Unstamp(at + count), Count: count, AmountFen: offset, Epoch: epoch, Offset: offset, Status: epoch, Channel: name,
			Code: kind, Severity: role, OrderID: epoch, Retracts: user, Clears: id, Raw: []byte(text),
		}
		detail, written := appendDetail(nil, &e)
		want, err := marshalDetail(&e)
		if err != nil || !written || string(detail) != string(want) {
			t.Fatalf("detail\n%s, want\n%s, %v", detail, want, err)
		}
		row, err := EventRow(&e)
		if err != nil {
			t.Fatal(err)
		}
		asReflected(t, "row", row, &eventContent{At: Stamp(e.At), Detail: detail, ID: id, Kind: e.Kind, Recv: Stamp(e.Recv), Room: room, Source: source, Text: text})
		for _, of := range []Seal{{}, {Holder: 7, Salt: seal.NewSalt()}} {
			r := Recorded{Index: 9, Event: e, RawSHA256: [32]byte{1, 2, 3}, Seal: of}
			l, err := newEventLeaf(&r)
			if err != nil || l.Kind != LeafEvent || l.Ref != "9" {
				t.Fatalf("leaf %+v, %v", l, err)
			}
			if of.Holder == 0 {
				asReflected(t, "leaf", l.Data, &plainEventLeaf{At: leafTime(e.At), ID: id, Kind: e.Kind, Raw: hex.EncodeToString(r.RawSHA256[:]), Room: room, Row: hexSum(row), Source: source})
				continue
			}
			sealed := sealedEventLeaf{At: leafTime(e.At), Holder: 7, Kind: e.Kind, Raw: hexOf(of.Salt.Sum(e.Raw)), Room: room, Row: hexOf(of.Salt.Sum(row)), Source: source, V: sealedLeaf}
			if !tellingID(&e) {
				sealed.ID = id
			}
			asReflected(t, "sealed leaf", l.Data, &sealed)
		}
	})
}

func asReflected(t *testing.T, what string, got []byte, of any) {
	t.Helper()
	want, err := json.Marshal(of, rowJSON)
	if err != nil || string(got) != string(want) {
		t.Fatalf("%s\n%s, want\n%s, %v", what, got, want, err)
	}
}

// Events with a part of their own kind are written by reflection.
func TestEventsWithAPartOfTheirOwnKindKeepIt(t *testing.T) {
	for _, e := range []feed.Event{
		{Gap: &feed.Gap{Lost: -1}}, {Order: &feed.Order{SKU: "D01"}}, {Product: &feed.Product{ID: "D01"}}, {Speech: &feed.Speech{StartAt: time.Unix(7, 0)}},
	} {
		got, err := EventDetail(&e)
		want, werr := marshalDetail(&e)
		if err != nil || werr != nil || string(got) != string(want) || len(got) < 5 {
			t.Errorf("detail %s, %v; want %s, %v", got, err, want, werr)
		}
	}
}

func hexOf(sum [32]byte) string { return hex.EncodeToString(sum[:]) }
