package policy

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
	"sync"
	"time"

	"liveroom/claims/tomldoc"
)

// A Set is the policies and working days that count. It never changes.
type Set struct {
	policies []*Policy // by id, then by the day they come into force
	calendar *Calendar
	version  string
}

//go:embed shipped/*.toml
var shipped embed.FS

// Shipped is the set that the program brings along.
var Shipped = sync.OnceValues(func() (*Set, error) {
	files, err := ShippedFiles()
	if err != nil {
		return nil, err
	}
	return Load(nil, files...)
})

// ShippedFiles are the files of the shipped set, to read and to copy.
func ShippedFiles() ([]tomldoc.File, error) {
	entries, err := shipped.ReadDir("shipped")
	if err != nil {
		return nil, fmt.Errorf("read shipped policies: %w", err)
	}
	var files []tomldoc.File
	for _, e := range entries {
		text, err := shipped.ReadFile(path.Join("shipped", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("read shipped policy: %w", err)
		}
		files = append(files, tomldoc.File{Name: e.Name(), Text: text})
	}
	return files, nil
}

func newSet(base *Set, policies []*Policy, years []*year) *Set {
	s := &Set{calendar: &Calendar{years: map[int]*year{}}}
	if base != nil {
		for _, p := range base.policies {
			if !slices.ContainsFunc(policies, func(q *Policy) bool { return q.ID == p.ID }) {
				s.policies = append(s.policies, p)
			}
		}
		for n, y := range base.calendar.years {
			s.calendar.years[n] = y
		}
	}
	s.policies = append(s.policies, policies...)
	for _, y := range years {
		s.calendar.years[y.year] = y
	}
	slices.SortStableFunc(s.policies, func(a, b *Policy) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.From, b.From))
	})
	s.version = s.hash()
	return s
}

func (s *Set) hash() string {
	versions := []string{s.calendar.Version()}
	for _, p := range s.policies {
		versions = append(versions, p.ID, p.Version)
	}
	return hash(versions...)
}

// Version is the hash of everything in the set.
func (s *Set) Version() string { return s.version }

// Calendar is the working days of the set.
func (s *Set) Calendar() *Calendar { return s.calendar }

// Policies lists the policies by id, versions of one id by when they come into
// force.
func (s *Set) Policies() []*Policy { return slices.Clone(s.policies) }

// Only is the set with the policies of the ids alone, and its working days.
func (s *Set) Only(ids ...string) (*Set, error) {
	known := s.ids()
	for _, id := range ids {
		if !slices.Contains(known, id) {
			if near := tomldoc.Nearest(id, known); near != "" {
				return nil, fmt.Errorf("%q is no policy; did you mean %q?", id, near)
			}
			return nil, fmt.Errorf("%q is no policy; known: %v", id, known)
		}
	}
	only := &Set{calendar: s.calendar}
	for _, p := range s.policies {
		if slices.Contains(ids, p.ID) {
			only.policies = append(only.policies, p)
		}
	}
	only.version = only.hash()
	return only, nil
}

// inForce is the version of a policy that governs a moment, or the one nearest
// to it and false.
func (s *Set) inForce(id string, at time.Time, zone *time.Location) (*Policy, bool) {
	day := DateOf(at.In(zone))
	var near *Policy
	for _, p := range s.policies {
		if p.ID != id {
			continue
		}
		if p.inForce(day) {
			return p, true
		}
		if near == nil || p.From <= day {
			near = p
		}
	}
	return near, false
}

// Of lists the ids of the policies of a kind.
func (s *Set) Of(k Kind) []string {
	var out []string
	for _, p := range s.policies {
		if p.Kind == k {
			out = append(out, p.ID)
		}
	}
	return slices.Compact(out)
}

// ids lists the policies' ids, each once.
func (s *Set) ids() []string {
	var out []string
	for _, p := range s.policies {
		out = append(out, p.ID)
	}
	return slices.Compact(out)
}
