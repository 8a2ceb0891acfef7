package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/record"
	"liveroom/feed/webhook"
)

// A teller is a flag that says of recorded frames what does not stand in them.
type teller struct {
	name      string
	protocols []string // that it tells of
	what      string
	names     []string // of the variants; nil: any word
}

// tellers are the flags of decode. Of the rest the frames tell.
var tellers = []teller{
	{"format", []string{"asr"}, "whose results they are, where what they say does not tell", asr.Formats},
	{"shop", []string{"webhook"}, "whose posts they are, where neither body nor headers tell", webhook.Names()},
	{"topic", []string{"webhook"}, "of a Shopify shop's posts without their headers: what happened, like orders/paid", nil},
	{"channel", byTwitch, "the channel, where the frames are of several", nil},
}

func newDecode() *cobra.Command {
	var room string
	told := make(map[string]*string, len(tellers))
	cmd := &cobra.Command{
		Use:   "decode PROTOCOL [FILE…]",
		Short: "Show what the console makes of recorded frames",
		Long: "Print one JSON event a line for the frames of FILE (or standard input): one frame a line\n" +
			"(.irc, .json, .jsonl), or {\"dir\",\"op\",\"text\"|\"b64\"} lines as `record` writes them, a shop's posts as\n" +
			"{\"dir\",\"op\":\"http\",\"headers\",\"body\"} lines, whose signatures are not asked for again. What tells no time\n" +
			"came when it was recorded. The reason for each frame refused goes to standard error. PROTOCOL is one of\n" +
			strings.Join(protocolNames(), ", ") + ".",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			protocol, err := toldProtocol(args[0], room, told)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(cmd.OutOrStdout())
			d := &decodeRun{
				protocol: protocol, sessions: map[int]feed.Session{}, now: time.Now(),
				out: out, refusals: newRefusals(cmd.ErrOrStderr()), seen: map[[2]string]bool{},
			}
			err = d.files(cmd.InOrStdin(), args[1:])
			if ferr := out.Flush(); err == nil && ferr != nil {
				err = fmt.Errorf("write events: %w", ferr)
			}
			if err == nil && d.refused > 0 && d.read == 0 {
				return fmt.Errorf("none of the %d frames is one of %s: is it another protocol%s?", d.frames, args[0], variantsOf(args[0]))
			}
			return err
		},
	}
	for _, f := range tellers {
		usage := strings.Join(f.protocols, ", ") + ": " + f.what
		if f.names != nil {
			usage += " (" + strings.Join(f.names, ", ") + ")"
		}
		told[f.name] = cmd.Flags().String(f.name, "", usage)
	}
	cmd.Flags().StringVar(&room, "room", "", "the room the frames are from, where the protocol does not say")
	return cmd
}

// toldProtocol makes the decoder of what the flags tell.
func toldProtocol(name, room string, told map[string]*string) (feed.Protocol, error) {
	if err := knownProtocol(name); err != nil {
		return nil, err
	}
	for _, f := range tellers {
		if *told[f.name] != "" && !slices.Contains(f.protocols, name) {
			return nil, fmt.Errorf("--%s tells of %s and not of %s: take it away", f.name, strings.Join(f.protocols, " and "), name)
		}
	}
	if name == "webhook" {
		return webhook.New(webhook.Options{Shop: *told["shop"], Topic: *told["topic"]})
	}
	return newProtocol(SourceConfig{Protocol: name, URL: "ws://127.0.0.1/", Channel: *told["channel"], Format: *told["format"]}, room)
}

// variantsOf says by which flag, and by which names, a variant can be told.
func variantsOf(protocol string) string {
	for _, f := range tellers {
		if f.names != nil && slices.Contains(f.protocols, protocol) {
			return fmt.Sprintf(", or one to be named by --%s (%s)", f.name, strings.Join(f.names, ", "))
		}
	}
	return ""
}

// decodeRun feeds frames through sessions, one for each connection, as they came.
type decodeRun struct {
	protocol feed.Protocol
	sessions map[int]feed.Session // of a connection, and of those beside it
	now      time.Time
	out      io.Writer
	seen     map[[2]string]bool

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

// session is that of a connection. The one before may still be read when the newest is:
// a peer may ask to be read elsewhere, and goes on until that is so.
func (d *decodeRun) session(conn int) feed.Session {
	if d.sessions[conn] == nil {
		d.sessions[conn] = d.protocol.NewSession(feed.Position{})
		maps.DeleteFunc(d.sessions, func(old int, _ feed.Session) bool { return old < conn-1 || old > conn+1 })
	}
	return d.sessions[conn]
}

func (d *decodeRun) file(name string, r io.Reader) error {
	number := 0
	for frame, err := range record.Frames(name, r) {
		if err != nil {
			return err
		}
		session := d.session(frame.Conn)
		if frame.Sound {
			if s, ok := session.(interface{ Began(time.Time) }); ok {
				s.Began(frame.At)
			}
			continue
		}
		number++
		d.frames++
		recv := d.now
		if !frame.At.IsZero() { // as it came then, so it is shown
			recv = frame.At
		}
		decoded := session.Decode(frame.Frame, recv)
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
		for i := range decoded.Events {
			if e := &decoded.Events[i]; e.At.IsZero() {
				e.At = frame.At
			}
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
