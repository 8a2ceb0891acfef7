package wire

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
)

func TestScalarsKeepWhatWasWritten(t *testing.T) {
	for in, want := range map[string]Scalar{
		`"x"`: "x", `""`: "", `1817875296579985409`: "1817875296579985409", `1.50`: "1.50", `true`: "1", `false`: "0",
		`null`: "", `{"a":1}`: "", `[1]`: "", "\"a\xffb\"": "a\uFFFDb", `"\ud800"`: "\uFFFD",
	} {
		var v struct {
			S Scalar `json:"s"`
		}
		if err := json.Unmarshal([]byte(`{"s":`+in+`}`), &v, Options); err != nil || v.S != want {
			t.Errorf("%s reads as %q, %v; want %q", in, v.S, err, want)
		}
	}
	var v []Scalar
	if err := json.Unmarshal([]byte(`["a`), &v, Options); err == nil {
		t.Error("a value cut off must be an error")
	}
}

func TestNumbers(t *testing.T) {
	for s, want := range map[Scalar]int64{"12": 12, "12.9": 12, "-3": -3, "": 0, "x": 0, "1e3": 0, "99999999999999999999": 0} {
		if got := s.Int(); got != want {
			t.Errorf("%q is %d, want %d", s, got, want)
		}
	}
	if Scalar("-3").Count() != 0 || Scalar("3").Count() != 3 || Scalar("3").String() != "3" {
		t.Error("less than nothing must count as nothing")
	}
	for s, want := range map[Scalar]int64{"30": 3000, "30.5": 3050, "30.05": 3005, "30.059": 3005, "0.01": 1, "": 0, "x": 0, "-1": 0, "1.-5": 0, "9999999999999": 0} {
		if got := YuanToFen(s); got != want {
			t.Errorf("%q yuan are %d fen, want %d", s, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	for _, s := range []Scalar{"", "x", "0", "-1", "99999999999999999999", "253402300800000"} {
		if !Seconds(s).IsZero() || !Millis(s).IsZero() {
			t.Errorf("%q is read as a time", s)
		}
	}
	want := time.Unix(1790000000, 0)
	for _, s := range []Scalar{"1790000000", "1790000000000", "1790000000000000"} {
		if got := Guess(s); !got.Equal(want) {
			t.Errorf("%q is guessed as %s, want %s", s, got, want)
		}
	}
	if !Guess("1790000000000000000").IsZero() || !Guess("").IsZero() {
		t.Error("what is no time must not be guessed")
	}
	if !FirstTime(time.Time{}, want, time.Unix(1, 0)).Equal(want) || !FirstTime().IsZero() {
		t.Error("the first time that is told counts")
	}
}

func TestFirst(t *testing.T) {
	if First("", "0", "a") != "0" || FirstID("", "0", "a") != "a" || First() != "" || FirstID("0") != "" {
		t.Error("First takes what says something, FirstID what is an id")
	}
}

func TestArrays(t *testing.T) {
	list := Array(jsontext.Value(`[1,"b",{}]`))
	if len(list) != 3 || Text(At(list, 1)) != "b" || At(list, 3) != nil || Text(At(list, 9)) != "" {
		t.Errorf("array reads as %s", list)
	}
	for _, v := range []string{"", "{}", "1", "[1"} {
		if Array(jsontext.Value(v)) != nil {
			t.Errorf("%q is read as an array", v)
		}
	}
}

func TestErrorsHoldNoControls(t *testing.T) {
	err := Clean(errors.New("bad \x1b[2J " + strings.Repeat("名", 500)))
	if s := err.Error(); strings.Contains(s, "\x1b") || len(s) > maxErrorText+3 {
		t.Errorf("%q", s)
	}
	if s := Quote("\x1b" + strings.Repeat("a", 500)); strings.Contains(s, "\x1b") || len(s) > maxErrorText+10 {
		t.Errorf("%q", s)
	}
}

func TestContentIDTellsPartsApart(t *testing.T) {
	if ContentID("k", "u", "1", "ab", "c") == ContentID("k", "u", "1", "a", "bc") {
		t.Error("parts run into each other")
	}
	if !strings.HasPrefix(ContentID("k", "u", "1"), "k:u:1:") {
		t.Error("keys must stay readable")
	}
}

func TestViewer(t *testing.T) {
	if Viewer("", "") != (feed.User{}) || Viewer("", "甲").Role != feed.RoleViewer || Viewer("7", "").ID != "7" {
		t.Error("nobody is nobody, and everybody else a viewer")
	}
}

func TestRecentForgetsTheOldest(t *testing.T) {
	var r Recent
	for i := range recentIDs + 1 {
		if r.Seen(strconv.Itoa(i)) {
			t.Fatalf("%d is new", i)
		}
	}
	if !r.Seen("1") || r.Seen("0") || len(r.known) != recentIDs || r.Seen("1") {
		t.Errorf("%d remembered; the oldest must make room for the next", len(r.known))
	}
}

func TestProtobufFields(t *testing.T) {
	b := []byte{0x08, 0x96, 0x01, 0x12, 0x02, 'a', 0xff, 0x19, 1, 0, 0, 0, 0, 0, 0, 0, 0x25, 2, 0, 0, 0}
	var got []string
	err := Fields(b, func(f Field) error {
		got = append(got, strconv.FormatUint(f.Num, 10)+"="+strconv.FormatInt(f.Number(), 10)+f.Text())
		return nil
	})
	if want := "1=150 2=0a\uFFFD 3=1 4=2"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	for _, bad := range []string{"\x08", "\xff", "\x00", "\x12\x05a", "\x12", "\x19aaa", "\x25a", "\x0b"} {
		if err := Fields([]byte(bad), func(Field) error { return nil }); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
	if err := Fields(b, func(Field) error { return errProtoEnd }); err == nil {
		t.Error("an error must end the reading")
	}
}
