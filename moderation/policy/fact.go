package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/claims/tomldoc"
)

// A Fact is the name of something that may be known of a matter, such as
// order.paid_fen. Known lists them.
type Fact string

// Facts are what is known of a matter. A fact that is absent is unknown, which
// is not the same as false, none or zero.
type Facts map[Fact]Value

// A FactInfo describes a fact.
type FactInfo struct {
	Name  Fact
	Kind  ValueKind
	Text  Text
	Words []string // that a word or words may be; nil: any
	Ahead bool     // a moment that may lie ahead: a promise, the end of an offer
}

// Known lists every fact that a policy may ask for, in the order of the
// document.
func Known() []FactInfo { return slices.Clone(factSet) }

var factIndex = func() map[Fact]FactInfo {
	m := make(map[Fact]FactInfo, len(factSet))
	for _, f := range factSet {
		m[f.Name] = f
	}
	return m
}()

// Info describes a fact; a name that is not known describes itself.
func (f Fact) Info() FactInfo {
	if info, ok := factIndex[f]; ok {
		return info
	}
	return FactInfo{Name: f, Text: Text{string(f), string(f)}}
}

// maxFen is the largest amount, a hundred billion yuan: with it no percentage
// or multiple that a policy may name leaves the range of the numbers.
const maxFen = 10_000_000_000_000

// Check tells what is wrong with the facts: names that are not known, values of
// another kind, words that a fact does not know. All of it is one error.
func (f Facts) Check() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if err := f[name].check(name); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (v Value) check(name Fact) error {
	info, known := factIndex[name]
	switch n := v.number(); {
	case !known:
		if near := tomldoc.Nearest(string(name), factNames()); near != "" {
			return fmt.Errorf("%q is no fact; did you mean %q?", name, near)
		}
		return fmt.Errorf("%q is no fact; `liveroom policy facts` lists them", name)
	case !v.fits(info.Kind):
		return fmt.Errorf("%s: %s is expected, not %v", name, info.Kind, v.v)
	case n < 0 || n > maxFen:
		return fmt.Errorf("%s: a number from 0 to %d is expected, not %d", name, int64(maxFen), n)
	}
	for _, w := range v.words() {
		if info.Words != nil && !slices.Contains(info.Words, w) {
			return fmt.Errorf("%s: %q is not known; one of %s", name, w, strings.Join(info.Words, ", "))
		}
	}
	return nil
}

func factNames() []string {
	var names []string
	for _, f := range factSet {
		names = append(names, string(f.Name))
	}
	return names
}

// UnmarshalJSON implements json.Unmarshaler: each value is read as its fact's
// kind.
func (f *Facts) UnmarshalJSON(data []byte) error {
	var raw map[Fact]jsontext.Value
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("read facts: %w", err)
	}
	out := Facts{}
	for name, value := range raw {
		v, err := decodeValue(name.Info().Kind, value)
		if err != nil {
			return fmt.Errorf("read facts: %s: %w", name, err)
		}
		out[name] = v
	}
	*f = out
	return out.Check()
}

// Decode reads the JSON of a value that the fact may have.
func (f Fact) Decode(data []byte) (Value, error) {
	v, err := decodeValue(f.Info().Kind, data)
	if err != nil {
		return Value{}, fmt.Errorf("%s: %w", f, err)
	}
	return v, v.check(f)
}

// Parse reads a value as a person writes it: 是 or no, a number, an amount in
// yuan, a time of the zone such as 2026-03-10 09:30.
func (f Fact) Parse(text string, zone *time.Location) (Value, error) {
	kind := f.Info().Kind
	v, ok := parsers[kind](strings.TrimSpace(text), zone)
	if !ok {
		return Value{}, fmt.Errorf("%s: %q is not understood: %s", f, text, forms[kind])
	}
	return v, v.check(f)
}

// Show writes a value of the fact for people, a moment in a time zone.
func (f Fact) Show(v Value, zone *time.Location) Text { return v.show(f.Info().Kind, zone) }

// asOf is what was known at a moment: what happened later is unknown then.
func (f Facts) asOf(at time.Time) Facts {
	out := make(Facts, len(f))
	for name, v := range f {
		if t, ok := v.v.(time.Time); ok && t.After(at) && !name.Info().Ahead {
			continue
		}
		out[name] = v
	}
	return out
}

// moment is the time of a fact.
func (f Facts) moment(name Fact) (time.Time, bool) {
	t, ok := f[name].v.(time.Time)
	return t, ok
}

// number is the number of a fact.
func (f Facts) number(name Fact) (int64, bool) {
	n, ok := f[name].v.(int64)
	return n, ok
}

// values are the facts as conditions read them.
func (f Facts) values() map[string]any {
	out := make(map[string]any, len(f))
	for name, v := range f {
		out[string(name)] = v.v
	}
	return out
}
