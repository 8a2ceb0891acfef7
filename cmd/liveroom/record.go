package main

import (
	"context"
	"errors"
	"fmt"
	"os"
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
		Long: "Connects to the room's source and saves what arrives, byte for byte with its time, until the\n" +
			"source closes or the program is stopped. Nothing is checked or decided; a console may run beside it.",
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
			err = errors.Join(recordSource(cmd.Context(), f, src, room), f.Close())
			return errors.Join(err, removeEmpty(out))
		},
	}
	cmd.Flags().StringVar(&config, "config", "liveroom.toml", "config file")
	cmd.Flags().StringVar(&room, "room", "", "the room to record")
	cmd.Flags().StringVarP(&out, "out", "o", "", "the recording to write")
	return cmd
}

// removeEmpty takes away a recording that holds only its header, so that the
// next try may have the name.
func removeEmpty(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("look at recording: %w", err)
	}
	defer f.Close()
	rec, err := record.Read(path, f)
	if err != nil || len(rec.Frames) > 0 {
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

func recordSource(ctx context.Context, f *os.File, src SourceConfig, room string) error {
	protocol, err := newProtocol(src, room)
	if err != nil {
		return err
	}
	w, err := record.NewWriter(f, record.Header{Protocol: src.Protocol, Room: room, Source: src.URL, Start: time.Now()})
	if err != nil {
		return err
	}
	s, err := feed.NewSource(feed.Config{
		Source: room, Room: room, ReadLimit: src.ReadLimit, AllowPlain: src.AllowInsecure,
	}, record.Tap(protocol, w, time.Now))
	if err != nil {
		return err
	}
	return s.Run(ctx, forget{})
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
