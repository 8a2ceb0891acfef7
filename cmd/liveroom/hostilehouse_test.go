package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/gorilla/websocket"

	"liveroom/moderation"
	"liveroom/moderation/privacy"
)

// marked is a hostile string with a mark by which it is known in whatever a sink
// made of it. The mark stands behind it, where it changes nothing of how the string
// begins, and before a long one, which may be cut.
func marked(i int, text string) string {
	mark := fmt.Sprintf("〔%d〕", i)
	if utf8.RuneCountInString(text) > 40 {
		return mark + text
	}
	return text + mark
}

var marks = regexp.MustCompile(`〔(\d+)〕`)

// order is the number of an order that ends as a string does.
func order(i int, bare string) string { return fmt.Sprint("LR88", i, bare) }

// tooLong tells whether a text is refused in a cell of a sheet.
func tooLong(text string) bool { return utf8.RuneCountInString(text) > 150 }

// events puts a text wherever a source can put one. Numbers of orders and
// accounts end as the string does: their last characters are what is shown of them.
func (h *hostileHouse) events(i int, bare string) []string {
	type m = map[string]any
	text, at := marked(i, bare), h.began.Add(time.Duration(i)*time.Second)
	user := m{"id": fmt.Sprint("u", i, bare), "name": text}
	product := m{"id": fmt.Sprint("D", i), "title": text, "price_fen": 12900, "stock": 1}
	reached := h.began.Add(20 * time.Minute) // when everything was said
	bought := func(id, place string, paid time.Time) m {
		return m{"id": id, "status": "paid", "qty": 1, "amount_fen": 12900, "paid_fen": 12900, "address_hash": place + text, "device": place + text, "created_at": paid, "paid_at": paid}
	}
	events := []hostileEvent{
		{"chat", m{"user": user, "text": text}},
		{"product", m{"product": product, "text": text}},
		{"transcript", m{"user": m{"id": "h1", "name": text, "role": "host"}, "text": text + "。这是全网第一的纯羊毛围巾", "utterance": fmt.Sprint("u", i, text), "final": true}},
		{"chat", m{"user": user, "text": "会起球吗" + text}},
		{"order", m{"user": user, "product": m{"id": "D0"}, "order": bought(order(i, bare), "", reached), "text": text}},
		{"complaint", m{"user": user, "product": m{"id": "D0"}, "order": m{"id": order(i, bare)}, "text": "掉毛" + text, "channel": text}},
		{"complaint", m{"user": user, "product": m{"id": "D0"}, "text": "掉毛" + text, "channel": text}}, // two make a problem
		{"gift", m{"user": user, "text": text, "gift": m{"count": 1}}},
		{"system", m{"code": "notice", "text": text, "severity": text}},
		// What makes orders suspect: a call in the chat, and one address for many.
		{"chat", m{"user": m{"id": fmt.Sprint("raider", i, bare), "name": text}, "text": "大家" + text + "拍了就退，兄弟们都去拍了就退"}},
	}
	events = append(events, hostileEvent{"order", m{"user": user, "product": m{"id": fmt.Sprint("D", i)}, "order": bought(fmt.Sprint("PR88-", i, "-", bare), "单位", reached)}})
	for n := range 3 {
		buyer := m{"id": fmt.Sprint("raider", i, strings.Repeat("+", n), bare), "name": text}
		events = append(events, hostileEvent{"order", m{"user": buyer, "product": m{"id": fmt.Sprint("D", i)}, "order": bought(fmt.Sprint("RR88", i, "-", n, bare), "仓库", h.began)}})
	}
	var out []string
	for n, e := range events {
		b, err := json.Marshal(m{
			"specversion": "1.0", "source": "/s" + text, "subject": "r1", "type": "liveroom." + e.kind + ".v1", "id": fmt.Sprint(i, ".", n, text),
			"time": at.Add(time.Duration(n)), "data": e.data,
		}, jsontext.AllowInvalidUTF8(true))
		if err != nil {
			panic(err)
		}
		out = append(out, string(b))
	}
	return out
}

type hostileEvent struct {
	kind string
	data map[string]any
}

// A hostileHouse is a folder with a record and files that are full of texts.
type hostileHouse struct {
	dir, said string
	began     time.Time // a quarter of an hour ago
	bare      []string
	incident  int64 // the case that everything is bound to
}

func openHostileHouse(t *testing.T, texts []string) *hostileHouse {
	t.Helper()
	h := &hostileHouse{dir: t.TempDir(), began: time.Now().UTC().Add(-15 * time.Minute), bare: texts}
	var frames []string
	for i, s := range texts {
		frames = append(frames, h.events(i, s)...)
		frames = append(frames, s, `{"specversion":"`+s+`"}`)
	}
	url := peer(t, func(c *websocket.Conn) {
		for _, f := range frames {
			if err := c.WriteMessage(websocket.TextMessage, []byte(f)); err != nil {
				return
			}
		}
	})
	h.write(t, "liveroom.toml", fmt.Sprintf("[[room]]\nid = \"r1\"\n[[room.source]]\nprotocol = \"cloudevent\"\nurl = %q\n", url))
	out, said, code := tell("collect", "--once", "--config", h.path("liveroom.toml"))
	if code != exitDone {
		t.Fatalf("collect: %d %s%s", code, out, said)
	}
	h.said = out + said
	h.work(t)
	return h
}

// work has people write each string wherever they can, in cases of each kind: one
// that everything is bound to, with payments and a penalty, one for each string, and
// those of the orders that look like bad faith.
func (h *hostileHouse) work(t *testing.T) {
	t.Helper()
	d := openDesk(t, h.path("liveroom.db"), evil(hostilePolicy))
	for _, o := range all(t, d.store.Orders) {
		if i := -1; strings.HasPrefix(o.ID, "PR88-") {
			if _, err := fmt.Sscanf(o.ID, "PR88-%d-", &i); err != nil {
				t.Fatal(err)
			}
			d.suffer(o.ID, marked(i, h.bare[i]))
		}
	}
	c := d.bindAll(words)
	h.incident = c.ID
	flags, questions, risky := all(t, d.store.Flags), all(t, d.store.Questions), d.risky()
	for _, f := range flags {
		d.does(boss, moderation.ConfirmFlag{Flag: f.ID})
	}
	for i, bare := range h.bare {
		s := marked(i, bare)
		d.does(agent, moderation.OpenCase{Room: "r1", Kind: moderation.CaseComplaint, Title: s})
		d.does(boss, moderation.CorrectHost{Flag: flags[i%len(flags)].ID, Text: s})
		if i < len(questions) && questions[i].AnsweredAt.IsZero() {
			d.does(boss, moderation.AnswerQuestion{Question: questions[i].ID, Text: s})
		}
	}
	for i, bare := range h.bare {
		k := i % len(risky)
		risky[k] = d.holdBack(risky[k], marked(i, bare))
	}
	c = d.does(agent, moderation.ProposePayment{Case: c.ID, Version: c.Version, Order: c.Orders[0], Policy: giftPolicy})
	c = d.punish(d.uphold(c), words)
	d.contest(c, words)
	d.close()
}

func (h *hostileHouse) path(name string) string { return filepath.Join(h.dir, name) }

func (h *hostileHouse) write(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(h.path(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return h.path(name)
}

// together is one word of a command line that has the worst of all.
const (
	words    = "甲\x1b[2J\x1b]0;x\x07\u009b31m\u202e乙\nliveroom: forged\r\u200b\u2028\x7f丙"
	together = words + "\xff"
)

// lay writes the files that commands read.
func (h *hostileHouse) lay(t *testing.T) *strings.Replacer {
	t.Helper()
	var frames, lines, sheet, export strings.Builder
	sheet.WriteString("sku,name,category,material,price,promises\n")
	export.WriteString("工单号,商品编码,投诉内容,时间,渠道,收货地址\n")
	cell := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	for i, bare := range h.bare {
		s := marked(i, bare)
		valid, oneLine := strings.ToValidUTF8(s, "\uFFFD"), strings.NewReplacer("\n", "", "\r", "")
		for _, e := range h.events(i, bare) {
			frames.WriteString(e + "\n" + oneLine.Replace(s) + "\n")
		}
		lines.WriteString("主播：" + oneLine.Replace(valid) + "。这是全网第一的纯羊毛围巾\n")
		if tooLong(valid) {
			continue
		}
		fmt.Fprintf(&sheet, "D%d,%s,apparel,羊毛60%%;腈纶40%%,99,%s\n", i, cell(fmt.Sprint("围巾", i, valid)), cell(valid))
		fmt.Fprintf(&export, "%s,D%d,%s,2026-11-20 20:00,%s,%s\n", cell(fmt.Sprint(i, valid)), i, cell("不是纯羊毛"+valid), cell(valid), cell(valid))
	}
	return strings.NewReplacer(
		"FRAMES", h.write(t, "frames.jsonl", frames.String()), "LINES", h.write(t, "lines.txt", lines.String()),
		"SHEET", h.write(t, "sheet.csv", sheet.String()), "EXPORT", h.write(t, "export.csv", export.String()),
		"RULES", h.write(t, "rules.toml", evil(hostileRule)), "POLICY", h.write(t, "policy.toml", evil(hostilePolicy)),
		"UNRULY", h.write(t, "unruly.toml", evil(strings.Replace(hostileRule, `"这是羊毛围巾"`, "EVIL", 1))),
		"REPLIES", h.write(t, "replies.toml", evil(`
[[reply]]
id = "late.apology"
types = ["quality"]
title = { zh = EVIL, en = EVIL }
text = { zh = EVIL, en = EVIL }
`)),
		"LICENCES", h.write(t, "licences.toml", evil(`
[[qualification]]
id = "ccc"
class = "ccc"
name = EVIL
status = "approved"
expiry = 2020-01-01
products = ["*"]
`)),
		"BROKEN", h.write(t, "broken.toml", evil("[[EVIL]]\nEVIL = EVIL\n")), "INCIDENT", fmt.Sprint(h.incident),
		"CONFIG", h.path("liveroom.toml"), "DB", h.path("liveroom.db"), "OUT", h.path("out"), "HOSTILE", together, "WORDS", words, "BUYER", "u1"+h.bare[1],
	)
}

const hostileRule = `
[[rule]]
id = "house.scarf"
state = "on"
category = "absolute"
verdict = "unsupported"
severity = "high"
terms = ["羊毛围巾"]
source = EVIL
checked = 2026-11-20
why = EVIL
suggest = EVIL
hit = ["这是羊毛围巾", "羊毛围巾来了"]
miss = ["这是棉袜", "今天有三款"]
`

// hostilePolicy grants what was paid. Its example says otherwise, so that it is told of.
const hostilePolicy = `
id = "` + giftPolicy + `"
kind = "compensation"
title = EVIL
title_en = EVIL
source = EVIL
checked = 2026-11-20
[[clause]]
id = "2.1"
effect = "requires"
text = EVIL
text_en = EVIL
when = "order.paid_fen > 0"
holds = [{ order.paid_fen = 1 }]
fails = [{ order.paid_fen = 0 }]
[amount]
[[amount.part]]
text = EVIL
text_en = EVIL
of = "order.paid_fen"
percent = "100"
[[example]]
name = EVIL
facts = { order.paid_fen = 12900 }
granted_fen = 1
`

// evil puts the worst of all where a file says EVIL, escaped as TOML wants it.
func evil(file string) string {
	var b strings.Builder
	for _, r := range words {
		fmt.Fprintf(&b, "\\U%08X", r)
	}
	return strings.ReplaceAll(file, "EVIL", `"`+b.String()+`"`)
}

// checkWhole reads the chat back: every text is what was said, but for what is
// personal and bytes that are no UTF-8.
func (h *hostileHouse) checkWhole(t *testing.T) {
	out, said, code := tell("events", "--db", h.path("liveroom.db"), "--query", "kind:chat")
	if code != exitDone {
		t.Fatal(said)
	}
	kept := map[string]bool{}
	for line := range strings.Lines(out) {
		var e struct {
			Text string `json:"text"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		kept[e.Text] = true
	}
	for i, bare := range h.bare {
		s := marked(i, bare)
		if !utf8.ValidString(s) {
			continue // its frames are refused, and told of
		}
		if !kept[privacy.Text(s)] {
			t.Errorf("%.100q is not listed as it was said", s)
		}
	}
}
