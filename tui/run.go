package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"
)

// framesPerSecond is the renderer's limit; at 120 a key is on the screen in 5
// ms, at 60 in 12.
const framesPerSecond = 120

// Run shows the screen until the person leaves, ctx ends or the terminal goes
// away, and gives the terminal back as it was, also after a panic. Leaving is
// no error, nor is the end of ctx.
func Run(ctx context.Context, opt Options) error {
	if opt.Desk == nil || opt.Updates == nil || opt.Clock == nil {
		return errors.New("open the screen: Options need Desk, Updates and Clock")
	}
	if opt.In == nil {
		opt.In = os.Stdin
	}
	if opt.Out == nil {
		opt.Out = os.Stdout
	}
	ctx, stop := endedByTerminal(ctx)
	defer stop()
	m := New(opt)
	m.th = detectTheme(opt.Out, opt.NoColor)
	m.ctx = ctx
	err := present(ctx, m, m, opt.In, opt.Out, opt.Mouse)
	kept := m.keepLast()
	if err != nil {
		return fmt.Errorf("run the screen: %w", err)
	}
	return kept
}

// endedByTerminal is a context that also ends when the terminal says so: one that
// went away says SIGHUP.
func endedByTerminal(ctx context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}

// present shows root on a terminal until it quits or ctx ends; m is what the
// writer asks for the cursor's place.
func present(ctx context.Context, root tea.Model, m *Model, in io.Reader, w io.Writer, mouse bool) error {
	out := newScreenWriter(w, m.pace, &m.caret)
	out.glass = &m.glass
	how := []tea.ProgramOption{
		tea.WithoutSignalHandler(), tea.WithInput(in), tea.WithOutput(out.output()), tea.WithAltScreen(), tea.WithFPS(framesPerSecond),
	}
	if mouse {
		how = append(how, tea.WithMouseCellMotion())
	}
	program := tea.NewProgram(root, how...)
	// Told to quit, the framework waits for its reader before it closes what the
	// reader reads from; with a context that ends it does not.
	unwatch := context.AfterFunc(ctx, program.Quit)
	defer unwatch()
	_, err := program.Run()
	if ctx.Err() != nil || errors.Is(err, tea.ErrInterrupted) {
		return nil
	}
	return err
}
