package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"liveroom/moderation"
)

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
			w := cmd.ErrOrStderr()
			s, err := openConfigured(cmd.Context(), c, newRefusals(w).tell)
			if err != nil {
				return err
			}
			if c.Record.KeepDays > 0 {
				err = retain(cmd.Context(), io.Discard, s.desk, retention, c.Record.KeepDays, fmt.Sprintf("[record] keep_days = %d", c.Record.KeepDays))
			}
			if err == nil {
				err = s.collect(cmd.Context(), once, w)
			}
			return errors.Join(err, s.Close())
		},
	}
	cmd.Flags().StringVar(&config, "config", "liveroom.toml", "config file")
	cmd.Flags().BoolVar(&once, "once", false, "stop when every source has closed")
	return cmd
}

// collect runs the sources and tells on w what becomes of them.
func (s *station) collect(ctx context.Context, once bool, w io.Writer) error {
	if once && s.door != nil {
		return errors.New("--once ends when every source has closed, and what comes by the door never does: leave it out, or take [door] listen out of the config")
	}
	if len(s.sources) == 0 && s.door == nil {
		return errors.New("the config names no source: add a [[room]] with a [[room.source]]")
	}
	return s.open(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		watched := s.tell(ctx, w)
		defer tellLeaving(ctx, w)()
		err := s.receive(ctx)
		if err == nil && !once {
			<-ctx.Done()
		}
		cancel()
		<-watched
		return err
	})
}

// leavingSoon is how long leaving may take before it is told of.
const leavingSoon = 2 * time.Second

// tellLeaving says on w that leaving takes its time, until it is called off.
func tellLeaving(ctx context.Context, w io.Writer) (off func()) {
	left, off := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		select {
		case <-time.After(leavingSoon):
			printError(w, errors.New("leaving: what was received is being recorded; once more leaves at once"))
		case <-left.Done():
		}
	})
	return off
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
		last := map[string]string{} // what was said of each source: a hook tells of itself at every post
		var warned []moderation.Warning
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
				if last[src.Source] != line {
					printError(w, errors.New(line))
					last[src.Source] = line
				}
			}
			if u.Health != nil && u.Health.OK != healthy {
				healthy = u.Health.OK
				printError(w, healthLine(*u.Health))
			}
			if u.Health != nil && !slices.Equal(u.Health.Warnings, warned) {
				for _, now := range u.Health.Warnings {
					if !slices.Contains(warned, now) {
						printError(w, warningLine(now))
					}
				}
				warned = u.Health.Warnings
			}
		}
	}()
	return done
}

func warningLine(w moderation.Warning) error {
	switch w.Topic {
	case "checker":
		return fmt.Errorf("a sentence was not checked, listen to it: %s", w.Text)
	case "checkpoint":
		return fmt.Errorf("the ledger is not being signed: %s", w.Text)
	case "notice":
		return fmt.Errorf("a chat group was not told of clocks: %s", w.Text)
	case "clock":
		return fmt.Errorf("the clock of this machine jumped: %s", w.Text)
	case "sheet_age":
		return fmt.Errorf("the fact sheet was not changed for long, see that it still holds: %s", w.Text)
	case moderation.TopicStore:
		return fmt.Errorf("the record is written slowly, a commit takes %s: see what else uses the disk", w.Text)
	case "rule":
		return fmt.Errorf("a rule's condition cannot be evaluated and it does not fire: %s", w.Text)
	}
	return fmt.Errorf("the last good version still counts: %s", w.Text)
}

func healthLine(h moderation.Health) error {
	if h.OK {
		return errors.New("the record is being written again")
	}
	return fmt.Errorf("nothing is recorded since %s: %s; reading has stopped and goes on by itself once writing works", h.Since.Format(time.RFC3339), h.Err)
}

// refusalsTold is how many reasons of one source are printed: a peer that sends
// only what cannot be read must not fill a disk with our complaints about it.
const refusalsTold = 20

// refusals tells why messages could not be read. tell is safe for concurrent use.
type refusals struct {
	w    io.Writer
	mu   sync.Mutex
	told map[string]int
}

func newRefusals(w io.Writer) *refusals { return &refusals{w: w, told: map[string]int{}} }

func (r *refusals) tell(source string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told[source]++
	switch n := r.told[source]; {
	case n <= refusalsTold:
		printError(r.w, fmt.Errorf("%s: refused: %w", source, err))
	case n == refusalsTold+1:
		printError(r.w, fmt.Errorf("%s: more is refused and not told from here on", source))
	}
}
