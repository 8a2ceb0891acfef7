package surge_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/moderation/surge"
)

// The platform that is listened to runs in a process of its own, so that its
// processor time is told apart, and sends frames that were written beforehand: only
// the numbers in them change.

// asSender makes the test's program that other process; it says what to send.
const asSender = "LIVEROOM_INTAKE_SENDER"

func TestMain(m *testing.M) {
	if order := os.Getenv(asSender); order != "" {
		if err := serveCrowd(order, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		return
	}
	os.Exit(m.Run())
}

// A crowd is what a sender is asked for.
type crowd struct {
	rooms int
	rate  int // events a second in all; 0: as fast as they are read
	last  time.Duration
}

func (c crowd) String() string { return fmt.Sprintf("%d %d %d", c.rooms, c.rate, c.last) }

// written is how many different frames there are; what is sent differs more, by
// who says it.
const written = 8192

// Numbers in a frame written beforehand, each as long as what takes its place.
const (
	anyNumber = 1_111_111_111
	anyViewer = 7_777_777
	firstSent = 2_000_000_000
	firstUser = 1_000_000
)

var anyTime = time.Date(2026, 11, 11, 12, 34, 56, 123456789, time.UTC)

// A frame is one websocket message with the places of its numbers.
type frame struct {
	wire                    []byte
	numbers, viewers, times []int
}

func newFrame(e feed.Event) (frame, error) {
	b, err := cloudevent.Encode(e)
	if err != nil {
		return frame{}, err
	}
	f := frame{wire: append([]byte{0x81, byte(len(b))}, b...)}
	if len(b) > 125 {
		f.wire = append(binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(len(b))), b...)
	}
	f.numbers = places(f.wire, strconv.Itoa(anyNumber))
	f.viewers = places(f.wire, strconv.Itoa(anyViewer))
	f.times = places(f.wire, anyTime.Format(time.RFC3339Nano))
	return f, nil
}

func places(in []byte, what string) (at []int) {
	for from := 0; ; {
		i := bytes.Index(in[from:], []byte(what))
		if i < 0 {
			return at
		}
		at = append(at, from+i)
		from += i + len(what)
	}
}

// appendTo appends the frame with its numbers.
func (f *frame) appendTo(b []byte, n, viewer int64, at string) []byte {
	start := len(b)
	b = append(b, f.wire...)
	for _, i := range f.numbers {
		strconv.AppendInt(b[start+i:start+i], n, 10)
	}
	for _, i := range f.viewers {
		strconv.AppendInt(b[start+i:start+i], viewer, 10)
	}
	for _, i := range f.times {
		copy(b[start+i:], at)
	}
	return b
}

// seldom tells which events hold the word that is searched for.
func seldom(n int64) bool { return n%10_007 == 11 }

// A room's frames, of which the first two stand for themselves.
type frames struct{ opening, seldom, others []frame }

func framesOf(room string) (frames, error) {
	var all frames
	for i := range int64(written + 2) {
		e := surge.Crowd(room, i, anyNumber, anyViewer, anyTime)
		into := &all.others
		switch i {
		case written:
			e, into = surge.Opening(room, anyNumber, anyTime), &all.opening
		case written + 1:
			e, into = surge.Crowd(room, 0, anyNumber, anyViewer, anyTime), &all.seldom
			e.Kind, e.Text = feed.KindChat, surge.Seldom+"服什么时候上"
		}
		f, err := newFrame(e)
		if err != nil {
			return all, err
		}
		*into = append(*into, f)
	}
	return all, nil
}

// serveCrowd is the sender: it tells where it listens, sends once every room is
// dialled, and tells how many events it sent in which processor time.
func serveCrowd(order string, out io.Writer) error {
	var c crowd
	if _, err := fmt.Sscan(order, &c.rooms, &c.rate, &c.last); err != nil {
		return err
	}
	prepared := make(map[string]frames)
	for i := range c.rooms {
		var err error
		if prepared[roomName(i)], err = framesOf(roomName(i)); err != nil {
			return err
		}
	}
	var dialled, done sync.WaitGroup
	dialled.Add(c.rooms)
	done.Add(c.rooms)
	var mu sync.Mutex
	var sent int64
	up := websocket.Upgrader{Subprotocols: []string{cloudevent.Subprotocol}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		// The library's own answer sets a deadline for all that is written by then.
		conn.SetPingHandler(func(said string) error {
			_, err := conn.NetConn().Write(append([]byte{0x8a, byte(len(said))}, said...))
			return err
		})
		left := make(chan struct{})
		go func() { // pings are answered by reading
			defer close(left)
			for {
				if _, _, err := conn.NextReader(); err != nil {
					return
				}
			}
		}()
		dialled.Done()
		dialled.Wait()
		n := say(conn.NetConn(), prepared[path.Base(r.URL.Path)], crowd{1, c.rate / c.rooms, c.last})
		mu.Lock()
		sent += n
		mu.Unlock()
		<-left
		done.Done()
	}))
	defer server.Close()
	fmt.Fprintln(out, strings.Replace(server.URL, "http", "ws", 1))
	done.Wait()
	user, system := processorTime()
	fmt.Fprintln(out, sent, int64(user+system))
	return nil
}

func roomName(i int) string { return fmt.Sprint("room", i) }

// say sends to one connection, and returns how many events it sent.
func say(conn net.Conn, all frames, c crowd) int64 {
	_ = conn.(*net.TCPConn).SetWriteBuffer(1 << 18)
	random := rand.New(rand.NewPCG(3, 5))
	began := time.Now()
	b := make([]byte, 0, 1<<16)
	n := int64(0)
	for time.Since(began) < c.last {
		now := time.Now()
		due := n + 64
		if c.rate > 0 {
			due = int64(time.Since(began).Seconds() * float64(c.rate))
		}
		at := now.UTC().Format("2006-01-02T15:04:05.000000000Z")
		for b = b[:0]; n < due && len(b) < 1<<15; n++ {
			f := &all.others[n%written]
			switch {
			case n == 0:
				f = &all.opening[0]
			case seldom(n):
				f = &all.seldom[0]
			}
			r := random.Float64()
			b = f.appendTo(b, firstSent+n, firstUser+int64(r*r*r*surge.CrowdViewers), at)
		}
		if _, err := conn.Write(b); err != nil {
			return n
		}
		if c.rate > 0 {
			time.Sleep(time.Millisecond)
		}
	}
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, feed.CloseEnded)
	_, _ = conn.Write(append([]byte{0x88, byte(len(bye))}, bye...))
	return n
}

// A sender is that process.
type sender struct {
	url string
	cmd *exec.Cmd
	out *bufio.Reader
}

func startSender(tb testing.TB, c crowd) *sender {
	tb.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asSender+"="+c.String())
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		tb.Fatal(err)
	}
	s := &sender{cmd: cmd, out: bufio.NewReader(pipe)}
	if s.url, err = s.out.ReadString('\n'); err != nil {
		tb.Fatal(err)
	}
	s.url = strings.TrimSpace(s.url)
	tb.Cleanup(func() { _ = cmd.Process.Kill() })
	return s
}

// end waits for the sender and tells what it came to.
func (s *sender) end(tb testing.TB) (sent int64, busy time.Duration) {
	tb.Helper()
	line, err := s.out.ReadString('\n')
	if err == nil {
		_, err = fmt.Sscan(line, &sent, &busy)
	}
	if err == nil {
		err = s.cmd.Wait()
	}
	if err != nil {
		tb.Fatalf("the sender: %v", err)
	}
	return sent, busy
}
