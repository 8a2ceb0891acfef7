package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/feed/barrage"
	"liveroom/feed/oba"
	"liveroom/feed/tikfinity"
	"liveroom/feed/twitch"
	"liveroom/tui"
	"liveroom/tui/text"
)

// firstSources are what can be watched with an address or a channel alone; all
// others need a token or a secret, which nobody should type into a screen.
var firstSources = []tui.FirstSource{
	{ID: "cloudevent", Address: "ws://127.0.0.1:7788/"},
	{ID: "barrage", Address: barrage.DefaultURL},
	{ID: "douyinlive", Address: barrage.DefaultDouyinLiveURL},
	{ID: "oba", Address: oba.DefaultURL},
	{ID: "tikfinity", Address: tikfinity.DefaultURL},
	{ID: "twitch", Channel: true},
}

// reachFor is how long the address is tried.
const reachFor = 5 * time.Second

// isFirst tells whether a console is started for the first time: nobody named a
// config, and there is none at the usual place.
func isFirst(cmd *cobra.Command, config string) bool {
	_, err := os.Stat(config)
	return !cmd.Flags().Changed("config") && errors.Is(err, fs.ErrNotExist)
}

// first asks a person without a config how to begin, and begins. started opens the
// console on a config.
func first(cmd *cobra.Command, config string, screen screenFlags, lang text.Lang, started func(config string) error) error {
	screen.of(defaultConfig().Screen)
	choice, err := tui.RunFirst(cmd.Context(), tui.First{
		Lang: lang, In: cmd.InOrStdin(), Out: cmd.OutOrStdout(), File: config, Sources: firstSources, Record: defaultConfig().Record.File,
		Check: checkAnswer, Reach: reachAnswer, Complete: completePath,
		Write: func(a tui.FirstAnswers) (string, error) { return config, writeConfig(config, a, lang) },
		Open: func(path string) error {
			_, err := loadConfig(expandHome(path))
			return err
		},
	})
	switch {
	case err != nil || choice == tui.FirstChoice{}:
		return err
	case choice.Demo:
		demo := defaultDemo()
		demo.screen = screen
		return runDemoCommand(cmd, demo, lang)
	}
	return started(expandHome(choice.Config))
}

// sourceOf is the source that was answered.
func sourceOf(a tui.FirstAnswers) SourceConfig {
	s := SourceConfig{Protocol: a.Source.ID, URL: strings.TrimSpace(a.Address)}
	if a.Source.Channel {
		s.URL, s.Channel = twitch.DefaultURL, s.URL
	}
	return s
}

// checkAnswer tells what is wrong with an answer.
func checkAnswer(a tui.FirstAnswers, q tui.Question) error {
	switch q {
	case tui.AskAddress:
		s := sourceOf(a)
		if err := s.check(); err != nil {
			return err
		}
		if u, err := url.Parse(s.URL); err == nil && u.Scheme == "ws" && !feed.Loopback(u.Hostname()) {
			return fmt.Errorf("ws:// to %s would send everything readable over the network: use wss://, or write the config by hand with allow_insecure = true", u.Hostname())
		}
		_, err := newProtocol(s, "room")
		return err
	case tui.AskRoom:
		if strings.TrimSpace(a.Room) == "" {
			return errors.New("a name is needed: it stands on the screen and in reports")
		}
	case tui.AskFacts:
		_, err := loadSheet(expandHome(strings.TrimSpace(a.Facts)))
		return err
	case tui.AskRecord:
		return checkRecord(expandHome(strings.TrimSpace(a.Record)))
	}
	return nil
}

func checkRecord(file string) error {
	if file == "" {
		return errors.New("a file is needed: name one, like liveroom.db")
	}
	info, err := os.Stat(file)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder: name a file in it, like %s", file, filepath.Join(file, "liveroom.db"))
	case err == nil:
		return nil
	}
	if info, err := os.Stat(filepath.Dir(file)); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s: make it first, or name another file", filepath.Dir(file))
	}
	return nil
}

// reachAnswer tries the address with a handshake and no more.
func reachAnswer(ctx context.Context, a tui.FirstAnswers) error {
	ctx, stop := context.WithTimeout(ctx, reachFor)
	defer stop()
	got := reach(ctx, sourceOf(a).URL, askWhether)
	switch {
	case got.err != nil:
		return got.err
	case got.status == http.StatusNotFound || got.status >= 500 || got.status >= 300 && got.status < 400:
		return fmt.Errorf("%s answers HTTP %d", got.host, got.status)
	}
	return nil
}

// completePath lists what begins like a path, folders with a slash behind them.
func completePath(begin string) []string {
	matches, err := filepath.Glob(escapeGlob(expandHome(begin)) + "*")
	if err != nil {
		return nil
	}
	var out []string
	for _, m := range matches {
		if strings.HasPrefix(filepath.Base(m), ".") && !strings.HasPrefix(filepath.Base(begin), ".") {
			continue
		}
		if info, err := os.Stat(m); err == nil && info.IsDir() {
			m += string(filepath.Separator)
		}
		if out = append(out, m); len(out) == maxHits {
			break
		}
	}
	return out
}

// maxHits is how many paths are offered: more would not be read.
const maxHits = 40

var globSigns = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)

func escapeGlob(path string) string {
	if filepath.Separator == '\\' {
		return path // there is no escaping there
	}
	return globSigns.Replace(path)
}

// expandHome resolves ~/ as a shell does.
func expandHome(path string) string {
	rest, ok := strings.CutPrefix(path, "~"+string(filepath.Separator))
	if !ok {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

// writeConfig writes a config that loads, and never over one that exists.
func writeConfig(path string, a tui.FirstAnswers, lang text.Lang) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists by now and was left as it is: open it instead", path)
	}
	if err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	_, err = f.WriteString(configText(a, lang))
	if err = errors.Join(err, f.Close()); err == nil {
		_, err = loadConfig(path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write config: %w", err), os.Remove(path))
	}
	return nil
}

// configText is a config of five answers, with what each part is for.
func configText(a tui.FirstAnswers, lang text.Lang) string {
	t := text.For(lang)
	var b strings.Builder
	part := func(why, table string, pairs ...string) {
		fmt.Fprintf(&b, "\n# %s\n%s\n", t.T(why), table)
		for i := 0; i < len(pairs); i += 2 {
			fmt.Fprintf(&b, "%s = %s\n", pairs[i], strconv.Quote(pairs[i+1]))
		}
	}
	b.WriteString("# " + t.T("written.head") + "\n")
	who := defaultConfig().Desk.Name
	if u, err := user.Current(); err == nil && u.Username != "" {
		who = u.Username
	}
	part("written.desk", "[desk]", "name", who, "role", defaultConfig().Desk.Role)
	part("written.record", "[record]", "file", expandHome(strings.TrimSpace(a.Record)))
	if facts := expandHome(strings.TrimSpace(a.Facts)); facts != "" {
		part("written.facts", "[facts]", "file", facts)
	} else {
		part("written.no_facts", "[facts]", "file", "")
	}
	part("written.room", "[[room]]", "id", roomID(a.Room), "name", strings.TrimSpace(a.Room))
	s := sourceOf(a)
	pairs := []string{"protocol", s.Protocol, "url", s.URL}
	if s.Channel != "" {
		pairs = append(pairs, "channel", s.Channel)
	}
	part("written.source", "[[room.source]]", pairs...)
	return b.String()
}

// roomID is a short name of ASCII for a room: it stands in files and commands.
func roomID(name string) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r == ' ' || r == '_':
			return '-'
		}
		return -1
	}, name)
	if id = strings.Trim(id, "-"); id == "" {
		return "room"
	}
	return id
}
