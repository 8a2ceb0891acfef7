package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/feed/record"
)

func newRecord() *cobra.Command {
	var config, room, out string
	cmd := &cobra.Command{
		Use:   "record --config FILE --room ROOM -o OUT",
		Short: "Save a room's frames, to replay or decode them later",
		Long: "Connects to the room's source, or lets it in by the door, and saves what arrives, byte for byte with\n" +
			"its time, and what is said to it, with tokens written over, until the source closes or the program is\n" +
			"stopped. Nothing is checked or decided; a console may run beside it. Heartbeats and sound are left out.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(config)
			if err != nil {
				return err
			}
			src, err := onlySource(c, room)
			if err != nil {
				return err
			}
			if out == "" {
				return errors.New("name the file to write: -o FILE")
			}
			f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if errors.Is(err, os.ErrExist) {
				return fmt.Errorf("%s exists: name another file, a recording is never written over", out)
			}
			if err != nil {
				return fmt.Errorf("create recording: %w", err)
			}
			err = errors.Join(recordSource(cmd.Context(), f, c, src, room), f.Close())
			return errors.Join(err, removeEmpty(out))
		},
	}
	cmd.Flags().StringVar(&config, "config", "liveroom.toml", "config file")
	cmd.Flags().StringVar(&room, "room", "", "the room to record")
	cmd.Flags().StringVarP(&out, "out", "o", "", "the recording to write")
	return cmd
}

// removeEmpty takes away a recording that holds nothing that came, so that the
// next try may have the name.
func removeEmpty(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("look at recording: %w", err)
	}
	defer f.Close()
	rec, err := record.Read(path, f)
	if err != nil || slices.ContainsFunc(rec.Frames, func(f record.Frame) bool { return !f.Out }) {
		return nil // what is in it is for the one who reads it
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("remove empty recording: %w", err)
	}
	return fmt.Errorf("nothing arrived: %s was not kept", path)
}

// onlySource is the room's one source: a recording is of one connection.
func onlySource(c Config, room string) (SourceConfig, error) {
	for _, r := range c.Rooms {
		if r.ID != room {
			continue
		}
		if len(r.Sources) != 1 {
			return SourceConfig{}, fmt.Errorf("room %q has %d sources: a recording is of one", room, len(r.Sources))
		}
		return r.Sources[0], nil
	}
	return SourceConfig{}, fmt.Errorf("--room %q is not in the config %s", room, c.path)
}

// recordSource saves what a source sends and is told, without its secrets. One that
// comes to us is let in by the config's door.
func recordSource(ctx context.Context, f *os.File, c Config, src SourceConfig, room string) error {
	if src.Protocol == "webhook" {
		return errors.New("recording a shop's posts is not supported: they are no connection; the record keeps each of them as it came")
	}
	protocol, err := newProtocol(src, room)
	if err != nil {
		return err
	}
	w, err := record.NewWriter(f, record.Header{Protocol: src.Protocol, Room: room, Source: withoutQuery(src.URL), Start: time.Now()})
	if err != nil {
		return err
	}
	config := feed.Config{Source: room, Room: room, ReadLimit: src.ReadLimit, AllowPlain: src.AllowInsecure}
	tapped := record.Tap(protocol, w, time.Now, src.Token.Reveal(), src.AuthBody.Reveal(), src.Code.Reveal())
	if src.Door != "" {
		return recordDoor(ctx, c, src, config, tapped)
	}
	s, err := feed.NewSource(config, tapped)
	if err != nil {
		return err
	}
	return s.Run(ctx, forget{})
}

// withoutQuery is an address without what it may hold of a secret.
func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}

// recordDoor opens the door for the one source that is recorded.
func recordDoor(ctx context.Context, c Config, src SourceConfig, config feed.Config, p feed.Protocol) error {
	way, err := c.openDoor()
	if err != nil {
		return err
	}
	if _, err := (&station{door: way}).letIn(src, &config); err != nil {
		return err
	}
	s, err := feed.NewSource(config, p)
	if err != nil {
		return err
	}
	if _, err := way.Listen(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	served := make(chan error, 1)
	go func() { served <- way.Serve(ctx) }()
	err = s.Run(ctx, forget{})
	stop()
	return errors.Join(err, <-served)
}

// forget is a sink for a source that is recorded frame by frame: its events are
// read from the recording later.
type forget struct{}

// Commit implements feed.Sink: the frames are in the file already.
func (forget) Commit(context.Context, feed.Batch) error { return nil }

// Position implements feed.Sink: a recording begins where it begins.
func (forget) Position(_ context.Context, source string) (feed.Position, error) {
	return feed.Position{Source: source}, nil
}
