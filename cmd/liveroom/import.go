package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/imports"
	"liveroom/moderation/privacy"
	"liveroom/moderation/risk"
	"liveroom/moderation/sqlite"
)

type importOptions struct {
	config, db, room, as, zone, by string
	dry                            bool
}

func newImport() *cobra.Command {
	var o importOptions
	var maps []string
	for _, m := range imports.BuiltIn() {
		maps = append(maps, m.Name)
	}
	cmd := &cobra.Command{
		Use:   "import FILE --room ROOM [--config FILE | --db FILE] [--dry-run]",
		Short: "Take complaints or orders from a shop's export into the record",
		Long: "Takes complaints or orders from a shop's export, CSV (UTF-8 or GB18030) or XLSX, into the record:\n" +
			"complaints are triaged and put together with alike ones, orders brought forward. The file is taken\n" +
			"whole or not at all; what was imported before changes nothing. Which column holds what is told by a\n" +
			"column map: " + strings.Join(maps, ", ") + ", or an [import.NAME] of the config.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error { return runImport(cmd, files[0], o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.config, "config", "", "config with the record, the person at the desk and column maps")
	f.StringVar(&o.db, "db", "", "database file of the record (default: the config's, or liveroom.db)")
	f.StringVar(&o.room, "room", "", "room that the file is about (default: the column map's, or the config's only one)")
	f.StringVar(&o.as, "as", "", "column map to read the file with (default: the one that knows its header best)")
	f.StringVar(&o.zone, "time-zone", "", "zone of times that name none (default: the room's, or Asia/Shanghai)")
	f.StringVar(&o.by, "by", "", "who imports it, for the ledger (default: the config's person, or the name of the account)")
	f.BoolVar(&o.dry, "dry-run", false, "only tell what would be added")
	return cmd
}

// importing is what an import needs, once config and flags are put together.
type importing struct {
	db, room string
	zone     *time.Location
	actor    moderation.Actor
	risk     *risk.Rules
	maps     []imports.Map
}

func runImport(cmd *cobra.Command, name string, o importOptions) error {
	set, err := o.settle()
	if err != nil {
		return err
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the export: %w", err)
	}
	file, err := imports.Read(filepath.Base(name), data, imports.Options{Room: set.room, Zone: set.zone, Now: time.Now(), Maps: set.maps})
	if err != nil {
		return err
	}
	in := moderation.ImportFile{File: filepath.Base(name), SHA256: sha256.Sum256(data), Events: file.Events}
	done, err := set.take(cmd.Context(), in, o.dry)
	if err != nil {
		return err
	}
	return tellImport(cmd.OutOrStdout(), file, done, o.dry)
}

// settle puts the flags over the config.
func (o importOptions) settle() (importing, error) {
	set := importing{db: o.db, room: o.room, maps: imports.BuiltIn(), actor: moderation.Actor{Name: o.by, Role: moderation.RoleSupervisor}}
	c := defaultConfig()
	if o.config != "" {
		var err error
		if c, err = loadConfig(o.config); err != nil {
			return set, err
		}
		set.actor = moderation.Actor{Name: firstSet(o.by, c.Desk.Name), Role: moderation.Role(c.Desk.Role)}
	}
	set.db = firstSet(o.db, c.beside(c.Record.File))
	set.actor.Name = firstSet(set.actor.Name, os.Getenv("USER"), "import")
	var err error
	if set.risk, err = c.riskRules(); err != nil {
		return set, err
	}
	own, rooms := c.importMaps()
	set.maps = append(own, set.maps...)
	if o.as != "" {
		i := slices.IndexFunc(set.maps, func(m imports.Map) bool { return m.Name == o.as })
		if i < 0 {
			return set, fmt.Errorf("--as %s: there is no such column map: use one of %s", feed.Sanitise(o.as), mapNames(set.maps))
		}
		set.maps = set.maps[i : i+1]
		set.room = firstSet(set.room, rooms[o.as])
	}
	if set.room == "" && len(c.Rooms) == 1 {
		set.room = c.Rooms[0].ID
	}
	if set.room == "" {
		return set, errors.New("which room is the file about? name it with --room")
	}
	zone := o.zone
	for _, r := range c.Rooms {
		if r.ID == set.room {
			zone = firstSet(zone, r.TimeZone)
		}
	}
	if set.zone, err = time.LoadLocation(firstSet(zone, "Asia/Shanghai")); err != nil {
		return set, fmt.Errorf("--time-zone %q is not known: use a name like Asia/Shanghai", zone)
	}
	return set, nil
}

func firstSet(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}

func mapNames(maps []imports.Map) string {
	var names []string
	for _, m := range maps {
		names = append(names, m.Name)
	}
	return strings.Join(names, ", ")
}

// take opens the record and imports into it. A dry run into a record that is not
// there leaves none behind.
func (set importing) take(ctx context.Context, in moderation.ImportFile, dry bool) (done moderation.Imported, err error) {
	db := set.db
	if _, missing := os.Stat(db); missing != nil && dry {
		dir, err := os.MkdirTemp("", "liveroom-import")
		if err != nil {
			return done, fmt.Errorf("rehearse the import: %w", err)
		}
		defer os.RemoveAll(dir)
		db = filepath.Join(dir, "rehearsal.db")
	}
	store, err := sqlite.Open(ctx, db)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	desk, err := moderation.NewDesk(ctx, moderation.Config{Store: store, Risk: set.risk})
	if err != nil {
		return done, err
	}
	return desk.Import(ctx, set.actor, in, dry)
}

// tellImport says what came of it, and in a dry run each row that would be new.
func tellImport(w io.Writer, f imports.File, done moderation.Imported, dry bool) error {
	verb := "added"
	if dry {
		verb = "would add"
		for _, c := range done.Complaints {
			if err := printf(w, "complaint %s %s %s %s problem %s: %s\n", c.At.Format(time.RFC3339), feed.Sanitise(c.SKU), c.Priority, c.Type,
				ofProblem(c.Problem), feed.Sanitise(privacy.Text(c.Text))); err != nil {
				return err
			}
		}
		for _, o := range done.Orders {
			if err := printf(w, "order %s %s %s\n", feed.Sanitise(privacy.Order(o.ID)), feed.Sanitise(o.SKU), o.Status); err != nil {
				return err
			}
		}
	}
	complaints, orders := countRows(done)
	if err := printf(w, "%s: %d rows read as %s; %s %d complaints and %d orders, %d events; %d were there before, %d rows stand twice\n",
		map[bool]string{true: "dry run", false: "done"}[dry], f.Rows, f.Map.Name, verb, complaints, orders, len(done.Events), done.Known, f.Twice); err != nil {
		return err
	}
	if len(f.Unread) == 0 {
		return nil
	}
	return printf(w, "columns that are not read: %s\n", feed.Sanitise(strings.Join(f.Unread, ", ")))
}

func ofProblem(id int64) string {
	if id == 0 {
		return "-"
	}
	return fmt.Sprint(id)
}

// countRows counts rows, of which one may have changed several times.
func countRows(done moderation.Imported) (complaints, orders int) {
	ids := map[int64]bool{}
	for _, c := range done.Complaints {
		ids[c.ID] = true
	}
	names := map[string]bool{}
	for _, o := range done.Orders {
		names[o.ID] = true
	}
	return len(ids), len(names)
}
