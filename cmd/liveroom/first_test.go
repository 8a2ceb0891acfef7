package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"liveroom/tui"
	"liveroom/tui/text"
)

// startFirst runs plain `liveroom` in a folder of its own.
func startFirst(t *testing.T, dir, lang string) *terminal {
	t.Helper()
	needs(t, "tmux")
	return startTmux(t, 120, 40, "", "sh", "-c", `cd "$1" && exec "$2" --lang "$3"`, "sh", dir, built(t), lang)
}

// TestWithoutAConfigTheDemoIsOneKeyAway, and deciding its first flag one more.
func TestWithoutAConfigTheDemoIsOneKeyAway(t *testing.T) {
	for lang, words := range map[string][3]string{
		"en":    {"There is no config yet (liveroom.toml)", "fact  羊毛65%", "case #1 opened"},
		"zh-CN": {"还没有配置（liveroom.toml）", "实    羊毛65%", "已立案 #1"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel() // the broadcast takes its time
			dir := t.TempDir()
			term := startFirst(t, dir, lang)
			term.shows(patience, words[0])
			term.keys("d")
			term.shows(60*time.Second, words[1])
			term.keys("y")
			term.shows(patience, words[2])
			term.keys("q")
			term.ended(patience, "0")
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("the demo left %v", left)
			}
		})
	}
}

// TestFiveQuestionsConnectARoom: the config they write has comments, loads, and the
// console that opens on it shows the room; the second start opens it at once.
func TestFiveQuestionsConnectARoom(t *testing.T) {
	for lang, words := range map[string]struct{ first, look, reached, comment, live string }{
		"en":    {"There is no config yet", "This is written into liveroom.toml", "✓ the address answers", "# One block for each broadcast", "● live"},
		"zh-CN": {"还没有配置", "将写入 liveroom.toml", "✓ 地址有应答", "# 每个要看的直播间一段", "● 直播中"},
	} {
		server := start(t, "replay", "../../demo/broadcast.jsonl", "--listen", "127.0.0.1:0", "--speed", "20")
		server.says(10*time.Second, "ws://")
		url := strings.TrimSpace(server.said.String()[strings.Index(server.said.String(), "ws://"):])
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "fabric.csv"), []byte("sku,name,category,material\nD01,围巾,apparel,羊毛65%;聚酯纤维35%\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		term := startFirst(t, dir, lang)
		term.shows(patience, words.first)
		term.keys("c")
		term.shows(patience, "1/5")
		term.keys("Enter")
		term.shows(patience, "› ws://127.0.0.1:7788/")
		term.keys("C-u")
		term.run("send-keys", "-l", url)
		term.keys("Enter")
		term.shows(patience, "3/5")
		term.run("send-keys", "-l", "东篱优选 dcq")
		term.keys("Enter")
		term.shows(patience, "4/5")
		term.run("send-keys", "-l", "fab")
		term.keys("Tab")
		term.shows(patience, "› fabric.csv")
		term.keys("Enter")
		term.shows(patience, "› liveroom.db")
		term.keys("Enter")
		term.shows(patience, words.look)
		term.shows(patience, words.reached)
		term.keys("Enter")
		term.shows(patience, "东篱优选 dcq "+words.live)
		term.keys("q")
		term.ended(patience, "0")
		got, err := os.ReadFile(filepath.Join(dir, "liveroom.toml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{words.comment, `name = "东篱优选 dcq"`, `id = "dcq"`, `file = "fabric.csv"`, fmt.Sprintf("url = %q", url)} {
			if !strings.Contains(string(got), want) {
				t.Errorf("the config lacks %q:\n%s", want, got)
			}
		}
		term = startFirst(t, dir, lang)
		term.shows(patience, "东篱优选 dcq ")
		term.keys("q")
		term.ended(patience, "0")
	}
}

// TestAConfigIsOpenedByItsPath, completed by tab; what is wrong with it is said on
// the screen, and the person stays there.
func TestAConfigIsOpenedByItsPath(t *testing.T) {
	for lang, which := range map[string]string{"en": "Which config?", "zh-CN": "哪一份配置？"} {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"broken.toml": "[desk]\nrol = \"agent\"\n",
			"shop.toml":   "[[room]]\nid = \"friday\"\nname = \"南枝小院\"\n",
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		term := startFirst(t, dir, lang)
		term.shows(patience, "liveroom.toml")
		term.keys("o")
		term.shows(patience, which)
		term.run("send-keys", "-l", "br")
		term.keys("Tab")
		term.shows(patience, "› broken.toml")
		term.keys("Enter")
		term.shows(patience, `broken.toml:2: unknown key "desk.rol", did you mean "role"?`)
		term.keys("C-u")
		term.run("send-keys", "-l", "sh")
		term.keys("Tab", "Enter")
		term.shows(patience, "南枝小院")
		term.keys("q")
		term.ended(patience, "0")
	}
}

// TestLeavingTheFirstScreenLeavesNothing, by every way out.
func TestLeavingTheFirstScreenLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	for _, key := range []string{"q", "C-c"} {
		term := startFirst(t, dir, "en")
		term.shows(patience, "There is no config yet")
		term.keys(key)
		term.ended(patience, "0")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("leaving left %v, %v", left, err)
	}
}

func TestAnswersAreChecked(t *testing.T) {
	dir := t.TempDir()
	source := func(id string) tui.FirstSource {
		for _, s := range firstSources {
			if s.ID == id {
				return s
			}
		}
		t.Fatal(id)
		return tui.FirstSource{}
	}
	for _, c := range []struct {
		a    tui.FirstAnswers
		q    tui.Question
		want string
	}{
		{tui.FirstAnswers{Source: source("cloudevent"), Address: "ws://127.0.0.1:7788/"}, tui.AskAddress, ""},
		{tui.FirstAnswers{Source: source("cloudevent"), Address: "http://127.0.0.1/"}, tui.AskAddress, "no websocket address"},
		{tui.FirstAnswers{Source: source("cloudevent"), Address: "ws://live.example.com/"}, tui.AskAddress, "over the network: use wss://"},
		{tui.FirstAnswers{Source: source("cloudevent"), Address: "wss://live.example.com/"}, tui.AskAddress, ""},
		{tui.FirstAnswers{Source: source("twitch"), Address: "shop"}, tui.AskAddress, ""},
		{tui.FirstAnswers{Source: source("twitch")}, tui.AskAddress, "channel is missing"},
		{tui.FirstAnswers{Room: "  "}, tui.AskRoom, "a name is needed"},
		{tui.FirstAnswers{Room: "东篱"}, tui.AskRoom, ""},
		{tui.FirstAnswers{}, tui.AskFacts, ""},
		{tui.FirstAnswers{Facts: filepath.Join(dir, "none.csv")}, tui.AskFacts, "open fact sheet"},
		{tui.FirstAnswers{}, tui.AskRecord, "a file is needed"},
		{tui.FirstAnswers{Record: dir}, tui.AskRecord, "is a folder"},
		{tui.FirstAnswers{Record: filepath.Join(dir, "no", "x.db")}, tui.AskRecord, "there is no folder"},
		{tui.FirstAnswers{Record: filepath.Join(dir, "x.db")}, tui.AskRecord, ""},
	} {
		err := checkAnswer(c.a, c.q)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.a, err, c.want)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := reachAnswer(t.Context(), tui.FirstAnswers{Source: source("cloudevent"), Address: "ws://" + l.Addr().String()}); err == nil {
		t.Error("nobody listens, and it was reached")
	}
}

// TestEverySourceOfTheFirstScreenMakesAConfigThatLoads, in both languages, with
// quotes and Chinese in the answers; a config that exists is left alone.
func TestEverySourceOfTheFirstScreenMakesAConfigThatLoads(t *testing.T) {
	for _, s := range firstSources {
		for _, lang := range text.Langs {
			path := filepath.Join(t.TempDir(), "liveroom.toml")
			a := tui.FirstAnswers{Source: s, Address: s.Address, Room: `东篱 "优选" \ #1`, Record: "记录.db"}
			if s.Channel {
				a.Address = "shop"
			}
			if err := writeConfig(path, a, lang); err != nil {
				t.Fatalf("%s: %v", s.ID, err)
			}
			c, err := loadConfig(path)
			if err != nil {
				t.Fatal(err)
			}
			if c.Rooms[0].Name != a.Room || c.Rooms[0].Sources[0].Protocol != s.ID || c.Record.File != a.Record || c.Rooms[0].ID != "1" {
				t.Errorf("%s: %+v", s.ID, c.Rooms)
			}
			if !text.For(lang).Has("watch." + s.ID) {
				t.Errorf("%s: %s has no words for it", s.ID, lang)
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := writeConfig(path, a, lang); err == nil || !strings.Contains(err.Error(), "was left as it is") {
				t.Errorf("written over: %v", err)
			}
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("it was changed")
			}
		}
	}
}

func TestPathsAreCompleted(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a[1].csv", "ab.csv", ".hidden"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for begin, want := range map[string]string{"a": "a[1].csv ab.csv", "a[": "a[1].csv", "f": "folder/", "": "a[1].csv ab.csv folder/", ".h": ".hidden", "z": ""} {
		var got []string
		for _, hit := range completePath(filepath.Join(dir) + "/" + begin) {
			got = append(got, strings.TrimPrefix(hit, dir+"/"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q completes to %q, want %q", begin, got, want)
		}
	}
}
