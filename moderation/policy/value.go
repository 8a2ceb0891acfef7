package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// ValueKind is what a fact's value is.
type ValueKind string

// The kinds of value. Amounts are numbers of fen.
const (
	KindBool   ValueKind = "true or false"
	KindNumber ValueKind = "number"
	KindFen    ValueKind = "fen"
	KindWord   ValueKind = "word"
	KindWords  ValueKind = "words"
	KindMoment ValueKind = "time"
)

// A Value is what a fact is. It is true or false, a number, a word, some words
// or a moment.
type Value struct{ v any }

// Bool is a value that is true or false.
func Bool(b bool) Value { return Value{b} }

// Number is a count, a score or an amount in fen.
func Number(n int64) Value { return Value{n} }

// Word is one of the words that a fact knows.
func Word(w string) Value { return Value{w} }

// Words are some of the words that a fact knows; none of them is an answer too.
func Words(w ...string) Value { return Value{slices.Clip(append([]string{}, w...))} }

// Moment is a time. Clocks count whole seconds.
func Moment(t time.Time) Value { return Value{second(t)} }

// Time is the moment that the value is; false for another kind.
func (v Value) Time() (time.Time, bool) {
	t, ok := v.v.(time.Time)
	return t, ok
}

// IsZero tells whether there is no value: what is so named is unknown.
func (v Value) IsZero() bool { return v.v == nil }

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(v.v) }

// fits tells whether the value is of a kind.
func (v Value) fits(k ValueKind) bool {
	ok := false
	switch k {
	case KindBool:
		_, ok = v.v.(bool)
	case KindNumber, KindFen:
		_, ok = v.v.(int64)
	case KindWord:
		_, ok = v.v.(string)
	case KindWords:
		_, ok = v.v.([]string)
	case KindMoment:
		_, ok = v.v.(time.Time)
	}
	return ok
}

// words are the words of a word or of several.
func (v Value) words() []string {
	switch w := v.v.(type) {
	case string:
		return []string{w}
	case []string:
		return w
	}
	return nil
}

func (v Value) number() int64 { n, _ := v.v.(int64); return n }

// show writes the value for people, a moment in a time zone.
func (v Value) show(k ValueKind, zone *time.Location) Text {
	shown := fmt.Sprint(v.v)
	switch w := v.v.(type) {
	case bool:
		return map[bool]Text{true: {"是", "yes"}, false: {"否", "no"}}[w]
	case time.Time:
		shown = w.In(zone).Format(time.DateTime)
	case int64:
		if k == KindFen {
			shown = Yuan(w)
		}
	case []string:
		if len(w) == 0 {
			return Text{"无", "none"}
		}
		shown = strings.Join(w, " ")
	}
	return Text{shown, shown}
}

// decodeValue reads the JSON of a value of a kind.
func decodeValue(k ValueKind, data []byte) (Value, error) {
	var v Value
	var err error
	switch k {
	case KindBool:
		v.v, err = decoded[bool](data)
	case KindNumber, KindFen:
		v.v, err = decoded[int64](data)
	case KindWord:
		v.v, err = decoded[string](data)
	case KindWords:
		v.v, err = decoded[[]string](data)
	case KindMoment:
		v.v, err = decoded[time.Time](data)
	}
	if err != nil {
		return Value{}, fmt.Errorf("%s is expected: %w", k, err)
	}
	if w, ok := v.v.([]string); ok && w == nil {
		return Words(), nil
	}
	return v, nil
}

func decoded[T any](data []byte) (T, error) {
	var v T
	err := json.Unmarshal(data, &v)
	return v, err
}

// Money writes an amount of fen with its currency: ¥1,299.00, and -¥1.00.
func Money(fen int64) string {
	if fen < 0 {
		return "-¥" + Yuan(-fen)
	}
	return "¥" + Yuan(fen)
}

// Yuan writes an amount of fen as people do: 1,299.00.
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	whole := strconv.FormatInt(fen/100, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, whole, fen%100)
}
