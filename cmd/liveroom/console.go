package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"liveroom/moderation"
	"liveroom/tui"
	"liveroom/tui/text"
)

func newConsole() *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "console [--config FILE]",
		Short: "Watch rooms and decide",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			c, err := loadConfig(config)
			if err != nil {
				return err
			}
			if err := terminalOf(cmd); err != nil {
				return err
			}
			s, err := openConfigured(cmd.Context(), c)
			if err != nil {
				return err
			}
			who := moderation.Actor{Name: c.Desk.Name, Role: moderation.Role(c.Desk.Role)}
			err = s.show(cmd, who, lang, time.Now)
			return errors.Join(err, s.Close())
		},
	}
	cmd.Flags().StringVar(&config, "config", "liveroom.toml", "config file")
	return cmd
}

// terminalOf refuses to draw where nobody can see it.
func terminalOf(cmd *cobra.Command) error {
	in, inOK := cmd.InOrStdin().(*os.File)
	out, outOK := cmd.OutOrStdout().(*os.File)
	if !inOK || !outOK || !isatty.IsTerminal(in.Fd()) || !isatty.IsTerminal(out.Fd()) {
		return errors.New("no terminal to draw on: run it in one, or use `liveroom collect` (sources without a screen) or `liveroom demo --headless`")
	}
	return nil
}

// show opens the screen on the station and runs its sources beneath, until the
// person leaves.
func (s *station) show(cmd *cobra.Command, who moderation.Actor, lang text.Lang, clock func() time.Time) error {
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- s.run(ctx) }()
	updates := s.desk.Subscribe()
	defer updates.Close()
	err := tui.Run(ctx, tui.Options{
		Desk: s.desk, Updates: updates, Actor: who, Lang: lang, Clock: clock,
		In: cmd.InOrStdin(), Out: cmd.OutOrStdout(),
	})
	cancel()
	// A source that could not go on was shown while the screen was open; it is
	// said again where it stays readable.
	return errors.Join(err, <-done)
}

func newCollect() *cobra.Command {
	var config string
	var once bool
	cmd := &cobra.Command{
		Use:   "collect --config FILE",
		Short: "Record rooms without a terminal",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(config)
			if err != nil {
				return err
			}
			s, err := openConfigured(cmd.Context(), c)
			if err != nil {
				return err
			}
			return errors.Join(s.collect(cmd.Context(), once, cmd.ErrOrStderr()), s.Close())
		},
	}
	cmd.Flags().StringVar(&config, "config", "liveroom.toml", "config file")
	cmd.Flags().BoolVar(&once, "once", false, "stop when every source has closed")
	return cmd
}

// collect runs the sources and tells on w what becomes of them.
func (s *station) collect(ctx context.Context, once bool, w io.Writer) error {
	if len(s.sources) == 0 {
		return errors.New("the config names no source: add a [[room]] with a [[room.source]]")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watched := s.tell(ctx, w)
	err := s.run(ctx)
	if err == nil && !once {
		<-ctx.Done()
	}
	cancel()
	<-watched
	return err
}

// tell writes a line for each change of a source or of the record's health,
// until ctx is done.
func (s *station) tell(ctx context.Context, w io.Writer) <-chan struct{} {
	updates := s.desk.Subscribe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer updates.Close()
		healthy := true
		for {
			u, err := updates.Next(ctx)
			if err != nil {
				return
			}
			for _, src := range u.Sources {
				line := fmt.Sprintf("source %s: %s", src.Source, src.State)
				if src.Err != nil {
					line += ": " + src.Err.Error()
				}
				printError(w, errors.New(line))
			}
			if u.Health != nil && u.Health.OK != healthy {
				healthy = u.Health.OK
				printError(w, healthLine(*u.Health))
			}
		}
	}()
	return done
}

func healthLine(h moderation.Health) error {
	if h.OK {
		return errors.New("the record is being written again")
	}
	return fmt.Errorf("nothing is recorded since %s: %s; reading has stopped and goes on by itself once writing works", h.Since.Format(time.RFC3339), h.Err)
}
