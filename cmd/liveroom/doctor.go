package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/moderation/privacy"
	"liveroom/tui/text"
)

// doctorOptions say what is looked at, and how long.
type doctorOptions struct {
	config, format, audio string
	// timeout is the limit of each thing that is tried, wait how long a source may
	// be silent once it is connected.
	timeout, wait time.Duration
	freeMB        int64
	dial          bool // peers that may know one console only are dialled all the same
}

func newDoctor() *cobra.Command {
	var o doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor [--config FILE]",
		Short: "What of a set-up works, what does not, and how to mend it",
		Long: "Tries a set-up: the config and every file it names, the record, the disk, the signing key, the door,\n" +
			"every source (it connects, logs in where that disturbs nobody, and waits for a first message), the\n" +
			"ways out and the chat groups (it connects and sends nothing), this terminal; and it lets the speech\n" +
			"recognisers hear a short sound, or the FILE of --audio (16 kHz: WAV or raw PCM). It tells what the\n" +
			"platforms sent that no decoder here knows. Nothing is recorded, acknowledged or changed anywhere.\n" +
			"Exits with 0 when all works, 1 when something does not, 2 when it could not look.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lang, err := language(cmd)
			if err != nil {
				return err
			}
			if err := textOrJSON(o.format); err != nil {
				return err
			}
			d := newDoctorOf(cmd.OutOrStdout(), o, lang)
			if o.audio != "" {
				if d.sound, err = readSound(o.audio); err != nil {
					return err
				}
			}
			return d.run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&o.config, "config", "liveroom.toml", "config file")
	cmd.Flags().StringVar(&o.format, "format", "text", "text or jsonl")
	cmd.Flags().StringVar(&o.audio, "audio", "", "speech for the recognisers to hear: a WAV of 16 kHz, or raw 16 kHz PCM")
	cmd.Flags().DurationVar(&o.timeout, "timeout", 10*time.Second, "how long each thing that is tried may take")
	cmd.Flags().DurationVar(&o.wait, "wait", 5*time.Second, "how long a connected source may be silent")
	cmd.Flags().Int64Var(&o.freeMB, "free", 1024, "how many MB must be free beside the record")
	cmd.Flags().BoolVar(&o.dial, "dial", false, "connect to peers that may keep one console only, though one is running")
	return cmd
}

// A doctorRow is one thing that was looked at.
type doctorRow struct {
	Part  string `json:"part"` // one of doctorParts
	Level level  `json:"level"`
	What  string `json:"what"`
	Why   string `json:"why"`
	WhyEN string `json:"why_en"`
	Do    string `json:"remedy,omitzero"`
	DoEN  string `json:"remedy_en,omitzero"`
}

// doctorParts are the parts of a set-up, in the order in which they are looked at.
var doctorParts = []struct{ id, zh, en string }{
	{"config", "配置", "Config"},
	{"terminal", "终端", "Terminal"},
	{"record", "记录", "Record"},
	{"door", "入口", "Door"},
	{"source", "数据源", "Sources"},
	{"out", "出口", "Ways out"},
	{"notice", "通知", "Notices"},
	{"sound", "语音识别", "Speech"},
	{"unknown", "未识别的消息", "Messages not known"},
}

// told is what is said of something in two languages.
type told struct{ zh, en string }

func say(zh, en string, args ...any) told {
	return told{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)}
}

// quoted says the same in both: an error's words.
func quoted(err error) told {
	s := firstMistake(err)
	return told{s, s}
}

// and joins what is said with a remark behind it.
func (t told) and(more ...told) told {
	for _, m := range more {
		if m.zh != "" {
			t = told{join(t.zh, "；", m.zh), join(t.en, "; ", m.en)}
		}
	}
	return t
}

func join(a, by, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + by + b
}

func row(part string, l level, what string, why, do told) doctorRow {
	return doctorRow{part, l, what, why.zh, why.en, do.zh, do.en}
}

func fine(part, what string, why told) doctorRow { return row(part, levelOK, what, why, told{}) }

func (r *doctorRow) line(lang text.Lang) (what, do string) {
	what = r.What
	if why := in(lang, r.Why, r.WhyEN); why != "" {
		what = join(what, in(lang, "：", ": "), why)
	}
	return what, in(lang, r.Do, r.DoEN)
}

// A doctor looks at one set-up.
type doctor struct {
	opt    doctorOptions
	lang   text.Lang
	out    *bufio.Writer
	now    func() time.Time
	sound  []byte // to be heard by recognisers; nil: the built-in one
	config Config
	holder string // who writes the record now; "": nobody
	part   string // whose heading stands last
	count  map[level]int
	first  doctorRow // the first problem
	err    error     // of writing
}

func newDoctorOf(out io.Writer, o doctorOptions, lang text.Lang) *doctor {
	return &doctor{opt: o, lang: lang, out: bufio.NewWriter(out), now: time.Now, count: map[level]int{}}
}

// run looks at one part after the other, and tells of each as soon as it knows: a
// person who waits sees that something is going on.
func (d *doctor) run(ctx context.Context) error {
	ready, rows := d.readConfig()
	d.tell(rows...)
	d.tell(d.terminal()...)
	d.tell(unreadProxies()...)
	if ready {
		d.tell(d.record(ctx)...)
		d.tell(d.door(ctx)...)
		d.each(ctx, d.sources())
		d.each(ctx, d.waysOut())
		d.each(ctx, d.notices())
		d.each(ctx, d.recognisers())
		d.tell(d.unknown(ctx)...)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return d.end()
}

// each tells what all of the tasks found, which run beside each other, in their
// order.
func (d *doctor) each(ctx context.Context, tasks []func(context.Context) []doctorRow) {
	results := make([]chan []doctorRow, len(tasks))
	for i, task := range tasks {
		results[i] = make(chan []doctorRow, 1)
		go func() {
			ctx, cancel := context.WithTimeout(ctx, d.opt.timeout)
			defer cancel()
			results[i] <- task(ctx)
		}()
	}
	for _, r := range results {
		d.tell(<-r...)
	}
}

// tell prints rows. What is in them may come from a peer.
func (d *doctor) tell(rows ...doctorRow) {
	for _, r := range rows {
		d.count[r.Level]++
		if r.Level == levelProblem && d.count[levelProblem] == 1 {
			d.first = r
		}
		if d.opt.format == "jsonl" {
			d.keep(writeRows(d.out, []any{r.clean()}))
			continue
		}
		d.heading(r.Part)
		what, do := r.line(d.lang)
		d.printf("  %s %s\n", levelMarks[r.Level], shownLine(what))
		if do != "" {
			d.printf("    → %s\n", shownLine(do))
		}
	}
	if d.err == nil {
		d.keep(d.out.Flush())
	}
}

// shownLine is a text that may quote a peer, fit for a terminal and without
// personal data.
func shownLine(s string) feed.Display {
	return feed.Sanitise(privacy.Text(strings.ReplaceAll(s, "\n", " ")))
}

// clean is the row as a program may read it on.
func (r doctorRow) clean() doctorRow {
	for _, s := range []*string{&r.What, &r.Why, &r.WhyEN, &r.Do, &r.DoEN} {
		*s = shownLine(*s).String()
	}
	return r
}

func (d *doctor) heading(part string) {
	if part == d.part {
		return
	}
	d.part = part
	for _, p := range doctorParts {
		if p.id == part {
			d.printf("%s\n", in(d.lang, p.zh, p.en))
		}
	}
}

func (d *doctor) printf(format string, args ...any) { d.keep(printf(d.out, format, args...)) }

func (d *doctor) keep(err error) {
	if d.err == nil {
		d.err = err
	}
}

// end sums up what was found; the first problem is often the cause of others.
func (d *doctor) end() error {
	problems := d.count[levelProblem]
	if d.opt.format == "text" {
		switch {
		case problems == 0 && d.count[levelNote] == 0:
			d.printf("\n%s\n", in(d.lang, "全部正常。", "All of it works."))
		case problems == 0:
			d.printf("\n%s\n", in(d.lang, fmt.Sprintf("没有问题，%d 条提示。", d.count[levelNote]), fmt.Sprintf("No problem; to know: %d.", d.count[levelNote])))
		default:
			what, do := d.first.line(d.lang)
			d.printf("\n%s\n", in(d.lang, fmt.Sprintf("%d 个问题，%d 条提示。先处理第一个：", problems, d.count[levelNote]), fmt.Sprintf("Problems: %d, to know: %d. Begin with the first:", problems, d.count[levelNote])))
			d.printf("  %s %s\n", levelMarks[levelProblem], shownLine(what))
			if do != "" {
				d.printf("    → %s\n", shownLine(do))
			}
		}
	}
	d.keep(d.out.Flush())
	if d.err != nil {
		return fmt.Errorf("write what was found: %w", d.err)
	}
	if problems > 0 {
		return errFound
	}
	return nil
}

// localeName is the locale that counts for how text is written.
func localeName() string {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	return ""
}
