package likeness_test

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims/fold"
	"liveroom/claims/likeness"
)

func folded(text string) []rune {
	var t fold.Text
	t.Fold(text)
	return t.R
}

// most is the kind that a line reads like most, and how sure that is.
func most(text string) (likeness.Kind, int32) {
	r := likeness.Learned().Read(folded(text))
	defer r.Done()
	best := likeness.Kind(0)
	for k, v := range r.Sum {
		if v > r.Sum[best] {
			best = likeness.Kind(k)
		}
	}
	return best, r.Sum[best]
}

func TestLinesReadLikeWhatTheyMean(t *testing.T) {
	for _, c := range []struct {
		text string
		want likeness.Kind
	}{
		{"全中国的挖耳勺排起来，没有哪家排在它前头", likeness.Absolute},
		{"跟国际大牌一个车间下来的，标剪了而已", likeness.Brand},
		{"长得跟母猪似的，谁娶你谁倒霉", likeness.Conduct},
		{"协和的教授都推荐给自己的病人用", likeness.Credential},
		{"敷半个月，法令纹一条都没了", likeness.Effect},
		{"我老丈人痛风，喝两个月药都停了，医生都说好了", likeness.Medical},
		{"把钱转我私人账户，群里报名字，不走平台", likeness.Offplatform},
		{"骑坏了换新车给你，换一辈子", likeness.Promise},
		{"message my WhatsApp and pay me cash, skip the cart", likeness.Offplatform},
	} {
		if k, sure := most(c.text); k != c.want || sure < 0 {
			t.Errorf("%s reads like %s (%d), want %s", c.text, k, sure, c.want)
		}
		if !likeness.Learned().Suspect(folded(c.text)) {
			t.Errorf("%s does not get through the gate", c.text)
		}
	}
	for _, text := range []string{
		"家人们晚上好，先点个关注，袖口的扣子我给你们看一下",
		"平台里付款就行，谁让你们加微信的都是骗子",
		"痛风的先问医生，这就是一包茶",
		"这面料洗的时候翻过来，三十度水",
		"我跟我妈一人一件，她穿大码",
	} {
		if k, sure := most(text); sure >= 0 {
			t.Errorf("%s reads like %s (%d), want nothing", text, k, sure)
		}
	}
}

func TestWhatIsHeardWithOtherCharactersReadsTheSame(t *testing.T) {
	said, heard := likeness.Cues("加我微信"), likeness.Cues("家我维信")
	n := 0
	for _, c := range heard {
		if c[0] == '~' && slices.Contains(said, c) {
			n++
		}
	}
	if n < 3 {
		t.Errorf("%d cues of sound in common: %v, %v", n, said, heard)
	}
}

func TestFamiliesStandForTheirWords(t *testing.T) {
	cues := likeness.Cues("痛风喝三十天就好了")
	for _, want := range []string{"@ill", "@ill>time", "<ill>喝", "<n><time>", "痛风", "痛风喝三"} {
		if !slices.Contains(cues, want) {
			t.Errorf("no cue %s in %v", want, cues)
		}
	}
}

func TestTheReasonIsInTheLine(t *testing.T) {
	text := folded("大家听好，国外那个大牌跟我们同一个厂出来的")
	r := likeness.Learned().Read(text)
	defer r.Done()
	from, to := r.Peak(likeness.Brand, len(text))
	if said := string(text[from:to]); !strings.Contains(said, "厂") || strings.Contains(said, "大家") {
		t.Errorf("the peak is %q", said)
	}
	for _, s := range r.Telling(likeness.Brand, 3) {
		if s.From < 0 || s.To > len(text) || s.To-s.From < 2 {
			t.Errorf("told by [%d, %d)", s.From, s.To)
		}
	}
	like, percent := likeness.Nearest(likeness.Brand, text)
	if percent < 30 || !strings.Contains(like, "大牌") {
		t.Errorf("nearest is %q with %d%%", like, percent)
	}
}

func TestReadingAllocatesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, whose run is the short one, takes from pools what they keep")
	}
	m := likeness.Learned()
	text := folded("国外那个大牌跟我们同一个厂出来的，谁家比得过")
	least := [likeness.NumKinds]int32{}
	m.Likely(text, &least)
	if n := testing.AllocsPerRun(100, func() { m.Suspect(text) }); n != 0 {
		t.Errorf("the gate allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() { m.Likely(text, &least) }); n >= 1 {
		t.Errorf("a reading allocates %v times", n)
	}
}

// A reading is the same with memory that was used before as with new one.
func TestUsedMemoryReadsTheSame(t *testing.T) {
	load := func() *likeness.Model {
		weights, err := os.ReadFile("weights.tsv")
		if err != nil {
			t.Fatal(err)
		}
		gate, err := os.ReadFile("gate.tsv")
		if err != nil {
			t.Fatal(err)
		}
		m, err := likeness.Load(string(weights), string(gate))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	used := load()
	used.Read(folded("国外那个大牌跟我们同一个厂出来的")).Done()
	for _, l := range []string{"一百二十八", "一个模子做一千个", "我一米六五，九十八斤"} {
		first, again := load().Read(folded(l)), used.Read(folded(l))
		if first.Sum != again.Sum {
			t.Errorf("%s: %v with new memory, %v with used", l, first.Sum, again.Sum)
		}
		again.Done()
	}
}

func TestManyReadAtOnce(t *testing.T) {
	lines := corpusLines(t)
	want := make([]int32, len(lines))
	for i, l := range lines {
		_, want[i] = most(l)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, l := range lines {
				if _, got := most(l); got != want[i] {
					t.Errorf("%s: %d, want %d", l, got, want[i])
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestBadTablesAreRefusedWithTheirLine(t *testing.T) {
	for _, c := range []struct{ weights, gate, want string }{
		{"大牌\t1\n", "\t0\n", "weights line 1"},
		{"\t1\t1\t1\t1\t1\t1\t1\t1\t1\n", "大牌\tmuch\n", "gate"},
		{"# nothing\n", "\t0\n", "bias"},
	} {
		if _, err := likeness.Load(c.weights, c.gate); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.weights, err, c.want)
		}
	}
}

func corpusLines(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("corpus/*.tsv")
	if err != nil || len(names) < 9 {
		t.Fatalf("%d files in corpus: %v", len(names), err)
	}
	var out []string
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for l := range strings.Lines(string(b)) {
			if _, text, ok := strings.Cut(strings.TrimSpace(l), "\t"); ok {
				out = append(out, text)
			}
		}
	}
	return out
}

// Learning from lines that are to tell how good the checks are would make their
// score worthless: the benchmark's, and the author's own sets, each of which is
// tried with what is learned of the others.
func TestNoLabelledLineStandsInTheCorpus(t *testing.T) {
	ours := map[string]bool{}
	for _, l := range corpusLines(t) {
		key := string(folded(l))
		if ours[key] {
			t.Errorf("%s stands in the corpus twice", l)
		}
		ours[key] = true
	}
	bench := "../../../shared/bench/"
	for _, set := range []string{bench + "dev", bench + "real-dev", bench + "check", "../testdata/author", "../testdata/author/p", "../testdata/author/q", "../testdata/author/r"} {
		f, err := os.Open(filepath.Join(set, "utterances.jsonl"))
		if err != nil {
			t.Logf("NOT TESTED against %s: %v", set, err)
			continue
		}
		sc := bufio.NewScanner(f)
		sc.Buffer(nil, 1<<20)
		for sc.Scan() {
			var u struct {
				ID   string `json:"id"`
				Text string `json:"text"`
			}
			if err := json.Unmarshal(sc.Bytes(), &u); err != nil {
				t.Fatal(err)
			}
			if ours[string(folded(u.Text))] && len([]rune(u.Text)) > 4 {
				t.Errorf("line %s of %s stands in the corpus", u.ID, set)
			}
		}
		_ = f.Close()
	}
}

func FuzzRead(f *testing.F) {
	f.Add("跟大牌一个厂出来的")
	f.Add("\x1b[2J\u202e加\u200b微\u200b信 skip the cart 一九九")
	f.Add("\xff\xfe\t\n''a'")
	f.Fuzz(func(t *testing.T, text string) {
		m, r := likeness.Learned(), folded(text)
		m.Suspect(r)
		first := m.Read(r)
		sum := first.Sum
		for k := range likeness.NumKinds {
			if from, to := first.Peak(k, len(r)); from < 0 || to < from || to > len(r) {
				t.Errorf("%q: peak [%d, %d)", text, from, to)
			}
			first.Telling(k, 3)
		}
		first.Done()
		again := m.Read(r)
		defer again.Done()
		if again.Sum != sum {
			t.Errorf("%q reads %v, then %v", text, sum, again.Sum)
		}
	})
}

func BenchmarkSuspect(b *testing.B) {
	m := likeness.Learned()
	text := folded("来来来家人们看这边啊，灯光师把灯打过来一点，这个颜色在镜头里跟你们眼睛看到的一模一样")
	b.ReportAllocs()
	for b.Loop() {
		m.Suspect(text)
	}
}

func BenchmarkRead(b *testing.B) {
	m := likeness.Learned()
	text := folded("来来来家人们看这边啊，灯光师把灯打过来一点，这个颜色在镜头里跟你们眼睛看到的一模一样")
	b.ReportAllocs()
	for b.Loop() {
		m.Read(text).Done()
	}
}
