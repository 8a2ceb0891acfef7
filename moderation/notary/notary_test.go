package notary_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"liveroom/moderation"
	"liveroom/moderation/ledger"
	"liveroom/moderation/notary"
)

// memory is a log in memory.
type memory struct {
	tree   ledger.Tree
	hashes []ledger.Hash
}

func (m *memory) grow(n int, salt string) {
	for range n {
		m.hashes = m.tree.Append(m.hashes, fmt.Appendf(nil, `{"data":{},"kind":"event","ref":"%s%d"}`, salt, m.tree.Size()))
	}
}

func (m *memory) Head(context.Context) (moderation.Head, error) {
	return moderation.Head{Size: m.tree.Size(), Root: m.tree.Root()}, nil
}

func (m *memory) LedgerHashes(_ context.Context, indexes []int64) ([][32]byte, error) {
	var out [][32]byte
	for _, i := range indexes {
		out = append(out, m.hashes[i])
	}
	return out, nil
}

type setup struct {
	t   *testing.T
	cfg notary.Config
	log *memory
	now time.Time
}

func newSetup(t *testing.T) *setup {
	dir := t.TempDir()
	key, fresh, err := notary.OpenKey(filepath.Join(dir, "k"))
	if err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	s := &setup{t: t, log: &memory{}, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	s.cfg = notary.Config{
		Key: key, File: filepath.Join(dir, "checkpoints"), Log: s.log, Clock: func() time.Time { return s.now },
		Leaves: 100, Every: time.Minute,
	}
	return s
}

func (s *setup) open() *notary.Notary {
	s.t.Helper()
	n, err := notary.Open(s.t.Context(), s.cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func (s *setup) chain() []ledger.Checkpoint {
	s.t.Helper()
	b, err := os.ReadFile(s.cfg.File)
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := s.cfg.Key.Verifier()
	if err != nil {
		s.t.Fatal(err)
	}
	notes, torn := ledger.SplitCheckpoints(b)
	c, err := ledger.CheckChain(notes, v, s.cfg.Witnesses...)
	if err != nil || len(torn) > 0 {
		s.t.Fatalf("checkpoints: %v, %q left over", err, torn)
	}
	return c
}

func (s *setup) sizes(want ...int64) {
	s.t.Helper()
	var got []int64
	for _, c := range s.chain() {
		got = append(got, c.Size)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("checkpoints of %v leaves, want %v", got, want)
	}
}

// tick has the notary look once, and waits until it has.
func (s *setup) tick(n *notary.Notary) {
	ctx, stop := context.WithCancel(s.t.Context())
	ticks, done := make(chan time.Time), make(chan struct{})
	go func() { n.Run(ctx, ticks); close(done) }()
	ticks <- s.now
	ticks <- s.now // taken only once the first was worked off
	stop()
	<-done
}

func TestCheckpointsAreWrittenAfterLeavesAfterTimeAndAtTheEnd(t *testing.T) {
	s := newSetup(t)
	s.log.grow(5, "")
	n := s.open()
	s.tick(n) // there was none yet
	s.log.grow(99, "")
	s.tick(n)
	s.sizes(5)
	s.log.grow(1, "")
	s.tick(n) // a hundred leaves since
	s.log.grow(1, "")
	s.now = s.now.Add(59 * time.Second)
	s.tick(n)
	s.sizes(5, 105)
	s.now = s.now.Add(time.Second)
	s.tick(n) // a minute since
	s.now = s.now.Add(time.Hour)
	s.tick(n) // nothing new to say
	s.sizes(5, 105, 106)
	s.log.grow(1, "")
	if err := n.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.sizes(5, 105, 106, 107)
	if err := n.Note(t.Context()); err == nil {
		t.Error("a closed notary writes")
	}
	n = s.open() // another day
	s.log.grow(3, "")
	if err := n.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.sizes(5, 105, 106, 107, 110)
}

func TestACutOffWriteIsForgotten(t *testing.T) {
	s := newSetup(t)
	s.log.grow(5, "")
	n := s.open()
	if err := n.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(s.cfg.File)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.cfg.File, append(b, b[:len(b)-9]...), 0o600); err != nil {
		t.Fatal(err)
	}
	s.log.grow(5, "")
	n = s.open()
	if err := n.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.sizes(5, 10)
}

func TestNoSigningOverARecordThatWasPutBack(t *testing.T) {
	s := newSetup(t)
	s.log.grow(50, "")
	n := s.open()
	if err := n.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]func() *memory{
		"cut short": func() *memory { m := &memory{}; m.grow(49, ""); return m },
		"rewritten": func() *memory { m := &memory{}; m.grow(80, "x"); return m },
		"begun new": func() *memory { return &memory{} },
	} {
		s.cfg.Log = other()
		if _, err := notary.Open(t.Context(), s.cfg); err == nil || !strings.Contains(err.Error(), "put the right one back") {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.cfg.Log = s.log
	key, _, err := notary.OpenKey(filepath.Join(t.TempDir(), "other"))
	if err != nil {
		t.Fatal(err)
	}
	s.cfg.Key = key
	if _, err := notary.Open(t.Context(), s.cfg); !errors.Is(err, ledger.ErrOtherKey) {
		t.Errorf("under another key: %v", err)
	}
}

func TestKeyIsForNobodyElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k")
	key, fresh, err := notary.OpenKey(path)
	if err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	secret, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	again, fresh, err := notary.OpenKey(path)
	if err != nil || fresh || again.Public() != key.Public() {
		t.Errorf("opened again: fresh %v, %v", fresh, err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", key, key, key, key.LogValue()); strings.Contains(text, "PRIVATE") {
		t.Error("the secret half prints")
	}
	if b, err := os.ReadFile(notary.PublicPath(path)); err != nil || strings.TrimSpace(string(b)) != key.Public() {
		t.Errorf("public half in its file: %q, %v", b, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(secret), "liveroom", "livepoom", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := notary.OpenKey(path); err == nil || strings.Contains(err.Error(), "PRIVATE") || strings.Contains(err.Error(), "livepoom") {
		t.Errorf("a spoilt key: %v", err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, _, err := notary.OpenKey(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

type witness struct{ signer note.Signer }

func (w witness) Cosign(_ context.Context, msg []byte) ([]byte, error) {
	text := msg[:strings.Index(string(msg), "\n\n")+1]
	signed, err := note.Sign(&note.Note{Text: string(text)}, w.signer)
	return signed[len(text)+1:], err
}

type stamper struct{ err error }

func (s stamper) Stamp(_ context.Context, sum [32]byte) ([]byte, error) { return sum[:], s.err }

func TestWitnessAndStamp(t *testing.T) {
	s := newSetup(t)
	other, _, err := notary.OpenKey(filepath.Join(t.TempDir(), "witness"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := other.Verifier()
	if err != nil {
		t.Fatal(err)
	}
	s.cfg.Witness, s.cfg.Witnesses, s.cfg.Stamper = witness{other.Signer()}, []note.Verifier{v}, stamper{}
	n := s.open()
	s.log.grow(3, "")
	if err := n.Note(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(s.cfg.File)
	if err != nil || strings.Count(string(b), "\n— ") != 2 {
		t.Errorf("two signatures wanted: %v\n%s", err, b)
	}
	if sum, err := os.ReadFile(notary.StampPath(s.cfg.File, 3)); err != nil || tlog.Hash(sum) == (tlog.Hash{}) {
		t.Errorf("stamp %x, %v", sum, err)
	}
	s.log.grow(3, "")
	if err := n.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.sizes(3, 6)

	// Who does not answer keeps no checkpoint from being written.
	s.cfg.Witness, s.cfg.Stamper = witness{s.cfg.Key.Signer()}, stamper{errors.New("no answer")}
	n = s.open()
	s.log.grow(3, "")
	if err := n.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "without its witness") || !strings.Contains(err.Error(), "without a stamp: no answer") {
		t.Errorf("err = %v", err)
	}
	s.sizes(3, 6, 9)
	if _, err := (notary.NoStamper{}).Stamp(t.Context(), [32]byte{}); !errors.Is(err, notary.ErrNotSupported) {
		t.Errorf("no stamper: %v", err)
	}
	if _, err := (notary.NoWitness{}).Cosign(t.Context(), nil); !errors.Is(err, notary.ErrNotSupported) {
		t.Errorf("no witness: %v", err)
	}
}
