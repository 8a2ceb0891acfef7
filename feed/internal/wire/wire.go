// Package wire reads the loosely typed JSON that live platforms and their relays
// send.
//
// Nothing here fails on a value of the wrong type: it reads as "not told", and
// what a message cannot do without is its decoder's to ask for. Functions are
// pure; a Recent belongs to one goroutine.
package wire

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A Scalar is a string, number or boolean of JSON, kept as its text: platforms
// write the same field as 1 here and "1" there, and ids pass 2^53. Anything
// else reads as "".
type Scalar string

// UnmarshalJSONFrom takes any value.
func (s *Scalar) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*s = Scalar(Text(v))
	return nil
}

// Text is the text of one JSON value; "" for null, objects and arrays, "1" and
// "0" for booleans.
func Text(v jsontext.Value) string {
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
	case 'f':
		return "0"
	default:
		return ""
	}
}

// Options let text through that is no UTF-8: it is replaced, since a whole chat
// message must not be lost for one byte.
var Options = jsontext.AllowInvalidUTF8(true)

// Array reads v as an array; what is none has no elements.
func Array(v jsontext.Value) []jsontext.Value {
	var list []jsontext.Value
	if v.Kind() != '[' || json.Unmarshal(v, &list, Options) != nil {
		return nil
	}
	return list
}

// At is the i-th element of an array, nil past its end.
func At(list []jsontext.Value, i int) jsontext.Value {
	if i < len(list) {
		return list[i]
	}
	return nil
}

func (s Scalar) String() string { return string(s) }

// Int is the whole number in s, 0 where there is none.
func (s Scalar) Int() int64 {
	whole, _, _ := strings.Cut(string(s), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Count is the whole number in s, 0 where there is none or less than none.
func (s Scalar) Count() int64 { return max(s.Int(), 0) }

// First is the first of its arguments that says something.
func First(values ...Scalar) Scalar {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// FirstID is First without the zeroes that stand for "not told".
func FirstID(values ...Scalar) string {
	for _, v := range values {
		if v != "" && v != "0" {
			return string(v)
		}
	}
	return ""
}

// latest is the end of the year 9999 in seconds, past which no time is written.
const latest = 253402300799

// Seconds reads a Unix time; the zero time where there is none.
func Seconds(s Scalar) time.Time {
	n := s.Int()
	if n <= 0 || n > latest {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// Millis reads a Unix time in milliseconds; the zero time where there is none.
func Millis(s Scalar) time.Time {
	n := s.Int()
	if n <= 0 || n/1000 > latest {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// Guess reads a Unix time whose unit the peer does not tell, by its size:
// seconds, milliseconds or microseconds.
func Guess(s Scalar) time.Time {
	switch n := s.Int(); {
	case n < 1e11:
		return Seconds(s)
	case n < 1e14:
		return Millis(s)
	case n < 1e17:
		return time.UnixMicro(n).UTC()
	}
	return time.Time{}
}

// FirstTime is the first of its arguments that is told.
func FirstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// YuanToFen reads yuan with at most two decimals that count; 0 for what is no
// amount.
func YuanToFen(s Scalar) int64 {
	whole, part, _ := strings.Cut(string(s), ".")
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
