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
	literal bool // written into the config itself
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
		b, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read secret: %w", err)
		}
		s.value = strings.TrimSpace(string(b))
		return nil
	}
	s.value, s.literal = t, t != ""
	return nil
}
