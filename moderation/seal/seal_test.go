package seal_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"strings"
	"testing"

	"liveroom/moderation/seal"
)

func load(t testing.TB, secret []byte) *seal.Key {
	t.Helper()
	k, err := seal.Load(secret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestWhatIsSealedOpensWithItsKeyAlone(t *testing.T) {
	secret := seal.NewSecret()
	k, plain := load(t, secret), []byte("电话13912345678")
	sealed := k.Seal(plain, "event")
	if bytes.Contains(sealed, []byte("139")) {
		t.Error("the ciphertext shows the text")
	}
	if again := k.Seal(plain, "event"); bytes.Equal(again, sealed) {
		t.Error("sealed twice it is the same: it could be recognised")
	}
	if got, err := load(t, secret).Open(sealed, "event"); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("opened: %q, %v", got, err)
	}
	if _, err := load(t, seal.NewSecret()).Open(sealed, "event"); !errors.Is(err, seal.ErrBroken) {
		t.Errorf("by another key: %v", err)
	}
	if _, err := k.Open(sealed, "order"); !errors.Is(err, seal.ErrBroken) {
		t.Errorf("as something else: %v", err)
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := k.Open(bad, "event"); !errors.Is(err, seal.ErrBroken) {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
		if _, err := k.Open(sealed[:i], "event"); !errors.Is(err, seal.ErrBroken) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	if _, err := seal.Load(secret[:31]); err == nil {
		t.Error("a short key: no error")
	}
	if s := seal.NewSalt(); s == seal.NewSalt() || s.Sum(plain) != sha256.Sum256(append(bytes.Clone(s[:]), plain...)) {
		t.Error("Sum is not SHA-256(salt ‖ content) by a salt of its own")
	}
}

func TestPartsComeOutAsTheyWentIn(t *testing.T) {
	salt := seal.NewSalt()
	b := seal.Pack(salt, "", "电话", string(make([]byte, 300)))
	var x, y, z string
	if got, err := seal.Unpack(b, &x, &y, &z); err != nil || got != salt || x != "" || y != "电话" || len(z) != 300 {
		t.Errorf("got %v, %v: %q %q %d", got == salt, err, x, y, len(z))
	}
	if _, err := seal.Unpack(b, &x, &y); err == nil {
		t.Error("a part too many: no error")
	}
	for i := range b {
		if _, err := seal.Unpack(b[:i], &x, &y, &z); err == nil {
			t.Fatalf("cut at %d: no error", i)
		}
	}
	if _, err := seal.Unpack(append(salt[:], 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1), &x); err == nil {
		t.Error("a length beyond all: no error")
	}
}

func TestANameIsFoundAgainInItsRecordOnly(t *testing.T) {
	n, other := seal.NewNamer([]byte("one")), seal.NewNamer([]byte("two"))
	if again := seal.NewNamer([]byte("one")); again.Name("id", "u1") != n.Name("id", "u1") {
		t.Error("the same person has two names")
	}
	for _, parts := range [][]string{{"idu1"}, {"i", "du1"}, {"id", "u2"}, {"id", "u1", ""}} {
		if n.Name(parts...) == n.Name("id", "u1") {
			t.Errorf("%q has the same name", parts)
		}
	}
	if other.Name("id", "u1") == n.Name("id", "u1") {
		t.Error("two records know a person by one name")
	}
	if len(n.Name("id", "u1")) != 22 {
		t.Errorf("name %q", n.Name("id", "u1"))
	}
}

func BenchmarkSeal(b *testing.B) {
	k, plain := load(b, seal.NewSecret()), bytes.Repeat([]byte("x"), 400)
	for b.Loop() {
		k.Seal(plain, "event")
	}
}

func BenchmarkName(b *testing.B) {
	n := seal.NewNamer(seal.NewSecret())
	for b.Loop() {
		n.Name("id", "u123456789")
	}
}

func BenchmarkLoad(b *testing.B) {
	secret := seal.NewSecret()
	for b.Loop() {
		_, _ = seal.Load(secret)
	}
}

func TestAHiddenWordKeepsOnlyHowItBegins(t *testing.T) {
	w := seal.NewWords([]byte("one"))
	hide := func(s string) string { return string(w.Append(nil, s)) }
	for _, tt := range []struct {
		word, begin string
		begins      bool
	}{
		{"毛巾", "毛", true},
		{"毛巾", "巾", false},
		{"wool", "wo", true},
		{"wool", "woo", true},
		{"wool", "ool", false},
		{"13912345678", "139", true},
		{"13912345678", "138", false},
		{"abcdefghijklmnop", "abcdefghijklxyz", true}, // found, to be looked at
		{"", "", true},
	} {
		if got := strings.HasPrefix(hide(tt.word), hide(tt.begin)); got != tt.begins {
			t.Errorf("%q begins with %q: %v, want %v", tt.word, tt.begin, got, tt.begins)
		}
	}
	if h := hide("13912345678"); strings.Contains(h, "139") || h == string(seal.NewWords([]byte("two")).Append(nil, "13912345678")) {
		t.Errorf("hidden as %q", h)
	}
}

func BenchmarkWords(b *testing.B) {
	w := seal.NewWords(seal.NewSecret())
	var out []byte
	for b.Loop() {
		out = w.Append(out[:0], "毛巾")
	}
}
