package wire_test

import (
	"errors"
	"math/big"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
	"liveroom/feed/internal/wire"
)

// FuzzScalar asks of every value: its text is text, a whole number in it is read to
// the last digit, yuan become exactly as many fen, and a time that is read can be
// written.
func FuzzScalar(f *testing.F) {
	for _, s := range []string{`"7390000000000000001"`, `7390000000000000001`, `1.50`, `"29.9"`, `"0.019"`, `-3`, `true`, `null`, `{"a":1}`, `[1]`, "\"a\xffb\"", `"\ud800"`, `1790000000`, `1790000000123`, `1790000000123456`, `1e3`, `"1099511627776.99"`, `"１２"`} {
		f.Add(s)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		text := ""
		if v := jsontext.Value(s); v.IsValid(wire.Options) { // as a decoder hands it over
			if text = wire.Text(v); !utf8.ValidString(text) {
				t.Fatalf("%q reads as %q", s, text)
			}
		}
		for _, v := range []wire.Scalar{wire.Scalar(s), wire.Scalar(text)} {
			whole, part, _ := strings.Cut(string(v), ".")
			if n, err := strconv.ParseInt(whole, 10, 64); err == nil && v.Int() != n || err != nil && v.Int() != 0 {
				t.Fatalf("%q is %d", v, v.Int())
			}
			if v.Count() < 0 {
				t.Fatalf("%q counts as %d", v, v.Count())
			}
			exact(t, v, whole, part)
			for _, at := range []interface{ Year() int }{wire.Seconds(v), wire.Millis(v), wire.Guess(v)} {
				if y := at.Year(); y < 1 || y > 9999 {
					t.Fatalf("%q is in the year %d", v, y)
				}
			}
		}
		if err := wire.Clean(errors.New(s)); s != "" && (strings.ContainsFunc(err.Error(), unicode.IsControl) || len(err.Error()) > 210) {
			t.Fatalf("%q is shown", err)
		}
		if q := wire.Quote(s); strings.ContainsFunc(q, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) || len(q) > 2100 {
			t.Fatalf("%q is shown", q)
		}
	})
}

// exact checks an amount against one reckoned with fractions.
func exact(t *testing.T, v wire.Scalar, whole, part string) {
	t.Helper()
	fen := wire.YuanToFen(v)
	yuan, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || yuan < 0 || yuan > 1<<40 {
		if fen != 0 {
			t.Fatalf("%q yuan are %d fen", v, fen)
		}
		return
	}
	if strings.Trim(part, "0123456789") != "" {
		return // what follows the digits is not defined, only that it does no harm
	}
	want, ok := new(big.Rat).SetString(strconv.FormatInt(yuan, 10) + "." + part + "0")
	if !ok {
		t.Fatalf("%q", v)
	}
	want.Mul(want, big.NewRat(100, 1))
	if cut := new(big.Int).Quo(want.Num(), want.Denom()); !cut.IsInt64() || cut.Int64() != fen {
		t.Fatalf("%q yuan are %d fen, want %s", v, fen, cut)
	}
}

// FuzzFields asks of any bytes: fields that stand in them, one after another, or an
// error at the first that does not.
func FuzzFields(f *testing.F) {
	f.Add([]byte{1 << 3, 5, 2<<3 | 2, 1, 'x', 3<<3 | 1, 0, 0, 0, 0, 0, 0, 0, 0, 4<<3 | 5, 0, 0, 0, 0})
	f.Add([]byte{2<<3 | 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{3})
	f.Add([]byte{0})
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		n, size := 0, 0
		err := wire.Fields(b, func(f wire.Field) error {
			n++
			size += 1 + len(f.Data)
			if f.Num == 0 || !utf8.ValidString(f.Text()) || !strings.Contains(string(b), string(f.Data)) {
				t.Fatalf("field %+v of % x", f, b)
			}
			return nil
		})
		fuzzed.Error(t, err)
		if size > len(b) || err == nil && n == 0 && len(b) > 0 {
			t.Fatalf("%d fields of %d bytes in %d: %v", n, size, len(b), err)
		}
		stop := errors.New("enough")
		if err == nil && n > 0 && !errors.Is(wire.Fields(b, func(wire.Field) error { return stop }), stop) {
			t.Fatal("it does not end when it is told")
		}
	})
}
