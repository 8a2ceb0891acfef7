package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// Canaries are personal data that nobody has: where one is seen, something let
// it through.
var canaries = []string{
	"13912345678", "12345678", "110101199003071239", "6222029876543210123", "98765432101",
	"欧阳探针", "探针", "probe.canary@", "canary", "探针路77号", "LR99880011", "99880011", "bfe170f3", "wx_canary77",
}

// canaryEvents puts them where sources put them: into names, chat, complaints,
// orders, and into a frame that cannot be read.
var canaryEvents = []string{
	`"type":"liveroom.chat.v1","id":"c1","data":{"user":{"id":"canary-1","name":"欧阳探针"},"text":"打13912345678 微信wx_canary77"}`,
	`"type":"liveroom.product.v1","id":"p1","data":{"product":{"id":"D01","title":"羊毛围巾","price_fen":12900,"stock":1}}`,
	`"type":"liveroom.transcript.v1","id":"t1","data":{"user":{"id":"h1","name":"主播","role":"host"},"text":"这是全网第一的纯羊毛围巾 有事打13912345678","utterance":"u1","final":true}`,
	`"type":"liveroom.order.v1","id":"order/LR9988001107/paid","data":{"user":{"id":"canary-1","name":"欧阳探针"},"product":{"id":"D01"},"order":{"id":"LR9988001107","status":"paid","qty":1,"amount_fen":12900,"paid_fen":12900,"address_hash":"bfe170f3","device":"imei-canary-77","created_at":"2026-11-20T12:00:30Z","paid_at":"2026-11-20T12:00:35Z"}}`,
	`"type":"liveroom.complaint.v1","id":"k1","data":{"user":{"id":"canary-1","name":"欧阳探针"},"order":{"id":"LR9988001107"},"text":"掉毛！身份证110101199003071239 退到6222029876543210123 邮箱probe.canary@example.com 地址：浙江省杭州市西湖区探针路77号3楼"}`,
	`"type":"liveroom.chat.v1","id":"","data":{"user":{"id":"canary-2","name":"欧阳探针 13912345678"},"text":7}`,
}

// canaryRecord is a record that the canaries came into over a websocket, with a
// case about them, and what the program said while it recorded.
func canaryRecord(t *testing.T) (db, said string) {
	t.Helper()
	db, said = collectCanaries(t, canaryEvents)
	d := openDesk(t, db, strings.ReplaceAll(hostilePolicy, "EVIL", `"赠品补偿"`))
	d.workOn(canaryReason)
	d.close()
	return db, said
}

// canaryReason is what people write of what they do.
const canaryReason = "电话13912345678 屡次如此"

func collectCanaries(t *testing.T, events []string) (db, said string) {
	t.Helper()
	url := peer(t, func(c *websocket.Conn) {
		for i, e := range events {
			frame := fmt.Sprintf(`{"specversion":"1.0","source":"/s","subject":"r1","time":"2026-11-20T12:00:%02dZ",%s}`, i, e)
			if err := c.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
				return
			}
		}
	})
	config, db := configFor(t, fmt.Sprintf("protocol = \"cloudevent\"\nurl = %q", url))
	p := start(t, "collect", "--once", "--config", config)
	p.ends(60*time.Second, 0)
	return db, p.said.String()
}

func noCanary(t *testing.T, where, text string) {
	t.Helper()
	for _, c := range canaries {
		if strings.Contains(text, c) {
			t.Errorf("%s shows %q:\n%s", where, c, feed.Sanitise(text))
		}
	}
}

var listings = []string{"events", "flags", "complaints", "problems", "questions", "orders", "cases"}

func TestNoCanaryLeavesTheRecord(t *testing.T) {
	db, said := canaryRecord(t)
	if !strings.Contains(said, "refused") {
		t.Fatalf("nothing was refused, the log has nothing to leak:\n%s", said)
	}
	noCanary(t, "the log", said)
	bin := built(t)
	whole := ""
	for _, l := range listings {
		args := []string{l, "--db", db}
		if l == "orders" {
			args = append(args, "--speech")
		}
		out := output(t, bin, args...)
		noCanary(t, l, out)
		whole += out
	}
	for _, format := range []string{"html", "jsonl"} {
		noCanary(t, "the report in "+format, output(t, bin, "report", "--room", "r1", "--db", db, "--format", format))
	}
	for _, want := range []string{`"id":"****1107"`, "139****5678", "110****1239", "欧阳**", "浙江省杭州市西湖区****", "全网第一"} {
		if !strings.Contains(whole, want) {
			t.Errorf("the listings do not show %s", want)
		}
	}
	// What was hidden is there: the test could fail.
	in := []string{"--case", "1", "--reason", "买家来电核对", "--by", "审核员甲"}
	got := output(t, bin, append([]string{"complaints", "--db", db, "--reveal", "text,buyer,order"}, in...)...)
	for _, want := range []string{"110101199003071239", "欧阳探针", "LR9988001107", "探针路77号"} {
		if !strings.Contains(got, want) {
			t.Errorf("revealed complaints lack %s: %s", want, got)
		}
	}
	// The chat of the same person is no part of the case.
	noCanary(t, "events beside the case", firstLine(output(t, bin, append([]string{"events", "--db", db, "--reveal", "text,buyer,order"}, in...)...)))
	store, err := sqlite.OpenReadOnly(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	done, err := store.Actions(t.Context(), moderation.Page{})
	if err != nil {
		t.Fatal(err)
	}
	reveals := 0
	for _, a := range done {
		if a.Command == "reveal" && a.Actor.Name == "审核员甲" && strings.Contains(string(a.After), "买家来电核对") && strings.Contains(string(a.After), `"until"`) {
			reveals++
		}
	}
	if reveals != 6 {
		t.Errorf("%d reveals in the ledger, want 6", reveals)
	}
	output(t, bin, "verify", "--db", db)
}

func firstLine(s string) string { return s[:strings.IndexByte(s, '\n')+1] }

// TestRevealingWantsARightACaseAndAReason: what is refused prints nothing and
// leaves nothing in the ledger.
func TestRevealingWantsARightACaseAndAReason(t *testing.T) {
	db, _ := canaryRecord(t)
	moderator := filepath.Join(filepath.Dir(db), "liveroom.toml") // its role is moderator
	for name, args := range map[string][]string{
		"no case":         {"--reveal", "text", "--reason", "核对"},
		"no reason":       {"--reveal", "text", "--case", "1"},
		"another field":   {"--reveal", "all", "--case", "1", "--reason", "核对"},
		"no such case":    {"--reveal", "text", "--case", "9", "--reason", "核对", "--by", "甲"},
		"not a moderator": {"--reveal", "buyer", "--case", "1", "--reason", "核对", "--config", moderator},
	} {
		cmd := exec.Command(built(t), append([]string{"complaints", "--db", db}, args...)...)
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		noCanary(t, name, string(out))
	}
}
