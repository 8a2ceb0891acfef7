package meant

import (
	"strings"
	"testing"

	"liveroom/claims/fold"
	"liveroom/claims/learn"
)

// spelled reads a hit the plain way: every cue by its name, from the table.
func spelled(t *testing.T) func(category string, text []rune, from, to int) int32 {
	t.Helper()
	w, err := learn.ReadWeights(weightsTSV, 1)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int32{}
	for i, cue := range w.Cues {
		rows[cue] = w.Rows[i][0]
	}
	return func(category string, text []rune, from, to int) int32 {
		sum, n := int64(0), int64(1)
		for _, cue := range Cues(category, text, from, to) {
			if v, ok := rows[cue]; ok {
				sum, n = sum+int64(v), n+1
			}
		}
		return w.Rows[len(w.Cues)][0] + int32(sum*fine/root(n*fine*fine))
	}
}

// TestReadingByKeysIsReadingByNames holds the quick way to the plain one, over
// every hit that was learned from.
func TestReadingByKeysIsReadingByNames(t *testing.T) {
	plain, hits := spelled(t), 0
	for l := range strings.Lines(corpusTSV + ownTSV) {
		col := strings.Split(strings.TrimSuffix(l, "\n"), "\t")
		if len(col) != 3 {
			continue
		}
		before, rest, _ := strings.Cut(col[2], "⟦")
		said, after, _ := strings.Cut(rest, "⟧")
		from := len([]rune(fold.String(before)))
		text := []rune(fold.String(before + said + after))
		to := min(from+len([]rune(said)), len(text))
		if from >= to {
			continue
		}
		hits++
		if quick, want := Learned().Read(col[1], text, from, to), plain(col[1], text, from, to); quick != want {
			t.Fatalf("%s: %d by keys, %d by names", col[2], quick, want)
		}
	}
	if hits < 2000 {
		t.Errorf("only %d hits", hits)
	}
}

func TestReadingAllocatesNothing(t *testing.T) {
	text := []rune(fold.String("那种吃一次瘦三斤的东西你敢信吗，it's not real，反正我这儿没有"))
	Learned().Read("effect", text, 4, 9)
	least := 1e9 // the race detector and the collector take from pools what they keep
	for range 20 {
		least = min(least, testing.AllocsPerRun(5, func() { Learned().Read("effect", text, 4, 9) }))
	}
	if least > 0 {
		t.Errorf("%.0f allocations", least)
	}
}

func BenchmarkRead(b *testing.B) {
	text := []rune(fold.String("那种吃一次瘦三斤的东西你敢信吗，it's not real，反正我这儿没有"))
	b.ReportAllocs()
	for b.Loop() {
		Learned().Read("effect", text, 4, 9)
	}
}
