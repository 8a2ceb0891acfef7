package tui

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"

	"liveroom/claims/tomldoc"
)

// The rules of rebinding. A person's keys take the place of the shipped ones of
// a binding, all of them; an empty list leaves it to the palette. A key means one
// thing in a pane of a view: what would mean two is refused with both names.
// ctrl+c always quits and esc always goes back, so that no config locks anybody
// in. While text is typed no binding is asked: a rebound key cannot shadow it.

// A Keymap is the table of bindings as one screen has it. It is read-only.
type Keymap struct {
	bindings []binding
}

// kept are keys that stay with their binding whatever a config says.
var kept = map[string]string{"quit": "ctrl+c", "back": "esc"}

// NewKeymap is the shipped table with a person's own keys, by binding id. place
// says where the keys of an id are written; every error begins with it.
func NewKeymap(own map[string][]string, place func(id string) string) (*Keymap, error) {
	k := &Keymap{bindings: shippedBindings()}
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(own)) {
		b := k.find(id)
		if b == nil {
			errs = append(errs, fmt.Errorf("%s: %s", place(id), k.unknownID(id)))
			continue
		}
		keys, err := keysFor(b, own[id])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", place(id), err))
		}
		b.keys = keys
	}
	if len(errs) == 0 {
		errs = k.clashes(own, place)
	}
	return k, errors.Join(errs...)
}

// shippedKeymap is the table as it comes; a test holds it to have no clash.
func shippedKeymap() *Keymap { return &Keymap{bindings: shippedBindings()} }

func (k *Keymap) find(id string) *binding {
	for i := range k.bindings {
		if k.bindings[i].id == id {
			return &k.bindings[i]
		}
	}
	return nil
}

// keysFor reads what a person wants for a binding.
func keysFor(b *binding, names []string) ([]string, error) {
	var keys []string
	for _, name := range names {
		key, err := parseKey(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if key := kept[b.id]; key != "" && !slices.Contains(keys, key) {
		keys = append(keys, key)
	}
	return keys, nil
}

// namedKeys are the keys that have a name, as the terminal's driver calls them.
var namedKeys = func() map[string]bool {
	names := map[string]bool{}
	for t := tea.KeyF20; t <= tea.KeyBackspace; t++ {
		if name := t.String(); name != "" && t != tea.KeyRunes && t != tea.KeySpace {
			names[name] = true
		}
	}
	return names
}()

// parseKey reads a key as it is written in a config: a sign, or a name like
// ctrl+k, with alt+ before it or not.
func parseKey(name string) (string, error) {
	alt, rest := "", strings.ToLower(name)
	if after, ok := strings.CutPrefix(rest, "alt+"); ok {
		alt, rest = "alt+", after
	}
	if runes := []rune(name[len(alt):]); len(runes) == 1 && unicode.IsPrint(runes[0]) && runes[0] != ' ' {
		return alt + string(halfWidth(runes[0])), nil
	}
	switch rest {
	case "space":
		return alt + " ", nil
	case "ctrl+i":
		rest = "tab" // a terminal sends the same for both
	case "ctrl+m":
		rest = "enter"
	case "ctrl+[":
		rest = "esc"
	}
	if namedKeys[rest] {
		return alt + rest, nil
	}
	hint := `write a sign like "y", or a name like "ctrl+k", "alt+y", "f5", "pgdown" or "space"`
	if near := tomldoc.Nearest(rest, append(slices.Sorted(maps.Keys(namedKeys)), "space")); near != "" && len(rest) > 1 {
		hint = fmt.Sprintf("did you mean %q?", alt+near)
	}
	return "", fmt.Errorf("%q is no key: %s", name, hint)
}

// keyLabel is a key as people read it.
func keyLabel(key string) string {
	if strings.HasSuffix(key, " ") {
		return strings.TrimSuffix(key, " ") + "space"
	}
	return key
}

// first is the key that hints name; "" for a binding without one.
func (b *binding) first() string {
	if len(b.keys) == 0 {
		return ""
	}
	return keyLabel(b.keys[0])
}

// labels are all keys of a binding as people read them.
func (b *binding) labels() []string {
	out := make([]string, len(b.keys))
	for i, key := range b.keys {
		out[i] = keyLabel(key)
	}
	return out
}

// label is the key that texts name for an id; — where it has none.
func (k *Keymap) label(id string) string {
	if b := k.find(id); b != nil && len(b.keys) > 0 {
		return b.first()
	}
	return "—"
}

func (k *Keymap) unknownID(id string) string {
	var ids []string
	for i := range k.bindings {
		ids = append(ids, k.bindings[i].id)
	}
	if near := tomldoc.Nearest(id, ids); near != "" {
		return fmt.Sprintf("nothing is called %q, did you mean %q?", id, near)
	}
	return fmt.Sprintf("nothing is called %q: `config.example.toml` lists all there is under [keys]", id)
}

// clashes lists the keys that would mean two things somewhere, at the place in the
// config of the one that a person gave the key to.
func (k *Keymap) clashes(own map[string][]string, place func(id string) string) []error {
	var errs []error
	for i := range k.bindings {
		for j := i + 1; j < len(k.bindings); j++ {
			a, b := &k.bindings[i], &k.bindings[j]
			if !a.meets(b) {
				continue
			}
			for _, key := range b.keys {
				if !slices.Contains(a.keys, key) {
					continue
				}
				had, given := a.id, b.id
				if _, ok := own[given]; !ok || kept[given] == key {
					had, given = given, had
				}
				errs = append(errs, fmt.Errorf("%s: %q is the key of %s already: give %s or %s another one", place(given), keyLabel(key), had, given, had))
			}
		}
	}
	return errs
}

// meets tells whether two bindings are valid in the same pane of a view.
func (b *binding) meets(other *binding) bool {
	for v := view(0); v < viewCount; v++ {
		for p := pane(0); p < paneCount; p++ {
			if b.validIn(v, p) && other.validIn(v, p) {
				return true
			}
		}
	}
	return false
}

// ShippedKeys lists every binding's id with the keys it has as shipped, in the
// order of the table.
func ShippedKeys() (ids []string, keys map[string][]string) {
	k := shippedKeymap()
	keys = map[string][]string{}
	for i := range k.bindings {
		b := &k.bindings[i]
		ids = append(ids, b.id)
		keys[b.id] = b.labels()
	}
	return ids, keys
}
