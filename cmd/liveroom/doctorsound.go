package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"liveroom/feed"
	"liveroom/feed/audio"
)

const (
	// mostSound is how long a sound may be that recognisers are let hear.
	mostSound = time.Minute
	// soundStep is how much of it is sent at a time.
	soundStep = 100 * time.Millisecond
	// heardLate is how long after its end the last of it may be recognised.
	heardLate = 5 * time.Second
	// firstSound is how long the command gets to print its first sound.
	firstSound = 8 * time.Second
)

// readSound reads speech: a WAV of 16 kHz, 16 bits, one channel, or the same without
// a header.
func readSound(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("--audio: %w", err)
	}
	if bytes.HasPrefix(b, []byte("RIFF")) {
		if b, err = wavSamples(b); err != nil {
			return nil, fmt.Errorf("--audio %s: %w: make it with ffmpeg -i %s -ar 16000 -ac 1 -c:a pcm_s16le out.wav", path, err, path)
		}
	}
	if b = b[:len(b)-len(b)%2]; len(b) == 0 {
		return nil, fmt.Errorf("--audio %s holds no sound", path)
	}
	if long := soundLength(b); long > mostSound {
		return nil, fmt.Errorf("--audio %s is %s long: %s is enough to try a recogniser", path, long.Round(time.Second), mostSound)
	}
	return b, nil
}

// wavSamples is the sound in a WAV file.
func wavSamples(b []byte) ([]byte, error) {
	if len(b) < 12 || string(b[8:12]) != "WAVE" {
		return nil, errors.New("it is no WAV file")
	}
	right := false
	for b = b[12:]; len(b) >= 8; {
		name, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:8]))
		b = b[8:]
		part := b[:min(size, int64(len(b)))]
		switch name {
		case "fmt ":
			if len(part) < 16 {
				return nil, errors.New("its header is cut off")
			}
			coding, channels := binary.LittleEndian.Uint16(part), binary.LittleEndian.Uint16(part[2:])
			rate, bits := binary.LittleEndian.Uint32(part[4:]), binary.LittleEndian.Uint16(part[14:])
			if coding != 1 || channels != 1 || rate != audio.SampleRate || bits != 16 {
				return nil, fmt.Errorf("it has %d channels of %d bits at %d Hz (coding %d), and one of 16 bits at 16000 Hz is needed", channels, bits, rate, coding)
			}
			right = true
		case "data":
			if !right {
				return nil, errors.New("its sound stands before its header")
			}
			return part, nil
		}
		b = b[min(size+size%2, int64(len(b))):]
	}
	return nil, errors.New("it holds no sound")
}

func soundLength(pcm []byte) time.Duration {
	return time.Duration(len(pcm)/2) * time.Second / audio.SampleRate
}

// vowels is a voice that says "a, i, u": pulses through three resonances each, as the
// mouth makes them. It tries a recogniser without anybody's voice in the program.
func vowels() []byte {
	const pitch = 140.0
	sounds := [][3]float64{{800, 1200, 2500}, {300, 2300, 3000}, {350, 800, 2300}}
	var out []byte
	pause := make([]byte, 2*audio.SampleRate/4)
	for _, formants := range sounds {
		var last, before [3]float64
		phase := 0.0
		n := audio.SampleRate / 2
		for i := range n {
			phase += pitch / audio.SampleRate
			pulse := 0.0
			if phase >= 1 {
				phase--
				pulse = 1
			}
			sum := 0.0
			for k, f := range formants {
				const width = 90.0
				r := math.Exp(-math.Pi * width / audio.SampleRate)
				v := pulse*(1-r) + 2*r*math.Cos(2*math.Pi*f/audio.SampleRate)*last[k] - r*r*before[k]
				before[k], last[k] = last[k], v
				sum += v / float64(k+1)
			}
			// It swells and fades, since speech does.
			sum *= math.Sin(math.Pi * float64(i) / float64(n))
			out = binary.LittleEndian.AppendUint16(out, uint16(int16(math.Max(-1, math.Min(1, sum*8))*20000)))
		}
		out = append(out, pause...)
	}
	return out
}

// A soundReader gives sound no faster than it is heard, and tells when it is over.
type soundReader struct {
	ctx  context.Context //nolint:containedctx // a Reader has no other way to be stopped
	rest []byte
	next time.Time
	mu   sync.Mutex
	over time.Time
}

func (r *soundReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		r.mu.Lock()
		r.over = time.Now()
		r.mu.Unlock()
		return 0, io.EOF
	}
	if r.next.IsZero() {
		r.next = time.Now()
	}
	select {
	case <-time.After(time.Until(r.next)):
	case <-r.ctx.Done():
		return 0, io.EOF
	}
	r.next = r.next.Add(soundStep)
	n := copy(p, r.rest[:min(len(r.rest), int(soundStep*audio.SampleRate/time.Second)*2)])
	r.rest = r.rest[n:]
	return n, nil
}

func (r *soundReader) ended() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.over
}

// recognisers are the trials of all sources that carry sound.
func (d *doctor) recognisers() []func(context.Context) []doctorRow {
	var tasks []func(context.Context) []doctorRow
	for _, r := range d.config.Rooms {
		for i, s := range r.Sources {
			if len(s.Audio) > 0 {
				t := trial{d: d, room: r.ID, name: sourceName(r.ID, i, s), cfg: s}
				tasks = append(tasks, func(ctx context.Context) []doctorRow {
					// Hearing takes as long as the sound, beyond the limit of each step.
					ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.opt.timeout+soundLength(d.heard())+2*heardLate)
					defer cancel()
					return append(t.command(ctx), t.hear(ctx)...)
				})
			}
		}
	}
	return tasks
}

// heard is the sound that recognisers are let hear.
func (d *doctor) heard() []byte {
	if d.sound == nil {
		return vowels()
	}
	return d.sound
}

// command tries the command that prints the broadcast's sound.
func (t trial) command(ctx context.Context) []doctorRow {
	name := t.cfg.Audio[0]
	path, err := exec.LookPath(name)
	if err != nil {
		return []doctorRow{row("sound", levelProblem, t.name, say("没有命令 %s", "there is no command %s", name),
			say("安装它（例如 apt install ffmpeg、brew install ffmpeg），或在 audio 里写全路径", "install it (apt install ffmpeg, brew install ffmpeg, say), or write its whole path in audio"))}
	}
	ctx, cancel := context.WithTimeout(ctx, firstSound)
	defer cancel()
	began := time.Now()
	complaints := &firstBytes{}
	cmd := exec.CommandContext(ctx, path, t.cfg.Audio[1:]...)
	cmd.Stderr, cmd.WaitDelay = complaints, time.Second
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return []doctorRow{row("sound", levelProblem, t.name, say("%s 启动不了：%v", "%s cannot be started: %v", name, err), told{})}
	}
	buf := make([]byte, int(soundStep*audio.SampleRate/time.Second)*2)
	_, err = io.ReadFull(out, buf)
	took := time.Since(began)
	cancel()
	_ = cmd.Wait()
	if err == nil {
		return []doctorRow{row("sound", levelOK, t.name, say("%s 在 %s 后出声", "%s prints sound after %s", name, brief(took)), told{})}
	}
	why := say("%s 没有出声", "%s prints no sound", name)
	if last := complaints.last(); last != "" {
		why = why.and(told{last, last})
	}
	return []doctorRow{row("sound", levelProblem, t.name, why, say("开播了吗？把 audio 里的命令单独运行一次看看", "is the broadcast on? run the command of audio by itself"))}
}

// firstBytes keeps the last of what a command complained of, without what its
// addresses may hold of secrets.
type firstBytes struct {
	mu sync.Mutex
	b  []byte
}

func (f *firstBytes) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.b = append(f.b, p...)
	if over := len(f.b) - 4096; over > 0 {
		f.b = append(f.b[:0], f.b[over:]...)
	}
	return len(p), nil
}

func (f *firstBytes) last() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	text := strings.TrimSpace(strings.ToValidUTF8(string(f.b), ""))
	line := strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
	return feed.Sanitise(audio.HideQueries(line)).Truncate(120).String()
}

// A hearing is what a recogniser made of the sound.
type hearing struct {
	mu      sync.Mutex
	live    time.Time
	first   time.Time
	last    time.Time
	final   map[string]string // by utterance
	order   []string
	partial bool // the newest is not final
	err     error
	left    time.Time // when err was told
	gone    chan struct{}
	once    sync.Once
}

// Commit implements feed.Sink.
func (h *hearing) Commit(_ context.Context, b feed.Batch) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range b.Events {
		if e.Kind != feed.KindTranscript || e.Speech == nil {
			continue
		}
		if h.first.IsZero() {
			h.first = time.Now()
		}
		h.last, h.partial = time.Now(), e.Speech.Partial
		if _, known := h.final[e.Speech.Utterance]; !known {
			h.order = append(h.order, e.Speech.Utterance)
		}
		h.final[e.Speech.Utterance] = e.Text
	}
	return nil
}

// Position implements feed.Sink.
func (h *hearing) Position(_ context.Context, source string) (feed.Position, error) {
	return feed.Position{Source: source}, nil
}

func (h *hearing) status(st feed.Status) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch st.State {
	case feed.StateLive:
		h.live = time.Now()
	case feed.StateWaiting, feed.StateFailed:
		if h.err == nil {
			h.err, h.left = st.Err, time.Now()
		}
		h.once.Do(func() { close(h.gone) })
	}
}

// hear lets the recogniser hear the sound, and tells what it made of it.
func (t trial) hear(ctx context.Context) []doctorRow {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	sound := &soundReader{ctx: ctx, rest: t.d.heard()}
	o := t.cfg.sound("liveroom-doctor")
	o.Sound = sound
	p, err := audio.New(o)
	if err != nil {
		return []doctorRow{row("sound", levelProblem, t.name, quoted(err), told{})}
	}
	h := &hearing{final: map[string]string{}, gone: make(chan struct{})}
	src, err := feed.NewSource(feed.Config{
		Source: "doctor/" + t.name, Room: t.room, ReadLimit: t.cfg.ReadLimit, AllowPlain: t.cfg.AllowInsecure, Status: h.status,
	}, p)
	if err != nil {
		return []doctorRow{row("sound", levelProblem, t.name, quoted(err), told{})}
	}
	began := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- src.Run(ctx, h) }()
	h.wait(ctx, sound)
	stop()
	if err := <-ended; err != nil && h.err == nil {
		h.err, h.left = err, time.Now()
	}
	return []doctorRow{t.understood(h, sound.ended(), began)}
}

// wait returns when all that can be expected was heard.
func (h *hearing) wait(ctx context.Context, sound *soundReader) {
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.gone:
			return
		case <-look.C:
		}
		over := sound.ended()
		h.mu.Lock()
		all := !h.last.IsZero() && h.last.After(over) && !h.partial
		h.mu.Unlock()
		if !over.IsZero() && (all || time.Since(over) > heardLate) {
			return
		}
	}
}

// understood puts into words what a recogniser heard. What it says is our own sound,
// or the file that was named.
func (t trial) understood(h *hearing, over, began time.Time) doctorRow {
	h.mu.Lock()
	defer h.mu.Unlock()
	what := t.name + " " + t.cfg.Format
	switch {
	case h.live.IsZero() && h.err != nil:
		return row("sound", levelProblem, what, t.failed(h.err), remedy(h.err))
	case h.live.IsZero():
		return row("sound", levelProblem, what, say("没有连上", "no connection").and(t.way()), silentHost)
	case over.IsZero() && h.err == nil:
		return row("sound", levelProblem, what, say("连上了，却不收声音（模型还在加载？）", "connected, but it takes no sound: is its model still loading?"), say("看识别服务的日志", "look into the recogniser's log"))
	}
	why := say("%s 连上", "connected in %s", brief(h.live.Sub(began))).and(t.way())
	var texts []string
	for _, u := range h.order {
		if s := h.final[u]; s != "" && !slices.Contains(texts, s) {
			texts = append(texts, s)
		}
	}
	heard := feed.Sanitise(strings.Join(texts, " ")).Truncate(200).String()
	switch {
	case heard != "":
		late := "0 ms"
		if h.last.After(over) && !over.IsZero() {
			late = brief(h.last.Sub(over))
		}
		return row("sound", levelOK, what, why.and(say("听到「%s」，说完后 %s", "heard “%s”, %s after it was said", heard, late)), told{})
	case h.err != nil && (over.IsZero() || h.left.Before(over)): // later it is how some end what they heard
		return row("sound", levelProblem, what, why.and(quoted(unnamed(h.err))), say("看识别服务的日志；核对 format 是不是 %s", "look into the recogniser's log; is its format %s?", t.cfg.Format))
	case t.d.sound == nil:
		return row("sound", levelNote, what, why.and(say("收下了声音，没听出字（内置的只是三个元音）", "it took the sound and made no words of it, which is three vowels of ours")),
			say("用真人讲话再试：--audio 文件.wav（16 kHz）", "try it with speech: --audio FILE.wav (16 kHz)"))
	}
	return row("sound", levelProblem, what, why.and(say("收下了声音，没听出字", "it took the sound and made no words of it")),
		say("文件里有人讲话吗？核对 format 是不是 %s；语言和模型对吗？看识别服务的日志", "is there speech in the file? is its format %s? do language and model fit? look into the recogniser's log", t.cfg.Format))
}
