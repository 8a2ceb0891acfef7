package bundle_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/bundle"
	"liveroom/moderation/ledger"
	"liveroom/moderation/sqlite"
)

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// wool finds one claim.
type wool struct{}

func (wool) Check(u claims.Utterance, _ []claims.Utterance) []claims.Finding {
	if !strings.Contains(u.Text, "纯羊毛") {
		return nil
	}
	return []claims.Finding{{
		Category: claims.CategoryMaterial, Verdict: claims.VerdictContradicted, Severity: claims.SeverityHigh,
		Said: "纯羊毛", Start: 2, End: 5, Fact: "羊毛65%", SKU: "D01", Rule: "material.pure", Why: "资料写明含聚酯纤维",
	}}
}

func newKey(t testing.TB, seed byte) (note.Signer, string) {
	t.Helper()
	secret, public, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)), "liveroom.local/test")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return signer, public
}

func verifier(t testing.TB, public string) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// lawsuit is a record with one case in it, about a false claim, an order and a
// complaint with personal data, and a hole in the connection.
func lawsuit(t testing.TB) moderation.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "r.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	now := start.Add(time.Hour)
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store, Checker: wool{}, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	event := func(kind feed.Kind, s int, text string) feed.Event {
		e := feed.Event{Kind: kind, At: at(s), Recv: at(s), Text: text, Raw: []byte(`{"t":` + time.Duration(s).String() + `,"text":"` + text + `"}`), Source: "ws", Room: "A"}
		e.ID = string(kind) + "-" + at(s).Format("150405")
		return e
	}
	host := event(feed.KindTranscript, 10, "这是纯羊毛的围巾\x1b[2J\u202e | 真的")
	host.User, host.Speech = feed.User{ID: "h", Name: "主播", Role: feed.RoleHost}, &feed.Speech{Utterance: "u1", StartMS: 10000, EndMS: 12500}
	after := event(feed.KindTranscript, 20, "有问题打13800138000")
	after.User = host.User
	air := event(feed.KindProduct, 1, "")
	air.Product = &feed.Product{ID: "D01", Title: "羊毛围巾", PriceFen: 12900, Stock: -1}
	gap := event(feed.KindGap, 15, "")
	gap.Gap, gap.Raw = &feed.Gap{From: at(12), To: at(15), Lost: -1, Reason: "connection reset"}, nil
	order := event(feed.KindOrder, 30, "")
	order.OrderID, order.Status, order.User = "LR2611210007", feed.StatusPaid, feed.User{ID: "u032", Name: "王小明"}
	order.Order = &feed.Order{SKU: "D01", Qty: 1, PaidFen: 12900, CreatedAt: at(29), PaidAt: at(30), AddressHash: "bfe170f3"}
	angry := event(feed.KindComplaint, 600, "掉毛，不是羊毛！电话13912345678")
	angry.OrderID, angry.User = "LR2611210007", order.User
	if err := desk.Commit(t.Context(), feed.Batch{Room: "A", Source: "ws", Events: []feed.Event{air, host, gap, after, order, angry}}); err != nil {
		t.Fatal(err)
	}
	lan := moderation.Actor{Name: "小兰", Role: moderation.RoleModerator}
	for _, c := range []moderation.Command{
		moderation.ConfirmFlag{Flag: 1, OpenCase: true},
		moderation.CorrectHost{Flag: 1, Text: "更正：羊毛65%"},
		moderation.AddToCase{Case: 1, Version: 1, Complaints: []int64{1}, Orders: []string{"LR2611210007"}},
		moderation.NoteCase{Case: 1, Version: 2, Text: "已回电13912345678"},
	} {
		if _, err := desk.Do(t.Context(), lan, c); err != nil {
			t.Fatalf("%s: %v", c.Name(), err)
		}
	}
	return store
}

func options(t testing.TB) bundle.Options {
	signer, public := newKey(t, 7)
	return bundle.Options{
		Case: 1, Key: signer, Public: public, Now: start.Add(2 * time.Hour), Tool: "liveroom test", Zone: time.FixedZone("CST", 8*3600),
		Actor: moderation.Actor{Name: "督导", Role: moderation.RoleSupervisor},
	}
}

func madeOf(t testing.TB, store moderation.Store, set ...func(*bundle.Options)) []byte {
	t.Helper()
	o := options(t)
	for _, s := range set {
		s(&o)
	}
	b, err := bundle.Make(t.Context(), store, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestABundleHoldsAndIsTheSameEachTime(t *testing.T) {
	store := lawsuit(t)
	b := madeOf(t, store)
	r := bundle.Verify(b, nil)
	if len(r.Faults) > 0 || r.Case != 1 || r.Withheld == 0 || r.Parts < 6 || r.Leaves < 10 || r.Stamp {
		t.Errorf("report %+v", r)
	}
	if r := bundle.Verify(b, verifier(t, options(t).Public)); len(r.Faults) > 0 {
		t.Errorf("by the key given: %v", r.Faults)
	}
	if again := madeOf(t, store); !bytes.Equal(again, b) {
		t.Error("made again, the bundle differs")
	}
	_, other := newKey(t, 8)
	if r := bundle.Verify(b, verifier(t, other)); len(r.Faults) == 0 {
		t.Error("by another key: no fault")
	}
}

func TestWhatABundleSays(t *testing.T) {
	b := madeOf(t, lawsuit(t))
	files := unzip(t, b)
	for name, want := range map[string][]string{
		"transcript.txt": {"00:00:09.000", "[10000–12500]", "这是纯羊毛的围巾␛[2J | 真的", "138****8000"},
		"flags.txt":      {"第 2 至 5 个字符：纯羊毛", "羊毛65%", "material.pure", "confirmed"},
		"orders.txt":     {"****0007", "王**", "实付：129.00元"},
		"complaints.txt": {"139****5678", "王**"},
		"connection.txt": {"缺口", "connection reset", "缺口共 1 处"},
		"actions.txt":    {"小兰（moderator）  confirm-flag", "flag #1 open→confirmed", "139****5678", "correct-host"},
		"extraction.txt": {"电子数据提取记录", "操作人：督导（supervisor）", "liveroom test", "可信时间戳：无", "verify.py", "已脱敏"},
		"README.txt":     {"怎么核验"},
	} {
		for _, w := range want {
			if !strings.Contains(string(files[name]), w) {
				t.Errorf("%s lacks %q:\n%s", name, w, files[name])
			}
		}
	}
	for name, text := range files {
		for _, canary := range []string{"13800138000", "13912345678", "王小明", "小明", "LR2611210007", "bfe170f3", "u032"} {
			if name != "verify.py" && strings.Contains(string(text), canary) {
				t.Errorf("%s shows %s", name, canary)
			}
		}
		if strings.HasSuffix(name, ".txt") && feed.Sanitise(strings.ReplaceAll(string(text), "\n", "")).String() != strings.ReplaceAll(string(text), "\n", "") {
			t.Errorf("%s holds what a terminal must not see", name)
		}
	}
	frame := files["frames/00000002.bin"]
	if !bytes.Contains(frame, []byte("\x1b[2J\u202e")) {
		t.Errorf("the frame is not as it arrived: %q", frame)
	}
	sum := sha256.Sum256(frame)
	if !strings.Contains(string(files["evidence.json"]), hex.EncodeToString(sum[:])) {
		t.Error("no leaf holds the frame's hash")
	}
}

func TestRevealedABundleLeavesNothingOut(t *testing.T) {
	b := madeOf(t, lawsuit(t), func(o *bundle.Options) { o.Veil, o.Reason = moderation.Veil{moderation.FieldRaw}, "法院调取" })
	r := bundle.Verify(b, nil)
	if len(r.Faults) > 0 || r.Withheld != 0 {
		t.Errorf("report %+v", r)
	}
	files := unzip(t, b)
	if !strings.Contains(string(files["complaints.txt"]), "13912345678") || !strings.Contains(string(files["extraction.txt"]), "法院调取") {
		t.Errorf("not revealed:\n%s\n%s", files["complaints.txt"], files["extraction.txt"])
	}
}

func TestOnlyASupervisorTakesEvidenceOut(t *testing.T) {
	store := lawsuit(t)
	for _, role := range []moderation.Role{moderation.RoleModerator, moderation.RoleAgent, "guest", ""} {
		o := options(t)
		o.Actor.Role = role
		if _, err := bundle.Make(t.Context(), store, o); !errors.Is(err, bundle.ErrNotAllowed) {
			t.Errorf("%q: %v", role, err)
		}
	}
	o := options(t)
	o.Case = 99
	if _, err := bundle.Make(t.Context(), store, o); !errors.Is(err, moderation.ErrNotFound) {
		t.Errorf("no such case: %v", err)
	}
}

func TestAStampedCheckpointIsTaken(t *testing.T) {
	store := lawsuit(t)
	head, err := store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := options(t)
	c := ledger.Checkpoint{Origin: o.Key.Name(), Size: head.Size, Root: head.Root, At: start.Add(90 * time.Minute)}
	msg, err := c.Sign(o.Key)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(msg)
	stamped := bundle.Stamped{Checkpoint: c, Note: msg, Token: append([]byte("DER"), sum[:]...)}
	r := bundle.Verify(madeOf(t, store, func(o *bundle.Options) { o.Stamped = []bundle.Stamped{stamped} }), nil)
	if len(r.Faults) > 0 || !r.Stamp || !r.Checkpoint.At.Equal(c.At) {
		t.Errorf("report %+v", r)
	}
	stamped.Token = []byte("another file's stamp")
	if r := bundle.Verify(madeOf(t, store, func(o *bundle.Options) { o.Stamped = []bundle.Stamped{stamped} }), nil); len(r.Faults) != 1 {
		t.Errorf("a stamp of something else: %v", r.Faults)
	}
}
