package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"liveroom/feed"
	"liveroom/feed/helix"
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
	known := kindNames(feed.ActKinds)
	for _, name := range names {
		if !slices.Contains(known, name) {
			return fmt.Errorf("actions: %q is not known: use some of %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

func kindNames(kinds []feed.ActKind) []string {
	names := make([]string, 0, len(kinds))
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return names
}

// byTwitch are the protocols whose channels Twitch's API acts in.
var byTwitch = []string{"twitch", "eventsub"}

// checkActs checks what a source's peer is said to be able to do.
func (s *SourceConfig) checkActs() error {
	twitch := slices.Contains(byTwitch, s.Protocol)
	if len(s.Actions) == 0 {
		return nil
	}
	if err := checkActions(s.Actions); err != nil {
		return err
	}
	switch {
	case s.Protocol == "cloudevent":
		return nil
	case !twitch:
		return fmt.Errorf("%s only reads: take actions away, or ask another system by [[out]]", s.Protocol)
	}
	can := kindNames(helix.Kinds)
	for _, a := range s.Actions {
		if !slices.Contains(can, a) {
			return fmt.Errorf("actions: twitch's API knows no %s, only %s: ask another system by [[out]]", a, strings.Join(can, ", "))
		}
	}
	_, err := s.helix(false)
	return err
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
	moderation.Way
	rooms []string // none: all
	act   func(context.Context, feed.Act) (string, error)
	// producer: of our own events
	producer bool
}

// ways are where effects leave by: a source's own peer, else the first system beside
// the sources that can. They are complete before the desk runs.
type ways struct {
	all []way
	// others are the sources of each room that are no producers of our own events.
	others map[string][]string
}

// note takes down a source, shops that post to the door among them: those are
// watched by the door and never become sources that run.
func (w *ways) note(room, name, protocol string) {
	if protocol == "cloudevent" {
		return
	}
	if w.others == nil {
		w.others = map[string][]string{}
	}
	w.others[room] = append(w.others[room], name)
}

// addSource adds who acts on what comes by a source.
func (w *ways) addSource(room, name string, c SourceConfig, src *feed.Source) error {
	if len(c.Actions) == 0 {
		return nil
	}
	own := way{Way: moderation.Way{Name: name, Source: name, Kinds: c.Actions}, rooms: []string{room}, act: src.Act, producer: c.Protocol == "cloudevent"}
	if slices.Contains(byTwitch, c.Protocol) {
		api, err := c.helix(false)
		if err != nil {
			return err
		}
		own.act = api.Act
		for _, kind := range c.Actions {
			if helix.Once(feed.ActKind(kind)) {
				own.Once = append(own.Once, kind)
			}
		}
	}
	w.all = append(w.all, own)
	return nil
}

// settle tells the ways of producers of our own events which sources of their room
// are others': their events name sources of their own.
func (w *ways) settle() {
	for i := range w.all {
		if x := &w.all[i]; x.producer {
			x.Except = append([]string{}, w.others[x.rooms[0]]...)
		}
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
		w.all = append(w.all, way{Way: moderation.Way{Name: o.Name, Kinds: o.Actions}, rooms: o.Rooms, act: hook.Act})
	}
	return nil
}

// Ways implements moderation.Capable.
func (w *ways) Ways(room string) []moderation.Way {
	var out []moderation.Way
	for _, x := range w.all {
		if x.of(room) {
			out = append(out, x.Way)
		}
	}
	return out
}

func (x *way) of(room string) bool { return len(x.rooms) == 0 || slices.Contains(x.rooms, room) }

// Carry asks the way that can. What was asked twice is done once by its id, which
// holds when it was asked for: other records begin to count anew.
func (w *ways) Carry(ctx context.Context, e moderation.Effect) (string, error) {
	picked, ok := moderation.PickWay(w.Ways(e.Room), e.Source, e.Kind)
	if !ok {
		return "", fmt.Errorf("nobody does %s for this room", e.Kind)
	}
	i := slices.IndexFunc(w.all, func(x way) bool { return x.of(e.Room) && x.Name == picked.Name && x.Source == picked.Source })
	result, err := w.all[i].act(ctx, feed.Act{
		ID: fmt.Sprintf("%s/%d", e.Key, e.NotBefore.Unix()), Kind: feed.ActKind(e.Kind), Room: e.Room, Source: e.Source, Target: e.Target, Text: e.Text,
	})
	if errors.Is(err, feed.ErrPerhaps) {
		err = perhaps{err}
	}
	return result, err
}
