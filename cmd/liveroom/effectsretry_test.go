package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// A refusedFreeze is a record with a freeze that the shop refused.
type refusedFreeze struct {
	db, producer string
	takes        atomic.Bool // the shop takes it by now
}

// config is of a shop that does one thing, and a desk of a role.
func (f *refusedFreeze) config(t *testing.T, does, role string) string {
	t.Helper()
	text := fmt.Sprintf(`[record]
file = %q
[desk]
undo_window = "1s"
name = "督导"
role = %q
[[out]]
name = "shop"
url = "${SHOP_URL}"
secret = "${SHOP_SECRET}"
actions = [%q]
[[room]]
id = "r"
[[room.source]]
protocol = "cloudevent"
url = %q
`, f.db, role, does, f.producer)
	path := filepath.Join(t.TempDir(), "liveroom.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func newRefusedFreeze(t *testing.T) *refusedFreeze {
	t.Helper()
	f := &refusedFreeze{db: filepath.Join(t.TempDir(), "out.db")}
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !f.takes.Load() {
			w.WriteHeader(http.StatusConflict)
		}
	}))
	t.Cleanup(shop.Close)
	t.Setenv("SHOP_URL", shop.URL)
	t.Setenv("SHOP_SECRET", "s3cret")
	f.producer = peer(t, func(c *websocket.Conn) {
		_ = c.WriteMessage(websocket.TextMessage, []byte(`{"specversion":"1.0","id":"o1","source":"tool","type":"liveroom.order.v1","subject":"r","data":{"user":{"id":"u1"},"product":{"id":"D01"},"order":{"id":"LR99880011","status":"paid","qty":1,"amount_fen":12900,"paid_fen":12900}}}`))
		_, _, _ = c.ReadMessage()
	})
	text, err := os.ReadFile(f.config(t, "freeze-order", "supervisor"))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a freeze that the shop refuses", func(t *testing.T) {
		s, ctx := watching(t, string(text))
		waits(t, "order", func() bool { _, err := s.desk.Reader().Order(ctx, "LR99880011"); return err == nil })
		do := func(c moderation.Command) *moderation.Case {
			r, err := s.desk.Do(ctx, moderation.Actor{Name: "督导", Role: moderation.RoleSupervisor}, c)
			if err != nil {
				t.Fatal(err)
			}
			return r.Case
		}
		c := do(moderation.OpenCase{Room: "r", Kind: moderation.CaseOrderRisk, Title: "羊毛党", Orders: []string{"LR99880011"}})
		c = do(moderation.TakeCase{Case: c.ID, Version: c.Version})
		do(moderation.FreezeOrders{Case: c.ID, Orders: []string{"LR99880011"}, Reason: "等商家确认", Version: c.Version})
		waits(t, "refusal", func() bool {
			all, err := s.desk.Reader().Effects(ctx, time.Time{})
			return err == nil && len(all) == 1 && all[0].Status == moderation.EffectFailed
		})
	})
	return f
}

// retries asks once more at the command line.
func retries(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	cmd := exec.Command(built(t), append([]string{"effects", "retry"}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "LANG=en_US.UTF-8")
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

// TestWhatFailedIsAskedForOnceMoreAtTheCommandLine: it waits in the record under the
// name of who asked, and leaves when somebody runs; what cannot be asked for is refused
// with the reason, and changes nothing.
func TestWhatFailedIsAskedForOnceMoreAtTheCommandLine(t *testing.T) {
	f := newRefusedFreeze(t)
	config := f.config(t, "freeze-order", "supervisor")
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no number":         {[]string{"--config", config}, "which effect? name its number: `liveroom effects --failed` lists them"},
		"a word":            {[]string{"first", "--config", config}, `"first" is no number of an effect`},
		"nothing below one": {[]string{"0", "--config", config}, `"0" is no number of an effect`},
		"one that is not":   {[]string{"7", "--config", config}, "effect #7 does not exist; `liveroom effects --failed` lists"},
		"a moderator":       {[]string{"1", "--config", f.config(t, "freeze-order", "moderator")}, "a moderator may not retry-effect"},
		"nobody does it":    {[]string{"1", "--config", f.config(t, "mute", "supervisor")}, "nobody does freeze-orders for r: name one that can under actions in the config"},
		"no config":         {[]string{"1", "--config", filepath.Join(t.TempDir(), "none.toml")}, "none.toml"},
		"no record":         {[]string{"1", "--config", (&refusedFreeze{db: filepath.Join(t.TempDir(), "none.db"), producer: f.producer}).config(t, "mute", "supervisor")}, "none.db: no such file or directory: name with --config the config"},
		"another format":    {[]string{"1", "--config", config, "--format", "csv"}, `--format "csv" is not supported: use text or jsonl`},
	} {
		if said, code := retries(t, c.args...); code != exitError || !strings.Contains(said, c.says) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: exit %d, %q, want %q", name, code, said, c.says)
		}
	}
	effectsUntil(t, f.db, time.Minute, "failed")

	said, code := retries(t, "1", "7", "--config", config, "--by", "夜班", "--lang", "en")
	if code != exitError || !strings.Contains(said, "#1 ") || !strings.Contains(said, "****0011") || strings.Contains(said, "LR9988") || !strings.Contains(said, "effect #7 does not exist") {
		t.Errorf("exit %d, %q", code, said)
	}
	effectsUntil(t, f.db, time.Minute, "pending")
	if said, code := retries(t, "1", "--config", config); code != exitError || !strings.Contains(said, "effect #1 is pending: only what failed, or was perhaps done, waits for somebody") {
		t.Errorf("asked twice: exit %d, %q", code, said)
	}
	store, err := sqlite.OpenReadOnly(t.Context(), f.db)
	if err != nil {
		t.Fatal(err)
	}
	done, err := store.Actions(t.Context(), moderation.Page{})
	if err != nil || store.Close() != nil {
		t.Fatal(err)
	}
	if last := done[len(done)-1]; last.Command != "retry-effect" || last.Actor != (moderation.Actor{Name: "夜班", Role: moderation.RoleSupervisor}) ||
		slices.ContainsFunc(done[:len(done)-1], func(a moderation.Action) bool { return a.Command == "retry-effect" }) {
		t.Errorf("the ledger's last deed is %+v", last)
	}
	output(t, built(t), "verify", "--db", f.db)

	f.takes.Store(true)
	p := start(t, "collect", "--config", config)
	effectsUntil(t, f.db, 2*time.Minute, "sent")
	if said, code := retries(t, "1", "--config", config); code != exitError || !strings.Contains(said, "is being written by process") {
		t.Errorf("beside who writes the record: exit %d, %q", code, said)
	}
	_ = p.cmd.Process.Kill()
}
