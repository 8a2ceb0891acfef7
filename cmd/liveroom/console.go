package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"liveroom/moderation"
	"liveroom/tui"
	"liveroom/tui/text"
)

func newConsole() *cobra.Command {
	var config string
	var screen screenFlags
	cmd := &cobra.Command{
		Use:   "console [--config FILE]",
		Short: "Watch rooms and decide",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			start := func(config string) error { return runConsole(cmd, config, screen, lang) }
			if isFirst(cmd, config) && terminalOf(cmd) == nil {
				return first(cmd, config, screen, lang, start)
			}
			return start(config)
		},
	}
	cmd.Flags().StringVar(&config, "config", "liveroom.toml", "config file")
	screen.add(cmd.Flags())
	return cmd
}

// runConsole opens the console on a config.
func runConsole(cmd *cobra.Command, config string, screen screenFlags, lang text.Lang) error {
	c, err := loadConfig(config)
	if err != nil {
		return err
	}
	keys, err := c.keymap()
	if err != nil {
		return err
	}
	replies, err := c.replies()
	if err != nil {
		return err
	}
	if err := terminalOf(cmd); err != nil {
		return err
	}
	look := screen.of(c.Screen)
	s, err := openConfigured(cmd.Context(), c, nil)
	if err != nil {
		return err
	}
	who := moderation.Actor{Name: c.Desk.Name, Role: moderation.Role(c.Desk.Role)}
	err = s.show(cmd, tui.Options{Actor: who, Lang: lang, Clock: time.Now, AnswerWithin: time.Duration(c.Desk.AnswerWithin), Keys: keys, Mouse: look.Mouse, Replies: replies})
	return errors.Join(err, s.Close())
}

// terminalOf refuses to draw where nobody can see it.
func terminalOf(cmd *cobra.Command) error {
	in, inOK := cmd.InOrStdin().(*os.File)
	out, outOK := cmd.OutOrStdout().(*os.File)
	if !inOK || !outOK || !isatty.IsTerminal(in.Fd()) || !isatty.IsTerminal(out.Fd()) {
		return errors.New("no terminal to draw on: run it in one, or use `liveroom collect` (sources without a screen) or `liveroom demo --headless`")
	}
	if term := os.Getenv("TERM"); term == "dumb" || term == "" && runtime.GOOS != "windows" {
		return fmt.Errorf("this terminal cannot place text (TERM is %q): run it in another one, or set TERM to what it is, xterm-256color for most", term)
	}
	return nil
}

// show opens the screen on the station and runs its sources beneath, until the
// person leaves. opt says for whom and how; what the station knows is put in.
func (s *station) show(cmd *cobra.Command, opt tui.Options) error {
	return s.open(cmd.Context(), func(ctx context.Context) error {
		ctx, leave := context.WithCancel(ctx)
		defer leave()
		received := make(chan error, 1)
		go func() { received <- s.receive(ctx) }()
		seat := s.desk.Seat(opt.Actor)
		updates := seat.Subscribe()
		defer updates.Close()
		opt.Desk, opt.Updates, opt.Product, opt.Rules = seat, updates, s.product(), s.rules()
		opt.In, opt.Out, opt.Temporary = cmd.InOrStdin(), cmd.OutOrStdout(), s.temporary
		opt.Memory = memoryOf(opt.Actor.Name)
		if terminal, ok := opt.Out.(*os.File); ok {
			defer guarded(terminal)()
		}
		err := tui.Run(ctx, opt)
		leave()
		// A source that could not go on was shown while the screen was open; it
		// is said again where it stays readable.
		return errors.Join(err, <-received)
	})
}
