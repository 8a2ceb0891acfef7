package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/feed/door"
	"liveroom/feed/record"
)

func newRecord() *cobra.Command {
	var config, room, out string
	cmd := &cobra.Command{
		Use:   "record --config FILE --room ROOM -o OUT",
		Short: "Save a room's frames, to replay or decode them later",
		Long: "Connects to the room's source, or lets it in by the door, and saves what arrives, byte for byte with\n" +
			"its time, and what is said to it, with tokens written over, until the source closes or the program is\n" +
			"stopped. Nothing is checked or decided; a console may run beside it where the source is dialled.\n" +
			"Heartbeats and sound are left out. Of a shop's posts those are saved that it signed, with our answers;\n" +
			"the reason for each that is refused goes to standard error.",
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
			err = errors.Join(recordSource(cmd.Context(), f, cmd.ErrOrStderr(), c, src, room), f.Close())
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
// comes to us is let in by the config's door. What is refused of a shop's posts is told
// on said.
func recordSource(ctx context.Context, f, said io.Writer, c Config, src SourceConfig, room string) error {
	w, err := record.NewWriter(f, record.Header{Protocol: src.Protocol, Room: room, Source: withoutSecrets(src.URL), Start: time.Now()})
	if err != nil {
		return err
	}
	config := feed.Config{Source: room, Room: room, ReadLimit: src.ReadLimit, AllowPlain: src.AllowInsecure}
	if src.Protocol == "webhook" && src.Door != "" {
		return recordHook(ctx, w, said, c, src, config)
	}
	protocol, err := newProtocol(src, room)
	if err != nil {
		return err
	}
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

// withoutSecrets is an address without what it may hold of them.
func withoutSecrets(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	return u.String()
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

// recordHook opens the door for the posts of the one shop that is recorded.
func recordHook(ctx context.Context, w *record.Writer, said io.Writer, c Config, src SourceConfig, config feed.Config) error {
	way, err := c.openDoor()
	if err != nil {
		return err
	}
	refused := newRefusals(said)
	config.Refused = func(err error) { refused.tell(config.Room, err) }
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	hook := src.hook(&config, forget{})
	hook.Keep = func(p door.Post) error {
		err := writePost(w, p)
		if err != nil {
			stop(fmt.Errorf("%w: free the disk or choose another file", err))
		}
		return err
	}
	if err := way.Hook(hook); err != nil {
		return err
	}
	if _, err := way.Listen(ctx); err != nil {
		return err
	}
	err = way.Serve(ctx)
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		err = errors.Join(cause, err)
	}
	return err
}

// writePost writes what a shop posted and what it was answered.
func writePost(w *record.Writer, p door.Post) error {
	came := &record.Post{Shop: p.Platform, Method: p.Method, Path: p.Path, Headers: p.Headers, Body: p.Body, Plain: p.Plain}
	if err := w.WriteAt(record.Frame{Post: came}, p.At); err != nil {
		return err
	}
	told := &record.Post{Status: p.Reply.Status, Body: []byte(p.Reply.Body)}
	if p.Reply.Type != "" {
		told.Headers = map[string]string{"Content-Type": p.Reply.Type}
	}
	return w.WriteAt(record.Frame{Out: true, Post: told}, p.Answered)
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
