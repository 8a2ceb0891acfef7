package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/feed/record"
)

func newDecode() *cobra.Command {
	var room, channel, format string
	cmd := &cobra.Command{
		Use:   "decode PROTOCOL [FILE…]",
		Short: "Show what the console makes of recorded frames",
		Long: "Print one JSON event a line for the frames of FILE (or standard input): one frame a line\n" +
			"(.irc, .json, .jsonl), or {\"dir\",\"op\",\"text\"|\"b64\"} lines as `record` writes them, or for\n" +
			"webhook {\"dir\",\"op\":\"http\",\"headers\",\"body\"} lines, whose signatures are not asked for again. The\n" +
			"reason for each frame refused goes to standard error.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			protocol, err := newProtocol(SourceConfig{Protocol: args[0], URL: "ws://127.0.0.1/", Channel: channel, Format: format}, room)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(cmd.OutOrStdout())
			d := &decodeRun{
				session: protocol.NewSession(feed.Position{}), now: time.Now(),
				out: out, refusals: newRefusals(cmd.ErrOrStderr()), seen: map[[2]string]bool{},
			}
			err = d.files(cmd.InOrStdin(), args[1:])
			if ferr := out.Flush(); err == nil && ferr != nil {
				err = fmt.Errorf("write events: %w", ferr)
			}
			if err == nil && d.refused > 0 && d.read == 0 {
				return fmt.Errorf("none of the %d frames is one of %s: is it another protocol?", d.frames, args[0])
			}
			return err
		},
	}
	cmd.Flags().StringVar(&format, "format", "", "asr: whose results they are, where what they say does not tell")
	cmd.Flags().StringVar(&channel, "channel", "", "twitch: the channel, where the frames are of several")
	cmd.Flags().StringVar(&room, "room", "", "the room the frames are from, where the protocol does not say")
	return cmd
}

// decodeRun feeds frames through one session, as a connection would.
type decodeRun struct {
	session feed.Session
	now     time.Time
	out     io.Writer
	seen    map[[2]string]bool

	refusals              *refusals
	frames, read, refused int
}

func (d *decodeRun) files(in io.Reader, names []string) error {
	if len(names) == 0 {
		return d.file("standard input", in)
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("open frames: %w", err)
		}
		err = d.file(name, f)
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *decodeRun) file(name string, r io.Reader) error {
	number := 0
	for frame, err := range record.Frames(name, r) {
		if err != nil {
			return err
		}
		number++
		d.frames++
		decoded := d.session.Decode(frame, d.now)
		refused := decoded.Refused
		if decoded.Fatal != nil {
			refused = append(refused, decoded.Fatal)
		}
		for _, reason := range refused {
			d.refusals.tell(name, fmt.Errorf("frame %d: %w", number, reason))
		}
		if len(refused) > 0 {
			d.refused++
		} else {
			d.read++
		}
		if err := d.print(decoded.Events); err != nil {
			return err
		}
	}
	return nil
}

// print writes each event once: a source that sends one twice means one event.
func (d *decodeRun) print(events []feed.Event) error {
	var errs error
	for _, e := range events {
		key := [2]string{e.Source, e.ID}
		if e.ID != "" && d.seen[key] {
			continue
		}
		d.seen[key] = true
		errs = errors.Join(errs, writeJSON(d.out, e))
	}
	return errs
}
