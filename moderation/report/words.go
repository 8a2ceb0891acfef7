package report

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/BurntSushi/toml"

	"liveroom/moderation/agreement"
	"liveroom/moderation/backtest"
	"liveroom/moderation/policy"
)

//go:embed zh.toml en.toml
var catalogueFiles embed.FS

// A Lang is a language of the report.
type Lang string

// The languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Langs lists every language there is.
var Langs = []Lang{ZH, EN}

var catalogues = loadCatalogues()

func loadCatalogues() map[Lang]map[string]string {
	all := map[Lang]map[string]string{}
	for _, l := range Langs {
		var sections map[string]map[string]string
		if _, err := toml.DecodeFS(catalogueFiles, string(l)+".toml", &sections); err != nil {
			panic(fmt.Sprintf("the report's words of %q cannot be read: %v", l, err))
		}
		all[l] = map[string]string{}
		for section, entries := range sections {
			for key, word := range entries {
				all[l][section+"."+key] = word
			}
		}
	}
	return all
}

// A speaker writes what a report says in one language and one time zone.
type speaker struct {
	lang  Lang
	words map[string]string
	zone  *time.Location
}

// speak is the speaker of a language; any other than English is Chinese.
func speak(l Lang, zone *time.Location) speaker {
	if l != EN {
		l = ZH
	}
	return speaker{l, catalogues[l], zone}
}

// T gives the words of a key, with args put in as fmt.Sprintf does. Of one that is
// missing, its last part: sources tell kinds that no catalogue knows.
func (s speaker) T(key string, args ...any) string {
	word, ok := s.words[key]
	if !ok {
		return show(wordKey(key))
	}
	if len(args) == 0 {
		return word
	}
	return fmt.Sprintf(word, args...)
}

func keys(l Lang) []string { return slices.Sorted(maps.Keys(catalogues[l])) }

// either is the one of two texts that is in the language.
func (s speaker) either(zh, en string) string {
	if s.lang == EN && en != "" {
		return en
	}
	return zh
}

// The layouts of times: whole, of a day that is told elsewhere, and of the minute.
const (
	layoutTime  = "2006-01-02 15:04:05"
	layoutShort = "01-02 15:04:05"
	layoutClock = "15:04:05"
)

func (s speaker) at(t time.Time, layout string) string { return t.In(s.zone).Format(layout) }

// span writes how long something took, in its two largest units.
func (s speaker) span(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	sec := int64(d.Round(time.Second) / time.Second)
	switch {
	case d < 10*time.Second:
		return sign + s.T("span.tenths", float64(d.Round(100*time.Millisecond))/float64(time.Second))
	case sec < 60:
		return sign + s.T("span.seconds", sec)
	case sec < 3600:
		return sign + s.T("span.minutes", sec/60, sec%60)
	case sec < 24*3600:
		return sign + s.T("span.hours", sec/3600, sec/60%60)
	}
	return sign + s.T("span.days", sec/86400, sec/3600%24)
}

// step writes a round span in one unit.
func (s speaker) step(d time.Duration) string {
	for _, u := range []struct {
		unit time.Duration
		key  string
	}{{24 * time.Hour, "span.step_days"}, {time.Hour, "span.step_hours"}, {time.Minute, "span.step_minutes"}} {
		if d%u.unit == 0 {
			return s.T(u.key, int64(d/u.unit))
		}
	}
	return s.T("span.seconds", int64(d/time.Second))
}

// grouped writes a count with commas.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// rate writes a share with its interval, or that it is of too few to say.
func (s speaker) rate(r backtest.Share) string {
	switch {
	case r.N == 0:
		return s.T("rate.none")
	case !r.Known():
		return s.T("rate.few", r.K, r.N)
	}
	low, high := r.Interval()
	return s.T("rate.share", r.Percent(), low, high, r.K, r.N)
}

// cell writes a cell for people. The result is as untrusted as the cell.
func (s speaker) cell(c Cell) string {
	switch c := c.(type) {
	case Text:
		return string(c)
	case Word:
		return s.T(string(c))
	case Both:
		return s.either(c.ZH, c.EN)
	case Count:
		return grouped(int64(c))
	case Fen:
		return policy.Money(int64(c))
	case Moment:
		return s.at(time.Time(c), layoutTime)
	case Span:
		return s.span(time.Duration(c))
	case Rate:
		return s.rate(backtest.Share(c))
	case Kappa:
		figure, note := s.kappa(agreement.Figure(c))
		return s.T("kappa.with", figure, note)
	}
	return ""
}
