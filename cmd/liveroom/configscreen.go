package main

import (
	"errors"
	"fmt"

	"liveroom/tui"
)

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
