package claims_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/claims"
	"liveroom/claims/fold"
	"liveroom/claims/internal/pace"
	"liveroom/claims/lexicon"
	"liveroom/claims/sheet"
)

// manyProducts writes a sheet of n products of the kinds that shops sell.
func manyProducts(n int) string {
	var b strings.Builder
	b.WriteString("sku,name,aliases,brand,category,material,net_weight,quantity,size,origin,ingredients,price,list_price,metrics,efficacy,promises,returns_7d,ships_within\n")
	for i := range n {
		fmt.Fprintf(&b, "P%05d,禾%c%c羊毛大衣%d,大衣%d;外套款%d,禾%c%c,apparel,羊毛60%%;腈纶40%%,900g,1件,S;M;L,浙江桐乡,,%d,%d,克重 600g/㎡,,一年质保,yes,48h\n",
			i, rune(0x4e00+i%2000), rune(0x5000+i/7%2000), i, i, i, rune(0x4e00+i%2000), rune(0x5000+i/7%2000), 100+i%400, 600+i%400)
	}
	return b.String()
}

func speedChecker(tb testing.TB, n int) *claims.Checker {
	tb.Helper()
	s, err := sheet.Load("many.csv", strings.NewReader(manyProducts(n)))
	if err != nil {
		tb.Fatal(err)
	}
	return claims.New(s)
}

var speedLines = map[string]string{
	"clean":    "来来来家人们看这边啊，灯光师把灯打过来一点，这个颜色在镜头里跟你们眼睛看到的一模一样，我转一圈给你们瞧瞧",
	"triggers": "浙江桐乡产的，羊毛百分之六十，腈纶四十，四十八小时内发货，七天无理由支持的，尺码看详情页",
	// a term or the beginning of one at every second character
	"packed":   "羊毛羊绒真丝纯棉亚麻蚕丝，新疆云南泰国意大利法国日本，美白祛斑抗皱，第一最好全网最低",
	"findings": "百分之百纯羊毛，全网最低价，今天拍今天发，假一赔十，吃了还能降血压",
}

// bareRange is what reading the runes of a text costs at least.
func bareRange(text string) rune {
	sum := rune(0)
	for _, r := range text {
		sum += r
	}
	return sum
}

// threeThousand are terms with three thousand surfaces between them, drawn evenly
// from all that are looked for in lines: a surface is what other matchers call a
// term, and three thousand are as many as a big house's lists have.
func threeThousand() []*lexicon.Term {
	surfaces := 0
	for _, t := range lexicon.Terms() {
		if t.Class != lexicon.List {
			surfaces += len(t.Surfaces)
		}
	}
	var out []*lexicon.Term
	n := 0
	for _, t := range lexicon.Terms() {
		if t.Class == lexicon.List {
			continue
		}
		drawn := *t
		drawn.Surfaces = nil
		for _, s := range t.Surfaces {
			if n++; n*3000/surfaces != (n-1)*3000/surfaces {
				drawn.Surfaces = append(drawn.Surfaces, s)
			}
		}
		if len(drawn.Surfaces) > 0 {
			out = append(out, &drawn)
		}
	}
	return out
}

// times are what the parts of a check take of one line, measured in turns, so
// that other work on the machine slows all of them alike.
type times struct{ bare, matcher, checker time.Duration }

var paceSink rune

func measurePace(c *claims.Checker, m *lexicon.Matcher, text string, turns int) times {
	var f fold.Text
	f.Fold(text)
	u := claims.Utterance{SKU: "P00001", Speaker: claims.SpeakerHost, Text: text}
	var found []lexicon.Match
	best := times{1 << 62, 1 << 62, 1 << 62}
	for range turns {
		best.bare = min(best.bare, timed(func() { paceSink += bareRange(text) }))
		best.matcher = min(best.matcher, timed(func() { found = m.Find(found[:0], f.R) }))
		best.checker = min(best.checker, timed(func() { c.Check(u, nil) }))
	}
	return best
}

// timed is what one run takes, of a few.
func timed(run func()) time.Duration {
	const runs = 50
	start := time.Now()
	for range runs {
		run()
	}
	return time.Since(start) / runs
}

// BenchmarkCheck gives the time of lines of three kinds, and beside it how fast
// the matcher and the whole check are against a bare range over the text.
func BenchmarkCheck(b *testing.B) {
	checker := speedChecker(b, 500)
	matcher, whole := lexicon.NewMatcher(threeThousand()), lexicon.NewMatcher(lexicon.Terms())
	for _, name := range []string{"clean", "triggers", "findings", "packed"} {
		b.Run(name, func(b *testing.B) {
			u := claims.Utterance{SKU: "P00001", Speaker: claims.SpeakerHost, Text: speedLines[name]}
			checker.Check(u, nil)
			b.ReportAllocs()
			for b.Loop() {
				checker.Check(u, nil)
			}
			p := measurePace(checker, matcher, u.Text, 400)
			b.ReportMetric(float64(p.bare), "range-ns")
			b.ReportMetric(float64(p.matcher), "matcher-ns")
			b.ReportMetric(float64(p.checker), "check-ns")
			b.ReportMetric(float64(p.bare)/float64(p.matcher), "matcher/range")
			b.ReportMetric(float64(p.bare)/float64(p.checker), "check/range")
			p = measurePace(checker, whole, u.Text, 100)
			b.ReportMetric(float64(p.bare)/float64(p.matcher), "whole-lexicon/range")
		})
	}
}

func BenchmarkNew(b *testing.B) {
	s, err := sheet.Load("many.csv", strings.NewReader(manyProducts(5000)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		claims.New(s)
	}
}

// TestALongLineTakesLinearTime: eight times as much of whatever lines are made
// of takes about eight times as long.
func TestALongLineTakesLinearTime(t *testing.T) {
	checker := speedChecker(t, 5)
	check := func(text string) func() {
		return func() {
			checker.Check(claims.Utterance{SKU: "P00001", Speaker: claims.SpeakerHost, Text: text}, nil)
		}
	}
	for _, unit := range []string{
		"百分之百纯羊毛，今天一百九十九，七天无理由，", "百分之百纯羊毛", "7", "十", "1.", "第一", "最", "a ", "不", "如果", "，", "a\u0301", "\u0301", "\u200b", "\x99", "e\x99",
	} {
		short := strings.Repeat(unit, 1<<12/len(unit))
		one, eight := pace.Least(check(short), check(strings.Repeat(short, 8)), 14)
		if eight > 20*one+5*time.Millisecond {
			t.Errorf("%q over and over: 4 kB took %v, eight times as much %v", unit, one, eight)
		}
	}
}

// TestAMegabyteIsChecked: what fits no message but a file takes no longer a byte
// than a few lines do.
func TestAMegabyteIsChecked(t *testing.T) {
	checker := speedChecker(t, 5)
	for _, unit := range []string{"7", "\u0301", "不", "\x99"} {
		n := 1 << 20 / len(unit)
		if unit == "\u0301" {
			n = 1_000_000
		}
		text, part := strings.Repeat(unit, n), strings.Repeat(unit, n/32)
		one, all := pace.Least(
			func() { checker.Check(claims.Utterance{SKU: "P00001", Speaker: claims.SpeakerHost, Text: part}, nil) },
			func() { checker.Check(claims.Utterance{SKU: "P00001", Speaker: claims.SpeakerHost, Text: text}, nil) }, 60)
		if all > 80*one+20*time.Millisecond {
			t.Errorf("%q: a 32nd took %v, all %v", unit, one, all)
		}
	}
}

// TestALineThatClaimsNothing costs no memory, and no more than its text asks
// for: the bounds are several times what is measured, and the least of many
// turns is taken, so that they hold on a machine that does other work.
func TestALineThatClaimsNothing(t *testing.T) {
	checker := speedChecker(t, 500)
	u := claims.Utterance{SKU: "P00001", Speaker: claims.SpeakerHost, Text: speedLines["clean"]}
	checker.Check(u, nil)
	if racing {
		return // the race detector takes from pools what they keep, and slows what touches memory
	}
	if n := testing.AllocsPerRun(200, func() { checker.Check(u, nil) }); n != 0 {
		t.Errorf("%.0f allocations", n)
	}
	p := measurePace(checker, lexicon.NewMatcher(lexicon.Terms()), u.Text, 300)
	t.Logf("a bare range %v, the matcher %v, the check %v", p.bare, p.matcher, p.checker)
	if p.matcher > 4*p.bare {
		t.Errorf("the matcher takes %v where a bare range takes %v", p.matcher, p.bare)
	}
	if p.checker > 40*p.bare {
		t.Errorf("the check takes %v where a bare range takes %v", p.checker, p.bare)
	}
}

// TestTheMatchersPace: with as many terms as a big house has, the matcher alone is
// at least 0.6 times as fast as a bare range over the text, whatever it finds.
func TestTheMatchersPace(t *testing.T) {
	if racing {
		t.Skip("the race detector slows what touches memory")
	}
	checker, matcher := speedChecker(t, 5), lexicon.NewMatcher(threeThousand())
	for _, name := range []string{"clean", "triggers", "findings"} {
		p := measurePace(checker, matcher, speedLines[name], 300)
		t.Logf("%s: a bare range %v, the matcher %v", name, p.bare, p.matcher)
		if 6*p.matcher > 10*p.bare {
			t.Errorf("%s: the matcher takes %v where a bare range takes %v", name, p.matcher, p.bare)
		}
	}
}
