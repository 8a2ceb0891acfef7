package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAPersonQuietsAndWatches sits down at a console with a rule file: a flag that
// was dismissed is quieted and a line watched for, each after its trial on what
// was said; the file keeps what stood in it and takes both on trial, and the deeds
// are in the record.
func TestAPersonQuietsAndWatches(t *testing.T) {
	needs(t, "tmux")
	bin := built(t)
	lines := []string{`{"liveroom_record":1,"protocol":"cloudevent","room":"r1","source":"/test","start":"2026-11-20T12:00:00Z","epoch":"one"}`}
	host := map[string]any{"id": "h1", "name": "晚晴", "role": "host"}
	for i, s := range []string{"大家好", "这条百分之百纯羊毛", "真的就是纯羊毛的", "这个手感真的绝绝子", "喜欢的去拍"} {
		lines = append(lines, cloudFrame(t, len(lines), "transcript", map[string]any{"user": host, "text": s, "utterance": fmt.Sprint(i), "product": map[string]any{"id": "S1"}}))
		if i == 0 {
			lines = append(lines, cloudFrame(t, len(lines), "product", map[string]any{"product": map[string]any{"id": "S1", "title": "围巾", "price_fen": 9900}}))
		}
	}
	recording := filepath.Join(t.TempDir(), "r.jsonl")
	writeText(t, recording, strings.Join(lines, "\n")+"\n")
	server := start(t, "replay", recording, "--listen", "127.0.0.1:0", "--speed", "max")
	server.says(10*time.Second, "ws://")
	url := strings.TrimSpace(server.said.String()[strings.Index(server.said.String(), "ws://"):])
	config, db := configFor(t, fmt.Sprintf("protocol = \"cloudevent\"\nurl = %q", url))
	house := filepath.Join(filepath.Dir(config), "house.toml")
	const mine = "# 自己的，别动\n"
	writeText(t, house, mine)
	writeText(t, filepath.Join(filepath.Dir(config), "facts.csv"), "sku,name,category,material,price\nS1,围巾,apparel,羊毛60%;腈纶40%,99\n")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	writeText(t, config, "[facts]\nfile = \"facts.csv\"\n[rules]\nfiles = [\"house.toml\"]\n[desk]\nname = \"小周\"\nrole = \"moderator\"\nundo_window = \"1s\"\n"+string(text))

	term := startTmux(t, 120, 40, "", bin, "console", "--config", config, "--lang", "zh-CN")
	term.shows(patience, "喜欢的去拍")
	term.shows(patience, "▌▲高")
	term.keys("x", "a")
	term.shows(patience, "含已判")
	term.keys("End")
	term.shows(patience, "✗不成立·你")
	term.keys("Q")
	term.shows(patience, "静默（试运行）")
	term.shows(patience, "✗不成立 20:00:0") // what people made of what it would hide
	term.keys("Enter")
	term.shows(patience, "规则已写进")

	term.keys("h")
	term.shows(patience, "━ 口播")
	term.keys("End", "k")
	term.shows(patience, "▌ 20:00:06 喜欢的去拍")
	term.keys("k")
	term.shows(patience, "▌ 20:00:05")
	term.keys("W")
	term.shows(patience, "盯住（试运行）：这个手感真的绝绝子")
	term.shows(patience, "多报 1 处")
	term.keys("Enter")
	shown := func() string {
		text, _ := os.ReadFile(house)
		return string(text)
	}
	term.wait(patience, "both in the file", func() bool { return strings.Count(shown(), `state = "shadow"`) == 2 })
	if got := shown(); !strings.HasPrefix(got, mine+"\n[[exempt]]\n") || !strings.Contains(got, "\n\n[[rule]]\nid = \"watch.") || !strings.Contains(got, `hit = ["这个手感真的绝绝子", `) || !strings.Contains(got, `by = "小周"`) {
		t.Errorf("the file holds\n%s", got)
	}
	term.keys("q")
	term.ended(patience, "0")
	if out := output(t, bin, "rules", "test", house); !strings.Contains(out, "1 rules, ") || !strings.Contains(out, " 0 fail") {
		t.Errorf("its examples: %s", out)
	}
	output(t, bin, "verify", "--db", db)
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
