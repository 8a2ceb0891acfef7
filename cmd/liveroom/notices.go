package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/notify"
	"liveroom/moderation/policy"
	"liveroom/tui/text"
)

// NotifyConfig is one chat group, or program, that is told of clocks.
type NotifyConfig struct {
	Name       string   `toml:"name"`
	Kind       string   `toml:"kind"`
	URL        Secret   `toml:"url"`
	Secret     Secret   `toml:"secret"`
	Rooms      []string `toml:"rooms"`
	Notices    []string `toml:"notices"`
	Before     Duration `toml:"before"`
	Lang       string   `toml:"lang"`
	MentionAll bool     `toml:"mention_all"`
}

// checkNotify checks the ways of telling; rooms are known by then.
func (c *Config) checkNotify() error {
	seen := map[string]bool{moderation.ToConsole: true}
	for i := range c.Notify {
		n := &c.Notify[i]
		switch {
		case n.Name == "":
			return fmt.Errorf("[[notify]] number %d has no name: give it one, and keep it: what a group was told is kept under it", i+1)
		case seen[n.Name]:
			return fmt.Errorf("[[notify]] name %q is taken: each needs one of its own", n.Name)
		}
		seen[n.Name] = true
		if err := n.check(c.Rooms); err != nil {
			return fmt.Errorf("[[notify]] %q: %w", n.Name, err)
		}
	}
	return nil
}

func (n *NotifyConfig) check(rooms []RoomConfig) error {
	if _, known := langOf(n.Lang); !known && n.Lang != "" {
		return fmt.Errorf("lang %q is not known: use zh-CN or en", n.Lang)
	}
	for _, kind := range n.Notices {
		if !slices.Contains([]policy.NoticeKind{policy.NoticeAtRisk, policy.NoticeBreached}, policy.NoticeKind(kind)) {
			return fmt.Errorf("notices: %q is not known: use at_risk and breached", kind)
		}
	}
	for _, id := range n.Rooms {
		if !slices.ContainsFunc(rooms, func(r RoomConfig) bool { return r.ID == id }) {
			return fmt.Errorf("rooms: %q is no [[room]] of this config", id)
		}
	}
	if n.URL.Reveal() == "" && n.Secret.Reveal() != "" {
		return errors.New("it has a secret and no url: copy the whole webhook address")
	}
	_, err := n.robot()
	return err
}

// robot is nil without an address: nobody is told then.
func (n *NotifyConfig) robot() (*notify.Robot, error) {
	if n.URL.Reveal() == "" {
		return nil, nil
	}
	return notify.NewRobot(notify.Platform(n.Kind), n.URL.Reveal(), n.Secret.Reveal())
}

// A group is where a notice goes.
type group struct {
	robot *notify.Robot
	lang  text.Lang
	all   bool
}

// groups carry notices to the chat groups of a config.
type groups struct {
	sender *notify.Sender
	by     map[string]group
}

// newGroups makes the ways of telling that a config names.
func newGroups(of []NotifyConfig, o notify.Options) (ways []moderation.Notify, g *groups, err error) {
	g = &groups{sender: notify.NewSender(o), by: map[string]group{}}
	for i := range of {
		n := &of[i]
		robot, err := n.robot()
		if err != nil {
			return nil, nil, fmt.Errorf("[[notify]] %q: %w", n.Name, err)
		}
		if robot == nil {
			continue
		}
		w := moderation.Notify{Name: n.Name, Rooms: n.Rooms, Before: time.Duration(n.Before)}
		for _, kind := range n.Notices {
			w.Kinds = append(w.Kinds, policy.NoticeKind(kind))
		}
		ways = append(ways, w)
		lang, known := langOf(n.Lang)
		if !known {
			lang = text.ZH
		}
		g.by[n.Name] = group{robot, lang, n.MentionAll}
	}
	return ways, g, nil
}

// Carry implements moderation.Effector.
func (g *groups) Carry(ctx context.Context, e moderation.Effect) (string, error) {
	m, err := moderation.ReadNotice(e)
	if err != nil {
		return "", err
	}
	to, ok := g.by[m.To]
	if !ok {
		return "", fmt.Errorf("no [[notify]] is called %q", m.To)
	}
	switch err := g.sender.Send(ctx, to.robot, to.message(m)); {
	case errors.Is(err, notify.ErrPerhaps):
		return "", perhaps{err}
	case err != nil:
		return "", err
	}
	return "taken by the " + to.robot.String(), nil
}

// perhaps is an error that leaves open what became of it, as the desk knows it.
type perhaps struct{ error }

func (perhaps) Is(target error) bool { return target == moderation.ErrPerhaps }

// noticeLines is how many clocks one message names: more is for the screen.
const noticeLines = 20

// webhookNotice is what a webhook is told beside the text.
type webhookNotice struct {
	Room  string            `json:"room"`
	Kind  policy.NoticeKind `json:"kind"`
	Items []webhookItem     `json:"items"`
}

type webhookItem struct {
	Case  int64     `json:"case"`
	Title string    `json:"title"`
	Clock string    `json:"clock"`
	Due   time.Time `json:"due"`
	Text  string    `json:"text"`
}

// message writes a notice for people.
func (g *group) message(m moderation.NoticeMessage) notify.Message {
	n := strconv.Itoa(len(m.Items))
	title := in(g.lang, m.Room+"："+n+" 个时限即将超时", m.Room+": running out: "+n)
	if m.Kind == policy.NoticeBreached {
		title = in(g.lang, m.Room+"："+n+" 个时限已超时", m.Room+": run out: "+n)
	}
	out := notify.Message{Key: m.Key, Title: title, All: g.all}
	data := webhookNotice{Room: m.Room, Kind: m.Kind}
	for i, item := range m.Items {
		told := in(g.lang, item.Text, item.TextEN)
		data.Items = append(data.Items, webhookItem{item.Case, item.Title, item.Clock, item.Due, told})
		if i < noticeLines {
			out.Lines = append(out.Lines, fmt.Sprintf("#%d %s · %s", item.Case, item.Title, told))
		}
	}
	if more := len(m.Items) - noticeLines; more > 0 {
		out.Lines = append(out.Lines, fmt.Sprintf(in(g.lang, "还有 %d 个：liveroom clocks", "and %d more: liveroom clocks"), more))
	}
	out.Data = data
	return out
}
