package meant_test

import (
	"strings"
	"testing"

	"liveroom/claims/fold"
	"liveroom/claims/meant"
)

// The same words are surely meant in one line and much less so in the next.
func TestTheWordsAroundTellWhetherItIsMeant(t *testing.T) {
	for _, c := range []struct{ category, meant, not string }{
		{"efficacy", "这瓶水乳兼具⟦抗皱⟧的功效，姐妹们用起来", "谁说我讲它⟦抗皱⟧的，录屏发来，这种话我不会讲"},
		{"medical", "腿疼的叔叔阿姨，用上它⟦关节炎⟧就好了", "⟦关节炎⟧去看医生，这个东西不管治病的，别信那些话"},
		{"offplatform", "想便宜的直接⟦加我微信⟧，私下给你发", "叫你⟦加我微信⟧的都是骗子，别上当，认准小黄车"},
		{"absolute", "家人们这就是咱们⟦国家级⟧的品质，闭眼冲", "他说我们是⟦国家级⟧，哪有这一级啊，没有的事"},
	} {
		yes, no := read(t, c.category, c.meant), read(t, c.category, c.not)
		if yes <= 0 || yes-no < 1000 {
			t.Errorf("%s: meant %d, not meant %d: %s | %s", c.category, yes, no, c.meant, c.not)
		}
	}
}

func read(t *testing.T, category, line string) int32 {
	t.Helper()
	before, rest, _ := strings.Cut(line, "⟦")
	said, after, ok := strings.Cut(rest, "⟧")
	if !ok {
		t.Fatalf("no hit marked in %q", line)
	}
	from := len([]rune(before))
	return meant.Learned().Read(category, []rune(fold.String(before+said+after)), from, from+len([]rune(said)))
}

func TestNearestShowsALineThatWasNotMeant(t *testing.T) {
	text, percent := meant.Nearest([]rune(fold.String("叫你加微信的都是骗子")))
	if text == "" || percent <= 0 || percent > 100 {
		t.Fatalf("nearest is %q, %d %%", text, percent)
	}
}

// Whatever stands around a hit, reading it ends and counts its cues once.
func FuzzCues(f *testing.F) {
	f.Add("百分百不起球的羊毛衫没有的", 2, 6)
	f.Add("it's not, a 'cure' 1", 0, 3)
	f.Fuzz(func(t *testing.T, text string, from, n int) {
		r := []rune(text)
		if from < 0 || n <= 0 || from >= len(r) || n > len(r)-from {
			return
		}
		seen := map[string]bool{}
		for _, c := range meant.Cues("price", r, from, from+n) {
			if seen[c] || c == "" {
				t.Fatalf("cue %q twice or empty", c)
			}
			seen[c] = true
		}
		meant.Learned().Read("price", r, from, from+n)
	})
}
