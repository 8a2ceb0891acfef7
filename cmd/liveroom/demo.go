package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"liveroom/claims/sheet"
	"liveroom/demo"
	"liveroom/feed"
	"liveroom/feed/record"
	"liveroom/moderation"
	"liveroom/moderation/qualification"
	"liveroom/tui"
	"liveroom/tui/text"
)

// demoSource is the key of the demo's position in a record.
const demoSource = "demo"

func newDemo() *cobra.Command {
	o := defaultDemo()
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Play a recorded broadcast and open the console on it",
		Long: "Plays a recorded broadcast over a real websocket on this machine and opens the console on it.\n" +
			"Needs no file and no network. --headless runs it without a terminal and prints one line of JSON.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			if !o.headless {
				if err := terminalOf(cmd); err != nil {
					return err
				}
			}
			return runDemoCommand(cmd, o, lang)
		},
	}
	cmd.Flags().BoolVar(&o.headless, "headless", false, "without a terminal: print one JSON summary when the broadcast is over")
	cmd.Flags().StringVar(&o.speed, "speed", o.speed, "how many times as fast as life: 0.1 to 1000, or max")
	cmd.Flags().StringVar(&o.role, "as", o.role, "sit down as a moderator, an agent or a supervisor, who may do everything")
	cmd.Flags().StringVar(&o.db, "db", "", "keep the record in this file, and go on with one that was cut off (default: a temporary one)")
	o.screen.add(cmd.Flags())
	return cmd
}

type demoOptions struct {
	headless        bool
	speed, db, role string
	screen          screenFlags
}

// defaultDemo is fast enough to see something at once, and slow enough to read; who
// tries it may do everything.
func defaultDemo() demoOptions {
	return demoOptions{speed: "4", role: string(moderation.RoleSupervisor)}
}

func runDemoCommand(cmd *cobra.Command, o demoOptions, lang text.Lang) (err error) {
	speed, err := parseSpeed(o.speed)
	if err != nil {
		return err
	}
	if err := checkRole(o.role); err != nil {
		return fmt.Errorf("--as: %w", err)
	}
	rec, err := record.Read("the demo's broadcast", strings.NewReader(demo.Broadcast))
	if err != nil {
		return err
	}
	facts, err := sheet.Load("the demo's fact sheet", strings.NewReader(demo.Facts))
	if err != nil {
		return err
	}
	look := o.screen.of(defaultConfig().Screen)
	temporary := o.db == ""
	if temporary {
		dir, err := os.MkdirTemp("", "liveroom-demo")
		if err != nil {
			return fmt.Errorf("make a temporary record: %w: name a file with --db", err)
		}
		defer os.RemoveAll(dir)
		o.db = filepath.Join(dir, "demo.db")
	}
	ground, err := demoGround(facts, o.db, temporary)
	if err != nil {
		return err
	}
	token := rand.Text()
	server := record.NewServer(rec, record.ServerConfig{Speed: speed, Token: token})
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	address, served, err := serveLoopback(ctx, server)
	if err != nil {
		return err
	}
	defer func() {
		cancel()
		err = errors.Join(err, <-served)
	}()
	weighed, err := loadRisk(nil)
	if err != nil {
		return err
	}
	s, err := openStation(cmd.Context(), stationConfig{
		db: o.db, ground: ground, risk: weighed, goods: &goodsFiles{product: ground.product, terms: qualification.DefaultTerms}, clock: server.Clock(), undoWindow: moderation.DefaultUndoWindow,
		rooms:  []moderation.Room{{ID: demo.Room, Name: demo.RoomName, TimeZone: "Asia/Shanghai"}},
		ledger: LedgerConfig{Key: keyBeside(o.db)},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	s.temporary = temporary
	src := SourceConfig{Protocol: rec.Protocol, URL: "ws://" + address + "/", Token: Secret{value: token}}
	if err := s.watch(demo.Room, demoSource, src, nil); err != nil {
		return err
	}
	if !o.headless {
		return s.show(cmd, tui.Options{Actor: moderation.Actor{Name: "you", Role: moderation.Role(o.role)}, Lang: lang, Clock: server.Clock(), Mouse: look.Mouse})
	}
	if err := s.collect(cmd.Context(), true, io.Discard); err != nil {
		return err
	}
	return s.summarise(cmd.Context(), rec, cmd.OutOrStdout())
}

// demoGround is the demo's sheet, and beside a temporary record an empty rule
// file: whoever tries the program can word a rule, and leaves nothing behind.
func demoGround(facts *sheet.Sheet, db string, temporary bool) (*ground, error) {
	g := fixedGround(facts)
	if !temporary {
		return g, nil
	}
	path := filepath.Join(filepath.Dir(db), "rules.toml")
	if err := os.WriteFile(path, []byte("# Rules of the demo: gone when it ends.\n"), 0o600); err != nil {
		return nil, fmt.Errorf("make a temporary rule file: %w", err)
	}
	g.rules = []string{path}
	g.changed(path)
	return g, nil
}

// serveLoopback plays a recording on a port of this machine only, until ctx is
// done.
func serveLoopback(ctx context.Context, server *record.Server) (address string, done <-chan error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("listen on this machine: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- servePlayback(ctx, l, server) }()
	return l.Addr().String(), ended, nil
}

// summary is the headless demo's one line.
type summary struct {
	Events     int64  `json:"events"`
	Flags      int64  `json:"flags"`
	Complaints int64  `json:"complaints"`
	Cases      int64  `json:"cases"`
	Orders     int64  `json:"orders"`
	Gaps       int64  `json:"gaps"`
	Lost       int64  `json:"lost"`
	Duplicated int64  `json:"duplicated"`
	LedgerSize int64  `json:"ledger_size"`
	LedgerRoot string `json:"ledger_root"`
}

// summarise compares the record with the recording, event by event.
func (s *station) summarise(ctx context.Context, rec *record.Recording, w io.Writer) error {
	c, err := s.store.Counts(ctx)
	if err != nil {
		return err
	}
	head, err := s.store.Head(ctx)
	if err != nil {
		return err
	}
	lost, err := s.lost(ctx, rec)
	if err != nil {
		return err
	}
	return writeJSON(w, summary{
		Events: c.Events, Flags: c.Flags, Complaints: c.Complaints, Cases: c.Cases, Orders: c.Orders, Gaps: c.Gaps,
		Lost: lost, Duplicated: c.Duplicated, LedgerSize: head.Size, LedgerRoot: fmt.Sprintf("%x", head.Root),
	})
}

// lost counts the recording's events that the record does not hold.
func (s *station) lost(ctx context.Context, rec *record.Recording) (int64, error) {
	held := map[[2]string]bool{}
	page := moderation.Page{Limit: listPage}
	for {
		events, err := s.store.Events(ctx, page)
		if err != nil {
			return 0, err
		}
		for _, e := range events {
			held[[2]string{e.Source, e.ID}] = true
			page.After = e.Index
		}
		if len(events) < listPage {
			break
		}
	}
	protocol, err := newProtocol(SourceConfig{Protocol: rec.Protocol, URL: "ws://127.0.0.1/"}, rec.Room)
	if err != nil {
		return 0, err
	}
	session := protocol.NewSession(feed.Position{})
	var lost int64
	for _, f := range rec.Frames {
		for _, e := range session.Decode(f.Frame, rec.Start).Events {
			if !held[[2]string{e.Source, e.ID}] {
				lost++
			}
		}
	}
	return lost, nil
}
