package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/mattn/go-isatty"
	"github.com/muesli/termenv"

	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// The least terminal that the console draws in, and the one that shows most.
const (
	leastWidth, leastHeight = 30, 8
	bestWidth, bestHeight   = 160, 50
)

// terminal looks at what the console would draw on.
func (d *doctor) terminal() []doctorRow {
	const part = "terminal"
	var rows []doctorRow
	if name := strings.ToLower(localeName()); name != "" && !strings.Contains(name, "utf-8") && !strings.Contains(name, "utf8") && runtime.GOOS != "windows" {
		rows = append(rows, row(part, levelProblem, "locale", say("%s 不是 UTF-8：中文会变成乱码", "%s is not UTF-8: Chinese comes out as garbage", localeName()),
			say("执行 export LC_ALL=C.UTF-8（或 zh_CN.UTF-8）再启动", "run: export LC_ALL=C.UTF-8 (or en_US.UTF-8), and start again")))
	}
	kind := os.Getenv("TERM")
	if kind == "dumb" || kind == "" && runtime.GOOS != "windows" {
		return append(rows, row(part, levelProblem, "TERM", say("%q 不能定位文字，控制台画不出来", "%q cannot place text: the console cannot be drawn", kind),
			say("换一个终端，或执行 export TERM=xterm-256color", "use another terminal, or run: export TERM=xterm-256color")))
	}
	if !isatty.IsTerminal(os.Stdout.Fd()) {
		return append(rows, row(part, levelNote, "TERM", say("输出不是终端，大小和颜色看不出来（%s）", "the output is no terminal, so size and colours are not known (%s)", kind), told{}))
	}
	w, h, err := term.GetSize(os.Stdout.Fd())
	colours := map[termenv.Profile]told{
		termenv.TrueColor: say("真彩色", "all colours"), termenv.ANSI256: say("256 色", "256 colours"), termenv.ANSI: say("16 色", "16 colours"),
		termenv.Ascii: say("无颜色，用粗体、下划线和反白", "no colours: bold, underlined and reversed text"),
	}[termenv.NewOutput(os.Stdout).EnvColorProfile()]
	size := say("%s，%d×%d", "%s, %d×%d", kind, w, h).and(colours)
	switch {
	case err != nil:
		return append(rows, row(part, levelNote, kind, say("不知道终端大小：%v", "the size is not known: %v", err), told{}))
	case w < leastWidth || h < leastHeight:
		return append(rows, row(part, levelProblem, "", size.and(say("太小", "too small")), say("把窗口拉到至少 %d×%d", "make the window at least %d×%d", leastWidth, leastHeight)))
	case w < bestWidth || h < bestHeight:
		return append(rows, fine(part, "", size.and(say("%d×%d 显示得最多", "%d×%d shows most", bestWidth, bestHeight))))
	}
	return append(rows, fine(part, "", size))
}

// readConfig reads the config and what it names. ready is false when nothing more
// can be looked at.
func (d *doctor) readConfig() (ready bool, rows []doctorRow) {
	const part = "config"
	c, err := loadConfig(d.opt.config)
	d.config = c
	if err != nil {
		for _, line := range strings.Split(err.Error(), "\n") {
			rows = append(rows, row(part, levelProblem, "", told{line, line}, told{}))
		}
		do := say("改好后再运行 liveroom doctor：其余部分要等配置能读", "mend it and run liveroom doctor again: the rest waits until the config can be read")
		if _, gone := os.Stat(d.opt.config); errors.Is(gone, fs.ErrNotExist) {
			do = say("直接运行 liveroom 会一步步问着建一个，或复制 config.example.toml；--config 可指别处", "plain `liveroom` makes one by asking, or copy config.example.toml; --config names another place")
		}
		last := &rows[len(rows)-1]
		last.Do, last.DoEN = do.zh, do.en
		return false, rows
	}
	sources := 0
	for _, r := range c.Rooms {
		sources += len(r.Sources)
	}
	rows = append(rows, fine(part, d.opt.config, say("直播间 %d 个，数据源 %d 个；判定人 %s（%s）", "rooms: %d, sources: %d; %s decides (%s)", len(c.Rooms), sources, c.Desk.Name, c.Desk.Role)))
	if len(c.Rooms) == 0 {
		rows = append(rows, row(part, levelProblem, "[[room]]", say("没有直播间", "there is no room"), say("加一段 [[room]] 和 [[room.source]]，见 docs/sources.md", "add a [[room]] with a [[room.source]], see docs/sources.md")))
	}
	return true, append(rows, d.files()...)
}

// files reads every file that the config names.
func (d *doctor) files() (rows []doctorRow) {
	const part = "config"
	c := &d.config
	var ruleFiles []string
	for _, name := range c.Rules.Files {
		ruleFiles = append(ruleFiles, c.beside(name))
	}
	g, err := openGround(c.beside(c.Facts.File), ruleFiles)
	switch {
	case err != nil:
		what := "[facts] file"
		if len(ruleFiles) > 0 {
			what = "[facts] [rules]"
		}
		rows = append(rows, row(part, levelProblem, what, plainWords(err), fileRemedy(err)))
	case c.Facts.File == "":
		rows = append(rows, row(part, levelNote, "[facts] file", say("没有商品事实表，只按禁用语检查", "there is no fact sheet: only what is forbidden anyway is flagged"), say("写上表的路径（CSV、XLSX 或 TOML）", "name the sheet (CSV, XLSX or TOML)")))
	default:
		rows = append(rows, d.sheetRow(g))
	}
	if err == nil && len(ruleFiles) > 0 {
		rows = append(rows, fine(part, strings.Join(c.Rules.Files, " "), say("规则可读", "rules can be read")))
	}
	policies, err := c.policyFiles()
	if err == nil {
		_, err = policies.load()
	}
	if err != nil {
		rows = append(rows, row(part, levelProblem, "[policies]", plainWords(err), fileRemedy(err)))
	} else {
		rows = append(rows, fine(part, "[policies]", say("政策可读", "policies can be read")))
	}
	more := func(what string, err error) {
		if err != nil {
			rows = append(rows, row(part, levelProblem, what, plainWords(err), fileRemedy(err)))
		}
	}
	_, err = c.replies()
	more("[replies]", err)
	_, err = c.riskRules()
	more("[risk]", err)
	if g != nil {
		_, err = c.goods(g).load()
		more("[goods]", err)
	}
	return rows
}

// fileRemedy says what helps against a file that cannot be read.
func fileRemedy(err error) told {
	if errors.Is(err, fs.ErrNotExist) {
		return say("路径相对于配置文件：改对它，或把文件放过去", "paths are read beside the config: mend it, or put the file there")
	}
	return say("按上面的位置改好；运行中的控制台仍用上一个好的版本", "mend the place named; a console that runs goes on with the last good version")
}

func (d *doctor) sheetRow(g *ground) doctorRow {
	const part = "config"
	c := &d.config
	why := say("%d 个商品", "%d products", len(g.sheet.Load().Products))
	info, err := os.Stat(c.beside(c.Facts.File))
	if err == nil {
		old := d.now().Sub(info.ModTime())
		why = why.and(say("%s改过", "changed %s ago", ago(old)))
		if limit := time.Duration(c.Facts.StaleAfter); limit > 0 && old > limit {
			return row(part, levelNote, c.Facts.File, why, say("看看是否还对，再存一次", "see that it still holds, and save it again"))
		}
	}
	return fine(part, c.Facts.File, why)
}

// ago writes how long something is ago, in days where it is days.
func ago(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d d", int(d/(24*time.Hour)))
	case d >= time.Hour:
		return fmt.Sprintf("%d h", int(d/time.Hour))
	}
	return fmt.Sprintf("%d min", int(d/time.Minute))
}

// record looks at the record without writing it, and at the disk and key beside.
func (d *doctor) record(ctx context.Context) []doctorRow {
	const part = "record"
	c := &d.config
	db := c.beside(c.Record.File)
	rows := d.beside()
	var err error
	if d.holder, err = sqlite.Holder(db); err != nil {
		rows = append(rows, row(part, levelNote, c.Record.File, quoted(err), told{}))
	}
	info, err := os.Stat(db)
	if errors.Is(err, fs.ErrNotExist) {
		return append(rows, fine(part, c.Record.File, say("还没有，首次打开时建立", "there is none yet, it is made when first opened")))
	}
	store, err := sqlite.OpenReadOnly(ctx, db)
	if err != nil {
		return append(rows, row(part, levelProblem, c.Record.File, quoted(err), say("用写它的版本打开，或在 [record] file 里写另一个文件；原文件先留着", "open it with the version that wrote it, or name another file in [record] file; keep this one")))
	}
	defer func() { _ = store.Close() }()
	counts, err := store.Counts(ctx)
	if err != nil {
		return append(rows, row(part, levelProblem, c.Record.File, quoted(err), say("运行 liveroom verify --db %s", "run liveroom verify --db %s", c.Record.File)))
	}
	why := say("可以读，%d 个事件，%d MB，格式 %d", "can be read, %d events, %d MB, schema %d", counts.Events, info.Size()>>20, sqlite.Version())
	if d.holder != "" {
		why = why.and(say("%s 正在写", "%s is writing it", d.holder))
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return append(rows, row(part, levelProblem, c.Record.File, why.and(say("别人能读到", "others may read it")), say("执行 chmod 600 %s", "run chmod 600 %s", c.Record.File)))
	}
	rows = append(rows, fine(part, c.Record.File, why))
	newest, err := store.Events(ctx, moderation.Page{Before: 1<<63 - 1, Limit: 1})
	if err == nil && len(newest) == 1 {
		if ahead := newest[0].Recv.Sub(d.now()); ahead > clockSkew {
			rows = append(rows, row(part, levelProblem, "", say("本机时钟比记录里最后一个事件慢 %s", "this machine's clock is %s behind the last event of the record", ahead.Round(time.Second)),
				say("先校时：证据里的先后要看它", "set the clock first: evidence needs it")))
		}
	}
	return rows
}

// beside looks at the disk and the signing key as a preflight does.
func (d *doctor) beside() []doctorRow {
	p := &preflight{config: d.config, opt: preflightOptions{freeMB: d.opt.freeMB}, lang: d.lang, now: d.now}
	p.disk()
	p.key()
	var rows []doctorRow
	for _, r := range p.rows {
		do := told{}
		if r.Level == levelProblem && r.Check == "disk" {
			do = say("腾出空间或改权限；也可在 [record] file 里换一块盘", "make room or mend permissions, or name another disk in [record] file")
		}
		what := r.What
		if what == "." {
			what = "./"
		}
		rows = append(rows, row("record", r.Level, what, told{r.Why, r.WhyEN}, do))
	}
	return rows
}
