package moderation

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"liveroom/moderation/policy"
)

// A Notice says that people were told of a clock, or that a message to them is
// in the outbox. It stands in the clock in the same transaction as the message:
// so that nobody is told twice, whatever was cut off.
type Notice struct {
	Key string // the same notice has the same key for ever
	To  string // the way it went: ToConsole, or a Notify's name
	At  time.Time
}

// ToConsole is the way to the consoles themselves.
const ToConsole = "console"

// DefaultAtRisk is how long before it runs out a clock is at risk, where nothing
// else is said.
const DefaultAtRisk = 4 * time.Hour

// Notify is a way to tell people of clocks: a chat group, for instance.
type Notify struct {
	Name   string              // unique, and never given to another group
	Rooms  []string            // nil: all
	Kinds  []policy.NoticeKind // nil: all
	Before time.Duration       // how long before it runs out a clock is at risk. 0: DefaultAtRisk
}

// useNotify takes the ways of telling, the consoles before all others.
func (d *Desk) useNotify(cfg Config) error {
	d.notify = []Notify{{Name: ToConsole, Before: cmp.Or(cfg.AtRisk, DefaultAtRisk)}}
	for _, w := range cfg.Notify {
		if w.Name == "" || slices.ContainsFunc(d.notify, func(o Notify) bool { return o.Name == w.Name }) {
			return fmt.Errorf("notify %q: each way of telling needs a name of its own", w.Name)
		}
		w.Before = cmp.Or(w.Before, DefaultAtRisk)
		d.notify = append(d.notify, w)
	}
	return nil
}

// A NoticeItem is one clock of a case that people are told of.
type NoticeItem struct {
	Key    string
	Case   int64
	Title  string // without personal data
	Kind   policy.NoticeKind
	Clock  string
	Due    time.Time
	Text   string
	TextEN string
}

// A NoticeMessage is what one way is told at once, of one room and kind. It is
// the text of an effect of the kind EffectNotice.
type NoticeMessage struct {
	Key   string // the same through all tries
	To    string
	Room  string // its name
	Kind  policy.NoticeKind
	Try   int // from 1
	Items []NoticeItem
}

// EffectNotice is the kind of the effects that tell people of clocks.
const EffectNotice = "notice"

// ReadNotice is what an effect of the kind EffectNotice tells.
func ReadNotice(e Effect) (NoticeMessage, error) {
	var m NoticeMessage
	if err := json.Unmarshal([]byte(e.Text), &m); err != nil {
		return m, fmt.Errorf("notice %s: %w", e.Key, err)
	}
	return m, nil
}

func (m NoticeMessage) encode() (string, error) {
	b, err := json.Marshal(&m, rowJSON)
	if err != nil {
		return "", fmt.Errorf("notice to %s: %w", m.To, err)
	}
	return string(b), nil
}

func noticeOwner(id int64) string { return "case:" + number(id) }

// told tells whether a notice went a way.
func (c *Case) told(to, key string) bool {
	return slices.ContainsFunc(c.Clocks, func(k Clock) bool {
		return slices.ContainsFunc(k.Notices, func(n Notice) bool { return n.To == to && n.Key == key })
	})
}

// wants tells whether the way is for notices of the room and kind.
func (n *Notify) wants(room string, kind policy.NoticeKind) bool {
	return (n.Rooms == nil || slices.Contains(n.Rooms, room)) && (n.Kinds == nil || slices.Contains(n.Kinds, kind))
}

// effect is the message in the outbox, each try under a key of its own.
func (m NoticeMessage) effect(room string, notBefore time.Time) (Effect, error) {
	text, err := m.encode()
	return Effect{
		Key: fmt.Sprintf("%s/%d", m.Key, m.Try), Room: room, Kind: EffectNotice, Target: m.To, Text: text, NotBefore: notBefore, Status: EffectPending,
	}, err
}
