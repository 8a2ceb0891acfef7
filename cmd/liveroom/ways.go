package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"liveroom/feed"
	"liveroom/feed/post"
	"liveroom/moderation"
)

// OutConfig is a system beside the sources that is asked to do things.
type OutConfig struct {
	Name    string   `toml:"name"`
	URL     Secret   `toml:"url"`
	Secret  Secret   `toml:"secret"`
	Actions []string `toml:"actions"`
	Rooms   []string `toml:"rooms"`
}

// checkActions tells which name is none of an act.
func checkActions(names []string) error {
	var known []string
	for _, k := range feed.ActKinds {
		known = append(known, string(k))
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return fmt.Errorf("actions: %q is not known: use some of %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

// checkOut checks the ways out; rooms are known by then.
func (c *Config) checkOut() error {
	seen := map[string]bool{}
	for i := range c.Out {
		o := &c.Out[i]
		if o.Name == "" || seen[o.Name] {
			return fmt.Errorf("[[out]] number %d needs a name of its own", i+1)
		}
		seen[o.Name] = true
		if err := o.check(c.Rooms); err != nil {
			return fmt.Errorf("[[out]] %q: %w", o.Name, err)
		}
	}
	return nil
}

func (o *OutConfig) check(rooms []RoomConfig) error {
	if err := checkActions(o.Actions); err != nil {
		return err
	}
	for _, id := range o.Rooms {
		if !slices.ContainsFunc(rooms, func(r RoomConfig) bool { return r.ID == id }) {
			return fmt.Errorf("rooms: %q is no [[room]] of this config", id)
		}
	}
	if o.URL.Reveal() == "" {
		if o.Secret.Reveal() != "" {
			return errors.New("it has a secret and no url: copy the system's address")
		}
		return nil
	}
	if len(o.Actions) == 0 {
		return errors.New("actions is empty: name what the system can do")
	}
	_, err := post.New(o.URL.Reveal(), o.Secret.Reveal(), post.Options{})
	return err
}

// A way is one peer that does some things, for some rooms.
type way struct {
	rooms []string // none: all
	acts  []string
	act   func(context.Context, feed.Act) (string, error)
}

// ways are where effects leave by: the first that can is asked. They are complete
// before the desk runs.
type ways struct{ all []way }

// addSource adds a source's own peer.
func (w *ways) addSource(room string, c SourceConfig, src *feed.Source) {
	if len(c.Actions) > 0 {
		w.all = append(w.all, way{rooms: []string{room}, acts: c.Actions, act: src.Act})
	}
}

// addOut adds the systems beside the sources.
func (w *ways) addOut(out []OutConfig) error {
	for _, o := range out {
		if o.URL.Reveal() == "" {
			continue // switched off
		}
		hook, err := post.New(o.URL.Reveal(), o.Secret.Reveal(), post.Options{})
		if err != nil {
			return fmt.Errorf("[[out]] %q: %w", o.Name, err)
		}
		w.all = append(w.all, way{rooms: o.Rooms, acts: o.Actions, act: hook.Act})
	}
	return nil
}

func (w *ways) find(room, kind string) *way {
	for i := range w.all {
		x := &w.all[i]
		if slices.Contains(x.acts, kind) && (len(x.rooms) == 0 || slices.Contains(x.rooms, room)) {
			return x
		}
	}
	return nil
}

// Can tells whether somebody does a kind of thing for a room.
func (w *ways) Can(room, kind string) bool { return w.find(room, kind) != nil }

// Carry asks the way that can. What was asked twice is done once by its id, which
// holds when it was asked for: other records begin to count anew.
func (w *ways) Carry(ctx context.Context, e moderation.Effect) (string, error) {
	x := w.find(e.Room, e.Kind)
	if x == nil {
		return "", fmt.Errorf("nobody does %s for this room", e.Kind)
	}
	return x.act(ctx, feed.Act{
		ID: fmt.Sprintf("%s/%d", e.Key, e.NotBefore.Unix()), Kind: feed.ActKind(e.Kind), Room: e.Room, Target: e.Target, Text: e.Text,
	})
}
