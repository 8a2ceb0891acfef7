package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"liveroom/moderation"
	"liveroom/moderation/imports"
	"liveroom/moderation/notary"
	"liveroom/moderation/qualification"
)

// Config is the one file that describes a set-up. config.example.toml names
// every key with its default.
type Config struct {
	Record   RecordConfig   `toml:"record"`
	Desk     DeskConfig     `toml:"desk"`
	Screen   ScreenConfig   `toml:"screen"`
	Facts    FactsConfig    `toml:"facts"`
	Policies PoliciesConfig `toml:"policies"`
	Rules    RulesConfig    `toml:"rules"`
	Replies  RepliesConfig  `toml:"replies"`
	Ledger   LedgerConfig   `toml:"ledger"`
	Goods    GoodsConfig    `toml:"goods"`
	Risk     RiskConfig     `toml:"risk"`
	Door     DoorConfig     `toml:"door"`
	Out      []OutConfig    `toml:"out"`
	Notify   []NotifyConfig `toml:"notify"`
	Hosts    []HostConfig   `toml:"host"`
	Rooms    []RoomConfig   `toml:"room"`

	Imports map[string]ImportConfig `toml:"import"`
	Keys    map[string]KeyList      `toml:"keys"`

	path string
	text string // of the file, to find lines in
}

// RecordConfig says where the record is kept.
type RecordConfig struct {
	File string `toml:"file"`
	// KeepDays is how long what is buyers' is kept; 0: without end.
	KeepDays int `toml:"keep_days"`
}

// DeskConfig says who decides at this console.
type DeskConfig struct {
	Name       string   `toml:"name"`
	Role       string   `toml:"role"`
	UndoWindow Duration `toml:"undo_window"`
	// AnswerWithin is how long a viewer's question may wait for an answer.
	AnswerWithin Duration `toml:"answer_within"`
	// Lease is how long a case stays with who took it without their working on it.
	Lease Duration `toml:"lease"`
	// AtRisk is how long before it runs out the screen tells of a clock.
	AtRisk Duration `toml:"at_risk"`
	// SpeechWindow is how long before the payment the host's words count as what
	// the buyer heard.
	SpeechWindow Duration `toml:"speech_window"`
}

// FactsConfig names the fact sheet.
type FactsConfig struct {
	File string `toml:"file"`
	// StaleAfter is how long after its last change the screen asks whether the sheet
	// still holds; 0: never.
	StaleAfter Duration `toml:"stale_after"`
}

// RulesConfig names the users' rule files.
type RulesConfig struct {
	Files []string `toml:"files"`
}

// RepliesConfig names files of answers, laid over the shipped ones.
type RepliesConfig struct {
	Files []string `toml:"files"`
}

// PoliciesConfig names the policies in force: shipped ones by id, and the users'
// own files and folders, laid over them.
type PoliciesConfig struct {
	Shipped []string `toml:"shipped"`
	Files   []string `toml:"files"`
}

// ImportConfig tells what the columns of a shop's exports hold.
type ImportConfig struct {
	Kind    string            `toml:"kind"`
	Room    string            `toml:"room"`
	Columns map[string]string `toml:"columns"`
}

// RoomConfig is one broadcast to watch.
type RoomConfig struct {
	ID       string         `toml:"id"`
	Name     string         `toml:"name"`
	TimeZone string         `toml:"time_zone"`
	Scripts  []string       `toml:"scripts"`
	Sources  []SourceConfig `toml:"source"`
}

// Duration is a time.Duration written as "15s".
type Duration time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("%q is no duration: write it like 15s or 2m", text)
	}
	*d = Duration(v)
	return nil
}

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

func defaultConfig() Config {
	return Config{
		Record: RecordConfig{File: "liveroom.db", KeepDays: int(moderation.Retention / day)},
		Desk: DeskConfig{
			Name: "moderator", Role: string(moderation.RoleModerator), UndoWindow: Duration(moderation.DefaultUndoWindow),
			AnswerWithin: Duration(moderation.DefaultAnswerWithin), Lease: Duration(moderation.DefaultLease), AtRisk: Duration(moderation.DefaultAtRisk),
			SpeechWindow: Duration(moderation.DefaultSpeechWindow),
		},
		Screen:   ScreenConfig{Mouse: true},
		Facts:    FactsConfig{StaleAfter: Duration(30 * day)},
		Policies: PoliciesConfig{Shipped: []string{allShipped}},
		Goods:    GoodsConfig{LowStock: qualification.DefaultTerms.LowStock, ExpiringDays: qualification.DefaultTerms.ExpiringDays},
		Ledger:   LedgerConfig{Leaves: notary.DefaultLeaves, Every: Duration(notary.DefaultEvery)},
	}
}

// loadConfig reads and checks the file at path. Every error names the file and
// the place in it.
func loadConfig(path string) (Config, error) {
	c := defaultConfig()
	c.path = path
	b, err := os.ReadFile(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return c, fmt.Errorf("config %s does not exist: copy config.example.toml there, or try `liveroom demo`", path)
		}
		return c, fmt.Errorf("read config: %w", err)
	}
	c.text = string(b)
	meta, err := toml.Decode(c.text, &c)
	if err != nil {
		var parse toml.ParseError
		if errors.As(err, &parse) {
			return c, fmt.Errorf("config %s:%d: %s", path, parse.Position.Line, parse.Message)
		}
		return c, wrongKind(path, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return c, unknownKeys(path, string(b), unknown)
	}
	if err := errors.Join(c.readSecrets(), c.check()); err != nil {
		return c, fmt.Errorf("config %s: %w", path, err)
	}
	if _, err := c.keymap(); err != nil {
		return c, err
	}
	return c, c.checkPrivate()
}

var decodeError = regexp.MustCompile(`line (\d+) \(last key "([^"]*)"\): (.*)$`)

// wrongKind says in a person's words what the decoder says in Go's.
func wrongKind(path string, err error) error {
	m := decodeError.FindStringSubmatch(err.Error())
	if m == nil {
		return fmt.Errorf("config %s: %w", path, err)
	}
	line, key, what := m[1], m[2], m[3]
	switch {
	case !strings.Contains(what, "incompatible types"):
	case strings.HasSuffix(what, "destination has type slice"):
		what = "a list is expected: a table that may stand several times is written [[" + key + "]]"
	case strings.HasSuffix(what, "destination has type string"):
		what = `text in quotes is expected, like "…"`
	default:
		what = "another kind of value is expected: compare config.example.toml"
	}
	return fmt.Errorf("config %s:%s: %s: %s", path, line, key, what)
}

// unknownKeys tells of each unknown key with its line and the nearest known one. What
// stands in a table that is unknown itself is not told of.
func unknownKeys(path, text string, keys []toml.Key) error {
	errs := make([]error, 0, len(keys))
	lines := keyLines(text)
	unknown := map[string]bool{}
	for _, k := range keys {
		unknown[k.String()] = true
		if unknown[k[:len(k)-1].String()] {
			continue
		}
		hint := ""
		if near := nearestKey(k); near != "" {
			hint = fmt.Sprintf(", did you mean %q?", near)
		}
		at := lines[k.String()]
		if len(at) == 0 {
			errs = append(errs, fmt.Errorf("config %s: unknown key %q%s", path, k.String(), hint))
			continue
		}
		lines[k.String()] = at[1:]
		errs = append(errs, fmt.Errorf("config %s:%d: unknown key %q%s", path, at[0], k.String(), hint))
	}
	return errors.Join(errs...)
}

var (
	tableLine = regexp.MustCompile(`^\s*\[\[?\s*([^\[\]]+?)\s*\]`)
	keyLine   = regexp.MustCompile(`^\s*["']?([A-Za-z0-9_.-]+)["']?\s*=`)
)

// keyLines finds the lines that each key, with its table, stands in.
func keyLines(text string) map[string][]int {
	at := map[string][]int{}
	table := ""
	n := 0
	for line := range strings.Lines(text) {
		n++
		if m := tableLine.FindStringSubmatch(line); m != nil {
			table = m[1]
			at[table] = append(at[table], n)
			table += "."
		} else if m := keyLine.FindStringSubmatch(line); m != nil {
			at[table+m[1]] = append(at[table+m[1]], n)
		}
	}
	return at
}

// lineOf is the line that a key stands in, with its table.
func (c *Config) lineOf(key string) int {
	if at := keyLines(c.text)[key]; len(at) > 0 {
		return at[0]
	}
	return 1
}

// maxRooms is how many broadcasts one person can watch.
const maxRooms = 8

func (c *Config) check() error {
	if c.Record.File == "" {
		return errors.New("[record] file is empty: name the database file")
	}
	if err := checkRole(c.Desk.Role); err != nil {
		return fmt.Errorf("[desk] role: %w", err)
	}
	if err := c.Goods.check(); err != nil {
		return fmt.Errorf("[goods] %w", err)
	}
	if err := c.Ledger.check(); err != nil {
		return fmt.Errorf("[ledger] %w", err)
	}
	if _, err := c.Policies.shipped(); err != nil {
		return fmt.Errorf("line %d: [policies] shipped: %w", c.lineOf("policies.shipped"), err)
	}
	if c.Desk.UndoWindow < Duration(time.Second) {
		return fmt.Errorf("[desk] undo_window: %s is too short to take anything back: give at least 1s", time.Duration(c.Desk.UndoWindow))
	}
	if c.Desk.AnswerWithin < Duration(time.Second) {
		return fmt.Errorf("[desk] answer_within: %s is too short to answer anything: give at least 1s", time.Duration(c.Desk.AnswerWithin))
	}
	if c.Desk.Lease < Duration(time.Minute) {
		return fmt.Errorf("[desk] lease: %s is too short to work on a case: give at least 1m", time.Duration(c.Desk.Lease))
	}
	if c.Desk.SpeechWindow < Duration(time.Second) {
		return fmt.Errorf("[desk] speech_window: %s is too short to hear anything: give at least 1s", time.Duration(c.Desk.SpeechWindow))
	}
	if c.Desk.AtRisk < Duration(time.Minute) {
		return fmt.Errorf("[desk] at_risk: %s is too short to do anything about a clock: give at least 1m", time.Duration(c.Desk.AtRisk))
	}
	if len(c.Rooms) > maxRooms {
		return fmt.Errorf("%d rooms are configured: one console watches up to %d", len(c.Rooms), maxRooms)
	}
	own, _ := c.importMaps()
	for _, m := range own {
		if err := m.Check(); err != nil {
			return fmt.Errorf("[import.%s] %w", m.Name, err)
		}
	}
	if c.Desk.Name == "" {
		return errors.New("[desk] name is empty: the ledger needs to know who decided")
	}
	seen := map[string]bool{}
	for i := range c.Rooms {
		r := &c.Rooms[i]
		if r.ID == "" {
			return fmt.Errorf("[[room]] number %d has no id", i+1)
		}
		if seen[r.ID] {
			return fmt.Errorf("[[room]] id %q stands twice", r.ID)
		}
		seen[r.ID] = true
		if err := r.check(); err != nil {
			return fmt.Errorf("[[room]] %q: %w", r.ID, err)
		}
	}
	if _, err := c.hostFacts(); err != nil {
		return err
	}
	if err := c.checkDoor(); err != nil {
		return err
	}
	if err := c.checkOut(); err != nil {
		return err
	}
	return c.checkNotify()
}

// importMaps are the column maps of the config, and the rooms they are for.
func (c *Config) importMaps() (own []imports.Map, rooms map[string]string) {
	rooms = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.Imports)) {
		of := c.Imports[name]
		m := imports.Map{Name: name, Kind: imports.Kind(of.Kind), Columns: map[string]imports.Field{}}
		for header, field := range of.Columns {
			m.Columns[header] = imports.Field(field)
		}
		own = append(own, m)
		rooms[name] = of.Room
	}
	return own, rooms
}

func checkRole(role string) error {
	known := []moderation.Role{moderation.RoleModerator, moderation.RoleAgent, moderation.RoleSupervisor}
	if !slices.Contains(known, moderation.Role(role)) {
		return fmt.Errorf("%q is not known: use moderator, agent or supervisor", role)
	}
	return nil
}

func (r *RoomConfig) check() error {
	if r.Name == "" {
		r.Name = r.ID
	}
	if r.TimeZone == "" {
		r.TimeZone = "Asia/Shanghai"
	}
	if _, err := time.LoadLocation(r.TimeZone); err != nil {
		return fmt.Errorf("time_zone %q is not known: use a name like Asia/Shanghai", r.TimeZone)
	}
	for i := range r.Sources {
		if err := r.Sources[i].check(); err != nil {
			return fmt.Errorf("source %d: %w", i+1, err)
		}
	}
	return nil
}

// secrets are all secrets of the config, each with the place it stands in.
func (c *Config) secrets(visit func(place string, s *Secret) error) error {
	for i := range c.Rooms {
		for j := range c.Rooms[i].Sources {
			s := &c.Rooms[i].Sources[j]
			place := fmt.Sprintf("[[room]] %q: source %d", c.Rooms[i].ID, j+1)
			if err := errors.Join(visit(place, &s.Token), visit(place, &s.AuthBody), visit(place, &s.Code)); err != nil {
				return err
			}
		}
	}
	for i := range c.Out {
		o := &c.Out[i]
		place := fmt.Sprintf("[[out]] %q", o.Name)
		if err := errors.Join(visit(place, &o.URL), visit(place, &o.Secret)); err != nil {
			return err
		}
	}
	for i := range c.Notify {
		n := &c.Notify[i]
		place := fmt.Sprintf("[[notify]] %q", n.Name)
		if err := errors.Join(visit(place, &n.URL), visit(place, &n.Secret)); err != nil {
			return err
		}
	}
	return nil
}

// readSecrets reads the secrets that stand in files, beside the config.
func (c *Config) readSecrets() error {
	return c.secrets(func(place string, s *Secret) error {
		if err := s.readFile(c.beside); err != nil {
			return fmt.Errorf("%s: %w", place, err)
		}
		return nil
	})
}

// checkPrivate refuses a config with a secret in it that others may read.
func (c *Config) checkPrivate() error {
	literal := false
	_ = c.secrets(func(_ string, s *Secret) error { literal = literal || s.literal; return nil })
	if !literal {
		return nil
	}
	info, err := os.Stat(c.path)
	if err != nil {
		return fmt.Errorf("read config: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("config %s holds a secret and others may read it: run chmod 600 %s, or write the secret as ${NAME} or file:PATH", c.path, c.path)
	}
	return nil
}

// beside resolves a path in the config against the config's own folder.
func (c *Config) beside(path string) string {
	if path == "" || filepath.IsAbs(path) || c.path == "" {
		return path
	}
	return filepath.Join(filepath.Dir(c.path), path)
}
