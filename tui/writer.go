package tui

import (
	"bytes"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/charmbracelet/x/term"
)

// Control strings around a frame.
const (
	beginSync  = "\x1b[?2026h"
	endSync    = "\x1b[?2026l"
	showCursor = "\x1b[?25h"
	hideCursor = "\x1b[?25l"
	cursorHome = "\x1b[H"
)

// screenWriter stands between the framework and the terminal. The framework
// writes each frame with one Write that starts at home; around those it asks
// the terminal to show the frame at once, and leaves the hardware cursor where
// text is being typed, because input methods open their window there.
type screenWriter struct {
	mu    sync.Mutex
	out   io.Writer
	pace  *pace
	caret *atomic.Int64
	glass *glass // told what the terminal shows; nil: nobody asks
	buf   bytes.Buffer
	now   func() time.Time
}

func newScreenWriter(out io.Writer, p *pace, caret *atomic.Int64) *screenWriter {
	return &screenWriter{out: out, pace: p, caret: caret, now: time.Now}
}

// fileWriter lets the framework see that the output is a terminal.
type fileWriter struct {
	*screenWriter
	term.File
}

func (f fileWriter) Write(p []byte) (int, error) { return f.screenWriter.Write(p) }

// output is the writer as the framework takes it.
func (w *screenWriter) output() io.Writer {
	if f, ok := w.out.(term.File); ok {
		return fileWriter{w, f}
	}
	return w
}

// Write implements io.Writer. It reports len(p): what is added around a frame
// is not the caller's.
func (w *screenWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !bytes.HasPrefix(p, []byte(cursorHome)) || len(p) == len(cursorHome) {
		if _, err := w.out.Write(p); err != nil {
			return 0, err
		}
		return len(p), nil
	}
	w.buf.Reset()
	w.buf.WriteString(beginSync + hideCursor)
	squeeze(&w.buf, p)
	if c := w.caret.Load(); c != 0 {
		w.buf.WriteString("\x1b[" + strconv.FormatInt(c>>32, 10) + ";" + strconv.FormatInt(c&0xffffffff, 10) + "H" + showCursor)
	}
	w.buf.WriteString(endSync)
	start, frame := w.now(), w.glass.latest()
	_, err := w.out.Write(w.buf.Bytes())
	end := w.now()
	w.pace.wrote(end.Sub(start))
	w.glass.wrote(frame, end)
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// pace senses how fast the terminal takes frames and says how long the feed
// should wait before its next one. Keys are never made to wait: a frame is drawn
// for each of them at once.
type pace struct {
	slow atomic.Int64 // nanoseconds a frame takes, decaying
}

const (
	// A feed frame may keep the line busy for a tenth of the time, so that the
	// answer to a key finds it free.
	idleShare = 10
	// slowest is the longest wait of the feed however slow the line is.
	slowest = 2 * time.Second
)

// wrote takes in how long a frame took. A slow one counts at once; fast ones
// win trust back slowly, or a full buffer and an empty one would take turns.
func (p *pace) wrote(d time.Duration) {
	p.slow.Store(max(int64(d), p.slow.Load()*9/10))
}

// wait is how long the feed waits for its next update.
func (p *pace) wait() time.Duration {
	return min(max(feedEvery, time.Duration(p.slow.Load())*idleShare), slowest)
}
