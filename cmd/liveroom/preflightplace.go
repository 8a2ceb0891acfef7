package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"liveroom/claims"
	"liveroom/claims/script"
	"liveroom/moderation"
	"liveroom/moderation/notary"
	"liveroom/moderation/sqlite"
	"liveroom/tui/text"
)

// scripts checks what is going to be said.
func (p *preflight) scripts() {
	if p.ground == nil {
		return
	}
	for _, r := range p.config.Rooms {
		for _, name := range r.Scripts {
			found := 0
			_, err := checkFiles(nil, []string{p.config.beside(name)}, checking{Checker: p.ground.checker()}, "", func(_ string, l script.Line, f claims.Finding) error {
				if f.Aside != "" {
					return nil
				}
				found++
				p.rows = append(p.rows, preflightRow{
					"script", levelProblem, r.ID, fmt.Sprintf("%s:%d", name, l.Number), said(text.ZH, l, f), said(text.EN, l, f),
				})
				return nil
			})
			switch {
			case err != nil:
				p.failed("script", r.ID, name, err)
			case found == 0:
				p.add("script", levelOK, r.ID, name, "没有发现问题", "nothing found")
			}
		}
	}
}

// said is a finding in one line: what it is, the words, and why.
func said(lang text.Lang, _ script.Line, f claims.Finding) string {
	return fmt.Sprintf("%s %s %q: %s", categoryIn(text.For(lang), f), f.SKU, f.Said, reasonIn(lang, f))
}

// disk looks whether the record has room and may be written.
func (p *preflight) disk() {
	db := p.config.beside(p.config.Record.File)
	dir := filepath.Dir(db)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		p.add("disk", levelProblem, "", dir, "文件夹不存在，请先建立", "the folder does not exist: make it first")
		return
	}
	if f, err := os.CreateTemp(dir, ".liveroom-preflight-*"); err != nil {
		p.add("disk", levelProblem, "", dir, "不能写入：%v", "cannot be written: %v", err)
	} else {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
	if f, err := os.OpenFile(db, os.O_RDWR, 0); err == nil {
		_ = f.Close()
	} else if !errors.Is(err, os.ErrNotExist) {
		p.add("disk", levelProblem, "", db, "记录文件不能写入：%v", "the record cannot be written: %v", err)
	}
	free, err := freeBytes(dir)
	mb := int64(free >> 20)
	switch {
	case err != nil:
		p.add("disk", levelNote, "", dir, "不知道剩余空间：%v", "free space is not known: %v", err)
	case mb < p.opt.freeMB:
		p.add("disk", levelProblem, "", dir, "只剩 %d MB，至少要 %d MB", "%d MB are free, at least %d are wanted", mb, p.opt.freeMB)
	default:
		p.add("disk", levelOK, "", dir, "剩余 %d MB，可以写入", "%d MB are free and can be written", mb)
	}
}

// record looks whether the record is this program's, and whether this machine's
// clock is behind what it holds.
func (p *preflight) record(ctx context.Context) {
	name := p.config.Record.File
	db := p.config.beside(name)
	if _, err := os.Stat(db); errors.Is(err, os.ErrNotExist) {
		p.add("record", levelOK, "", name, "还没有，首次打开时建立", "there is none yet, it is made when first opened")
		return
	}
	store, err := sqlite.OpenReadOnly(ctx, db)
	if err != nil {
		p.failed("record", "", name, err)
		return
	}
	defer store.Close()
	counts, err := store.Counts(ctx)
	if err != nil {
		p.failed("record", "", name, err)
		return
	}
	p.add("record", levelOK, "", name, "可以读，有 %d 个事件", "can be read, %d events", counts.Events)
	newest, err := store.Events(ctx, moderation.Page{Before: 1<<63 - 1, Limit: 1})
	if err == nil && len(newest) == 1 {
		if ahead := newest[0].Recv.Sub(p.now()); ahead > clockSkew {
			p.add("clock", levelProblem, "", "now", "本机时钟比记录里最后一个事件慢 %s，请先校时", "this machine's clock is %s behind the last event of the record: set it first", ahead.Round(time.Second))
		}
	}
}

// key looks at the key that signs the ledger, and makes none.
func (p *preflight) key() {
	c := &p.config
	name := firstSet(c.beside(c.Ledger.Key), keyBeside(c.beside(c.Record.File)))
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		p.add("key", levelNote, "", name, "还没有签名密钥，首次打开时生成；把 .pub 另存一份", "there is no signing key yet, it is made when first opened; keep a copy of its .pub elsewhere")
		return
	case err != nil:
		p.failed("key", "", name, err)
		return
	case info.Mode().Perm()&0o077 != 0:
		p.add("key", levelProblem, "", name, "别人能读到签名密钥：执行 chmod 600 %[1]s", "others may read the signing key: run chmod 600 %[1]s", name)
		return
	}
	if _, _, err := notary.OpenKey(name); err != nil {
		p.failed("key", "", name, err)
		return
	}
	p.add("key", levelOK, "", name, "可以签名", "can sign")
}
