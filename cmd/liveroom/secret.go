package main

import (
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"
)

// Secret is a token or a password. It prints as *** wherever it ends up.
type Secret struct {
	value   string
	file    string // where the value stands, until it is read
	literal bool   // written into the config itself
}

const hiddenSecret = "***"

// String implements fmt.Stringer.
func (Secret) String() string { return hiddenSecret }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return hiddenSecret }

// MarshalText keeps the value out of every encoder.
func (Secret) MarshalText() ([]byte, error) { return []byte(hiddenSecret), nil }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(hiddenSecret) }

// Reveal is the value itself, for the one place that sends it.
func (s Secret) Reveal() string { return s.value }

// readFile reads the secret from its file, if it stands in one. beside resolves
// the path against the config's folder.
func (s *Secret) readFile(beside func(string) string) error {
	if s.file == "" {
		return nil
	}
	b, err := os.ReadFile(beside(s.file))
	if err != nil {
		return fmt.Errorf("read secret: %w", err)
	}
	s.value, s.file = strings.TrimSpace(string(b)), ""
	return nil
}

var envReference = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$`)

// UnmarshalText takes "${NAME}" from the environment, "file:PATH" from a file,
// and anything else as the secret itself.
func (s *Secret) UnmarshalText(text []byte) error {
	t := string(text)
	if m := envReference.FindStringSubmatch(t); m != nil {
		v, ok := os.LookupEnv(m[1])
		if !ok {
			return fmt.Errorf("the environment has no %s: set it, or write file:PATH", m[1])
		}
		s.value = v
		return nil
	}
	if path, ok := strings.CutPrefix(t, "file:"); ok {
		s.file = path
		return nil
	}
	s.value, s.literal = t, t != ""
	return nil
}
