package policy

import (
	"fmt"

	"liveroom/claims/tomldoc"
)

// Kept is what a record keeps of a policy, to ask it the same again years later:
// the files of all its versions, and of the working days.
type Kept struct {
	Calendar []string `json:"calendar"`
	Policies []string `json:"policies"`
}

// Keep is what a record keeps of a policy; false for one that the set has not.
func (s *Set) Keep(id string) (Kept, bool) {
	k := Kept{Calendar: s.calendar.Contents()}
	for _, p := range s.policies {
		if p.ID == id {
			k.Policies = append(k.Policies, p.Content)
		}
	}
	return k, len(k.Policies) > 0
}

// Version is the hash of what is kept.
func (k Kept) Version() string {
	return hash(append(append([]string{}, k.Policies...), k.Calendar...)...)
}

// Set is the policy and the working days as they were.
func (k Kept) Set() (*Set, error) {
	var files []tomldoc.File
	for i, text := range k.Policies {
		files = append(files, tomldoc.File{Name: fmt.Sprintf("kept-policy-%d.toml", i+1), Text: []byte(text)})
	}
	for i, text := range k.Calendar {
		files = append(files, tomldoc.File{Name: fmt.Sprintf("kept-calendar-%d.toml", i+1), Text: []byte(text)})
	}
	set, err := Load(nil, files...)
	if err != nil {
		return nil, fmt.Errorf("read a kept policy: %w", err)
	}
	return set, nil
}
