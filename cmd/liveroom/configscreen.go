package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"liveroom/feed"
	"liveroom/tui"
)

// ScreenConfig says what the terminal of this console is like.
type ScreenConfig struct {
	// Mouse lets the console have the mouse; without it the terminal selects text.
	Mouse bool `toml:"mouse"`
	// WideAmbiguous tells that the terminal draws characters of ambiguous width two
	// cells wide.
	WideAmbiguous bool `toml:"wide_ambiguous"`
}

// screenFlags are the flags that say the same of one run.
type screenFlags struct {
	noMouse, wideAmbiguous bool
}

func (f *screenFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.noMouse, "no-mouse", false, "leave the mouse to the terminal, to select text with it")
	flags.BoolVar(&f.wideAmbiguous, "wide-ambiguous", false, "the terminal draws characters like ① and → two cells wide")
}

// of lays the flags over a config. What is drawn is measured for the terminal from
// here on.
func (f *screenFlags) of(c ScreenConfig) ScreenConfig {
	c.Mouse = c.Mouse && !f.noMouse
	c.WideAmbiguous = c.WideAmbiguous || f.wideAmbiguous
	feed.AmbiguousWide(c.WideAmbiguous)
	return c
}

// KeyList is what a person binds to one thing the console can do.
type KeyList []string

// UnmarshalTOML implements toml.Unmarshaler.
func (k *KeyList) UnmarshalTOML(value any) error {
	wrong := errors.New(`a list of keys is expected, like ["y"]`)
	list, ok := value.([]any)
	if !ok {
		return wrong
	}
	*k = KeyList{}
	for _, v := range list {
		key, ok := v.(string)
		if !ok {
			return wrong
		}
		*k = append(*k, key)
	}
	return nil
}

// keymap is the console's keys with those of the config.
func (c *Config) keymap() (*tui.Keymap, error) {
	own := map[string][]string{}
	for id, keys := range c.Keys {
		own[id] = keys
	}
	return tui.NewKeymap(own, func(id string) string {
		return fmt.Sprintf("config %s:%d: [keys] %s", c.path, c.lineOf("keys."+id), id)
	})
}
