package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// px is a length in the chart's units.
type px float64

func (p px) String() string { return strconv.FormatFloat(float64(p), 'f', 1, 64) }

// The chart's measures, in its own units: it is as wide as its place on the page.
const (
	chartWidth  = 1080
	plotLeft    = 96
	plotRight   = chartWidth - 24
	bandHeight  = 26
	markRow     = 17
	markWidth   = 13
	maxMarkRows = 8
	laneHeight  = 46
	laneGap     = 12
	axisHeight  = 22
	labelCell   = 6.4 // how wide a cell of text is, at most
	maxTicks    = 10
)

// A chart is a picture laid out, in numbers and words fit for a page.
type chart struct {
	Width, Height px
	Left, Right   px
	Bottom        px // where the axis is
	Alt           string
	Bands         []chartBand
	BandLabel     string
	BandY         px
	Gaps          []chartGap
	Marks         []chartMark
	MarkLabel     string
	MarkY         px
	Told          []chartMark
	Bars          []chartBand
	Lanes         []chartLane
	Ticks         []chartTick
}

type chartBand struct {
	X, Y, W, H px
	Label      string
	Title      string
	Odd        bool
}

type chartGap struct {
	X, Y, W, H px
	Title      string
}

type chartMark struct {
	X, Y   px
	Shape  string // path around X, Y
	Status string
	Flag   int64
	Title  string
}

type chartLane struct {
	Name, Label, Peak  string
	TextY, PeakY, Base px
	Path, Dark         string // the bars, and the part of them that is urgent
}

type chartTick struct {
	X, TextY px
	Label    string
}

// Inside is where the text of a band begins.
func (c chart) Inside(x px) px { return x + 5 }

// A plot lays times out between two ends.
type plot struct {
	from time.Time
	span time.Duration
}

func (p plot) x(t time.Time) px {
	share := float64(t.Sub(p.from)) / float64(p.span)
	return px(plotLeft + min(max(share, 0), 1)*(plotRight-plotLeft))
}

// airChart draws the broadcast.
func (r *Report) airChart(s speaker) chart {
	p := plot{r.Period.From, max(r.Period.End.Sub(r.Period.From), time.Second)}
	c := chart{Width: chartWidth, Left: plotLeft, Right: plotRight, BandLabel: s.T("chart.products"), MarkLabel: s.T("chart.flags")}
	y := px(8)
	c.BandY = y + bandHeight/2 + 4
	for i, t := range r.Turns {
		x, to := p.x(t.From), p.x(t.To)
		title := feed.Sanitise(firstOf(r.title(t.SKU), t.SKU))
		c.Bands = append(c.Bands, chartBand{
			X: x, Y: y, W: max(to-x-1, 1), H: bandHeight, Odd: i%2 == 1,
			Label: fit(title, to-x-10), Title: fmt.Sprintf("%s  %s–%s", title, s.at(t.From, layoutClock), s.at(t.To, layoutClock)),
		})
	}
	y += bandHeight + 12
	c.MarkY = y + markRow/2 + 4
	y = c.placeMarks(r, s, p, y)
	for _, l := range []struct {
		name   string
		counts []int64
	}{{"chat", r.Rates.Chat}, {"orders", r.Rates.Orders}, {"complaints", r.Rates.Complaints}} {
		y = c.lane(s, l.name, r.Rates.Step, l.counts, nil, p.span, y+laneGap)
	}
	for _, g := range r.Gaps {
		from, to := p.x(g.From), p.x(g.To)
		if g.To.IsZero() || !g.From.IsZero() && g.From.After(r.Period.End) {
			continue
		}
		title := fmt.Sprintf("%s %s–%s  %s", s.T("chart.gap"), s.at(g.From, layoutClock), s.at(g.To, layoutClock), feed.Sanitise(g.Reason))
		c.Gaps = append(c.Gaps, chartGap{X: from, Y: 4, W: max(to-from, 2), H: y - 4, Title: title})
	}
	c.axis(s, p, y)
	c.Alt = s.T("chart.alt", s.at(r.Period.From, layoutTime), s.at(r.Period.End, layoutTime), len(r.Turns), len(r.Flags), len(r.Gaps))
	return c
}

// afterChart draws what came after the broadcast.
func (r *Report) afterChart(s speaker) chart {
	span := r.After.Step * time.Duration(len(r.After.Orders))
	p := plot{r.After.From, max(span, time.Second)}
	c := chart{Width: chartWidth, Left: plotLeft, Right: plotRight}
	y := c.lane(s, "complaints", r.After.Step, r.After.Complaints, r.After.Urgent, p.span, laneGap)
	y = c.lane(s, "refunds", r.After.Step, r.After.Refunds, nil, p.span, y+laneGap)
	c.axis(s, p, y)
	c.Alt = s.T("chart.alt_after", s.at(p.from, layoutTime), s.at(p.from.Add(span), layoutTime))
	return c
}

// fit cuts a label to what a width holds; what holds less than a word gets none.
func fit(d feed.Display, width px) string {
	cells := int(float64(width) / labelCell)
	if cells < 3 {
		return ""
	}
	return d.Truncate(cells).String()
}

// placeMarks draws each flag where it was said, in a row of its own where it
// would lie on another, with a bar as long as a confirmed claim stood.
func (c *chart) placeMarks(r *Report, s speaker, p plot, y px) px {
	var ends []px // of each row, how far it is taken
	for i := range r.Flags {
		f := &r.Flags[i]
		x := p.x(f.At)
		end := x + markWidth
		if f.Reach.Flag != 0 {
			end = max(end, p.x(r.stood(f))+markWidth/2)
		}
		row := slices.IndexFunc(ends, func(taken px) bool { return taken <= x-1 })
		if row < 0 {
			if row = len(ends); row == maxMarkRows {
				row = i % maxMarkRows
			} else {
				ends = append(ends, 0)
			}
		}
		ends[row] = max(ends[row], end)
		at := y + px(row)*markRow + markRow/2
		said := feed.Sanitise(firstOf(f.Finding.Said, f.Before)).Truncate(40)
		title := fmt.Sprintf("%s  %s  %s", s.at(f.At, layoutClock), s.T("status."+string(f.Status)), said)
		if f.Reach.Flag != 0 {
			to := p.x(r.stood(f))
			c.Bars = append(c.Bars, chartBand{
				X: x, Y: at - 2, W: max(to-x, 1), H: 4,
				Title: fmt.Sprintf("%s %s–%s", s.T("chart.exposed"), s.at(f.At, layoutClock), s.at(r.stood(f), layoutClock)),
			})
			if f.Reach.End == moderation.ReachTold || f.Reach.End == moderation.ReachCorrected {
				c.Told = append(c.Told, chartMark{
					X: to, Y: at, Flag: f.ID, Shape: polygon(to, at, 0, -5.5, 5, 4, -5, 4),
					Title: s.T(string(ending(f.Reach.End))) + " " + s.at(f.Reach.Until, layoutClock),
				})
			}
		}
		c.Marks = append(c.Marks, chartMark{X: x, Y: at, Status: string(f.Status), Flag: f.ID, Title: title, Shape: markShape(f.Status, x, at)})
	}
	return y + px(max(len(ends), 1))*markRow
}

// stood is until when a claim stood on air: what it sells on after the product
// or the broadcast has gone is no longer there to be drawn.
func (r *Report) stood(f *Flag) time.Time {
	until := r.Period.End
	switch f.Reach.End {
	case moderation.ReachCorrected, moderation.ReachTold:
		return earlier(until, f.Reach.Until)
	}
	for _, t := range r.Turns {
		if t.SKU == f.SKU && !f.At.Before(t.From) && f.At.Before(t.To) {
			until = earlier(until, t.To)
		}
	}
	return until
}

// markShape tells the outcomes apart without colour: a disc, a cross, a diamond.
func markShape(status moderation.FlagStatus, x, y px) string {
	switch status {
	case moderation.FlagConfirmed:
		return fmt.Sprintf("M%s %sa5 5 0 1 0 10 0a5 5 0 1 0 -10 0z", x-5, y)
	case moderation.FlagDismissed:
		return fmt.Sprintf("M%s %sl9 9m0 -9l-9 9", x-4.5, y-4.5)
	}
	return polygon(x, y, 0, -6, 6, 0, 0, 6, -6, 0)
}

func polygon(x, y px, steps ...float64) string {
	var b strings.Builder
	for i := 0; i+1 < len(steps); i += 2 {
		cmd := "L"
		if i == 0 {
			cmd = "M"
		}
		fmt.Fprintf(&b, "%s%s %s", cmd, x+px(steps[i]), y+px(steps[i+1]))
	}
	return b.String() + "z"
}

// lane draws counts as bars from y on and tells where it ends.
func (c *chart) lane(s speaker, name string, step time.Duration, counts, dark []int64, span time.Duration, y px) px {
	l := chartLane{Name: name, Label: s.T("chart." + name), TextY: y + 16, PeakY: y + 30, Base: y + laneHeight, Peak: s.T("chart.none")}
	peak := int64(0)
	for _, n := range counts {
		peak = max(peak, n)
	}
	if peak > 0 {
		l.Peak = s.T("chart.peak", s.step(step), grouped(peak))
		width := float64(step) / float64(span) * (plotRight - plotLeft)
		l.Path = bars(counts, peak, width, y+laneHeight)
		l.Dark = bars(dark, peak, width, y+laneHeight)
	}
	c.Lanes = append(c.Lanes, l)
	return y + laneHeight
}

func bars(counts []int64, peak int64, width float64, base px) string {
	var b strings.Builder
	gap := min(1, width/4)
	for i, n := range counts {
		if n == 0 {
			continue
		}
		x := plotLeft + float64(i)*width
		w := min(width-gap, plotRight-x)
		h := max(float64(n)/float64(peak)*(laneHeight-4), 1)
		fmt.Fprintf(&b, "M%s %sv-%sh%sv%sz", px(x), base, px(h), px(w), px(h))
	}
	return b.String()
}

// tickSteps are the distances ticks may have.
var tickSteps = append([]time.Duration{time.Second, 2 * time.Second}, append(slices.Clone(steps), 48*time.Hour, 7*24*time.Hour)...)

// axis draws the time below everything, at round times of the room's zone.
func (c *chart) axis(s speaker, p plot, y px) {
	c.Bottom, c.Height = y, y+axisHeight
	step := tickSteps[len(tickSteps)-1]
	if i := slices.IndexFunc(tickSteps, func(d time.Duration) bool { return p.span <= d*maxTicks }); i >= 0 {
		step = tickSteps[i]
	} else {
		step *= time.Duration(math.Ceil(float64(p.span) / float64(step) / maxTicks))
	}
	layout := "15:04"
	switch {
	case step < time.Minute:
		layout = layoutClock
	case step >= 24*time.Hour:
		layout = "01-02"
	case p.span > 24*time.Hour:
		layout = "01-02 15:04"
	}
	local := p.from.In(s.zone)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, s.zone)
	for t := midnight.Add(local.Sub(midnight).Truncate(step)); !t.After(p.from.Add(p.span)); t = t.Add(step) {
		x := p.x(t)
		if t.Before(p.from) {
			continue
		}
		c.Ticks = append(c.Ticks, chartTick{X: x, TextY: y + 15, Label: t.Format(layout)})
	}
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
