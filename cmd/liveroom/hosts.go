package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// HostConfig is what no event tells of a host and policies ask for. What is left
// out is unknown.
type HostConfig struct {
	ID                string   `toml:"id"`
	Rooms             []string `toml:"rooms"`
	Since             string   `toml:"since"`
	Invited           *bool    `toml:"invited"`
	Followers         *int64   `toml:"followers"`
	Score             string   `toml:"score"`
	Level             string   `toml:"level"`
	OtherChecksPassed *bool    `toml:"other_checks_passed"`
	EnrolledAt        string   `toml:"enrolled_at"`
	BadgeWithdrawn    *bool    `toml:"badge_withdrawn"`
}

// hostFacts are the hosts that the config tells of, each of some room.
func (c *Config) hostFacts() ([]moderation.HostFacts, error) {
	var out []moderation.HostFacts
	for i := range c.Hosts {
		h := &c.Hosts[i]
		f, err := h.facts(c)
		if err != nil {
			return nil, fmt.Errorf("[[host]] %s: %w", firstSet(h.ID, "number "+strconv.Itoa(i+1)), err)
		}
		if len(f.Rooms) > 0 {
			out = append(out, f)
		}
	}
	return out, nil
}

func (h *HostConfig) facts(c *Config) (moderation.HostFacts, error) {
	out := moderation.HostFacts{Host: h.ID, Rooms: h.Rooms, Facts: policy.Facts{}}
	zone := policy.DefaultZone
	for _, id := range h.Rooms {
		at := slices.IndexFunc(c.Rooms, func(r RoomConfig) bool { return r.ID == id })
		if at < 0 {
			return out, fmt.Errorf("rooms: %q is no [[room]] of this config", id)
		}
		if z, err := time.LoadLocation(c.Rooms[at].TimeZone); err == nil && c.Rooms[at].TimeZone != "" {
			zone = z
		}
	}
	var err error
	if out.Since, err = moment("since", h.Since, zone); err != nil {
		return out, err
	}
	enrolled, err := moment("enrolled_at", h.EnrolledAt, zone)
	if err != nil {
		return out, err
	}
	if !enrolled.IsZero() {
		out.Facts["host.enrolled_at"] = policy.Moment(enrolled)
	}
	for f, b := range map[policy.Fact]*bool{
		"host.invited": h.Invited, "host.other_checks_passed": h.OtherChecksPassed, "host.badge_withdrawn": h.BadgeWithdrawn,
	} {
		if b != nil {
			out.Facts[f] = policy.Bool(*b)
		}
	}
	if h.Followers != nil {
		if *h.Followers < 0 {
			return out, fmt.Errorf("followers: %d is no number of people", *h.Followers)
		}
		out.Facts["host.followers"] = policy.Number(*h.Followers)
	}
	if err := h.grades(out.Facts); err != nil {
		return out, err
	}
	if len(out.Facts) == 0 {
		return out, errors.New("it tells nothing: give invited, followers, score, level, other_checks_passed, enrolled_at or badge_withdrawn")
	}
	return out, nil
}

var (
	scoreForm = regexp.MustCompile(`^([0-5])\.([0-9]{1,2})$`)
	levelForm = regexp.MustCompile(`^L([0-9])(\+?)$`)
)

// grades reads what platforms write with a point or a plus.
func (h *HostConfig) grades(into policy.Facts) error {
	if h.Score != "" {
		m := scoreForm.FindStringSubmatch(h.Score)
		if m == nil {
			return fmt.Errorf("score: %q: write it as the platform shows it, between 0.00 and 5.99, such as \"4.67\"", h.Score)
		}
		n, err := strconv.ParseInt(m[1]+(m[2] + "0")[:2], 10, 64)
		if err != nil {
			return fmt.Errorf("score: %w", err)
		}
		into["host.score_x100"] = policy.Number(n)
	}
	if h.Level == "" {
		return nil
	}
	m := levelForm.FindStringSubmatch(strings.ToUpper(h.Level))
	if m == nil {
		return fmt.Errorf("level: %q: write it as the platform does, such as \"L2\" or \"L2+\"", h.Level)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return fmt.Errorf("level: %w", err)
	}
	into["host.level_halves"] = policy.Number(2*n + int64(len(m[2])))
	return nil
}

// moment reads a day or a time; without a zone it is the room's.
func moment(key, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), nil
	}
	for _, form := range []string{time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, text, zone); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s: %q: write a day or a time, such as \"2026-03-01\" or \"2026-03-01 20:00\"", key, text)
}
