// Package text holds the words of the interface, one catalogue a language.
//
// A catalogue is complete: For panics never and T returns the key itself for a
// key that is missing, which the tests of this package forbid. Catalogues are
// read-only and may be used from any goroutine.
package text

import (
	"embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed zh.toml en.toml
var files embed.FS

// A Lang is a language of the interface.
type Lang string

// The languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Langs lists every language there is.
var Langs = []Lang{ZH, EN}

// A Catalogue gives the words of one language.
type Catalogue struct {
	Lang  Lang
	words map[string]string
}

// For gives the catalogue of a language; any other language gives Chinese.
func For(l Lang) *Catalogue {
	if l != EN {
		l = ZH
	}
	return &Catalogue{Lang: l, words: catalogues[l]}
}

var catalogues = load()

func load() map[Lang]map[string]string {
	all := map[Lang]map[string]string{}
	for _, l := range Langs {
		var sections map[string]map[string]string
		if _, err := toml.DecodeFS(files, string(l)+".toml", &sections); err != nil {
			panic(fmt.Sprintf("the built-in words of %q cannot be read: %v", l, err))
		}
		words := map[string]string{}
		for section, entries := range sections {
			for key, word := range entries {
				words[section+"."+key] = word
			}
		}
		all[l] = words
	}
	return all
}

// keyNamed is a key that words name by what it does: {key:confirm}.
var keyNamed = regexp.MustCompile(`\{key:([a-z_0-9]+)\}`)

// WithKeys is the catalogue with the keys that its words name put in; label gives
// the key of what is named.
func (c *Catalogue) WithKeys(label func(id string) string) *Catalogue {
	words := maps.Clone(c.words)
	for key, word := range words {
		if !strings.Contains(word, "{key:") {
			continue
		}
		takesArgs := strings.Contains(word, "%")
		words[key] = keyNamed.ReplaceAllStringFunc(word, func(named string) string {
			shown := label(keyNamed.FindStringSubmatch(named)[1])
			if takesArgs {
				shown = strings.ReplaceAll(shown, "%", "%%")
			}
			return shown
		})
	}
	return &Catalogue{Lang: c.Lang, words: words}
}

// NamedKeys lists what the words of a key name keys of.
func (c *Catalogue) NamedKeys(key string) []string {
	var ids []string
	for _, named := range keyNamed.FindAllStringSubmatch(c.words[key], -1) {
		ids = append(ids, named[1])
	}
	return ids
}

// T gives the words of a key, with args put in as fmt.Sprintf does.
func (c *Catalogue) T(key string, args ...any) string {
	word, ok := c.words[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return word
	}
	return fmt.Sprintf(word, args...)
}

// Has tells whether the catalogue has a key.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.words[key]
	return ok
}

// Keys lists every key, sorted.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.words)) }
