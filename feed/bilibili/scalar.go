package bilibili

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// A flex is a string, number or boolean of JSON, kept as its text: the platform
// writes the same field as 1 here and "1" there, and ids pass 2^53. Anything
// else reads as "".
type flex string

// UnmarshalJSONFrom takes any value.
func (f *flex) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*f = flex(scalar(v))
	return nil
}

// scalar is the text of one JSON value; "" for null, objects and arrays, "1"
// and "0" for booleans.
func scalar(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		b, err := jsontext.AppendUnquote(nil, v)
		if err != nil && len(b) == 0 {
			return ""
		}
		return strings.ToValidUTF8(string(b), "\uFFFD")
	case '0':
		return string(v)
	case 't':
		return "1"
	}
	if v.Kind() == 'f' {
		return "0"
	}
	return ""
}

func (f flex) String() string { return string(f) }

// int is the whole number in f, 0 where there is none.
func (f flex) int() int64 {
	whole, _, _ := strings.Cut(string(f), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// count is the whole number in f, 0 where there is none or less than none.
func (f flex) count() int64 { return max(f.int(), 0) }

// first is the first of its arguments that says something.
func first(values ...flex) flex {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// firstID is first without the zeroes that stand for "not told".
func firstID(values ...flex) string {
	for _, v := range values {
		if v != "" && v != "0" {
			return string(v)
		}
	}
	return ""
}

// latest is the end of the year 9999 in seconds, past which no time is written.
const latest = 253402300799

// seconds and millis read a Unix time; the zero time where there is none.
func seconds(f flex) time.Time {
	n := f.int()
	if n <= 0 || n > latest {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

func millis(f flex) time.Time {
	n := f.int()
	if n <= 0 || n/1000 > latest {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// firstTime is the first of its arguments that is told.
func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// coinsToFen turns the platform's gold coins, 1000 to the yuan, into fen.
func coinsToFen(coins int64) int64 { return max(coins, 0) / 10 }

// yuanToFen reads yuan with at most two decimals that count; 0 for what is no
// amount.
func yuanToFen(f flex) int64 {
	whole, part, _ := strings.Cut(string(f), ".")
	yuan, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || yuan < 0 || yuan > 1<<40 {
		return 0
	}
	part = (part + "00")[:2]
	fen, err := strconv.ParseInt(part, 10, 64)
	if err != nil || fen < 0 {
		return 0
	}
	return yuan*100 + fen
}
