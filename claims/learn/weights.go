package learn

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Unit is how many of a weight make a natural logarithm of odds.
const Unit = 1000

// Weights say how much each cue speaks for each kind. They are integers, so
// that a sum is the same on every machine.
type Weights struct {
	Cues []string  // sorted
	Rows [][]int32 // by cue and kind; one more, the last, is the bias
}

// A Text is what is learned from: the cues it shows and its kind.
type Text struct {
	Cues []string
	Kind int
	Rate float64 // how much it counts
	Long bool    // the more cues of those known it shows, the less each is felt
}

// Common lists, sorted, the cues that so many of the texts show.
func Common(texts [][]string, least int) []string {
	count := map[string]int{}
	for _, cues := range texts {
		for _, c := range cues {
			count[c]++
		}
	}
	var out []string
	for c, n := range count {
		if n >= least {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out
}

// Learn fits weights of the cues, which must be sorted, to texts.
func (l Learner) Learn(cues []string, scale func(cue string) float64, texts []Text) *Weights {
	w := &Weights{Cues: cues}
	for _, c := range cues {
		l.Scale = append(l.Scale, scale(c))
	}
	examples := make([]Example, len(texts))
	for i, t := range texts {
		examples[i] = Example{Kind: t.Kind, Rate: t.Rate, Cues: w.known(t.Cues)}
		if t.Long {
			examples[i].Felt = 1 / math.Sqrt(float64(len(examples[i].Cues)+1))
		}
	}
	for _, row := range l.Fit(examples) {
		whole := make([]int32, len(row))
		for k, v := range row {
			whole[k] = int32(math.Round(v * Unit))
		}
		w.Rows = append(w.Rows, whole)
	}
	return w
}

// known numbers those of the cues that have weights.
func (w *Weights) known(cues []string) []int32 {
	var out []int32
	for _, c := range cues {
		if i, ok := slices.BinarySearch(w.Cues, c); ok {
			out = append(out, int32(i))
		}
	}
	return out
}

// Sum is what the cues of a text speak for each kind.
func (w *Weights) Sum(cues []string) []int32 {
	sum := slices.Clone(w.Rows[len(w.Cues)])
	for _, c := range w.known(cues) {
		for k, v := range w.Rows[c] {
			sum[k] += v
		}
	}
	return sum
}

// Write puts out one row a cue; the row without a cue is the bias. Cues none of
// whose weights reaches faint are left out.
func (w *Weights) Write(out io.Writer, kinds []string, faint int32) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Written by the train command. What each cue speaks for each type, in thousandths of log odds.\n# cue")
	for _, k := range kinds {
		fmt.Fprintf(&b, "\t%s", k)
	}
	fmt.Fprintln(&b)
	row := func(cue string, weights []int32) {
		b.WriteString(cue)
		for _, v := range weights {
			b.WriteByte('\t')
			if v != 0 {
				b.WriteString(strconv.Itoa(int(v)))
			}
		}
		b.WriteByte('\n')
	}
	row("", w.Rows[len(w.Cues)])
	for i, cue := range w.Cues {
		if slices.Max(w.Rows[i]) >= faint || slices.Min(w.Rows[i]) <= -faint {
			row(cue, w.Rows[i])
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// ReadWeights reads what Write wrote for as many kinds.
func ReadWeights(tsv string, kinds int) (*Weights, error) {
	w := &Weights{}
	var bias []int32
	n := 0
	for l := range strings.Lines(tsv) {
		n++
		l = strings.TrimSuffix(l, "\n")
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		cue, rest, _ := strings.Cut(l, "\t")
		if strings.Count(l, "\t") != kinds {
			return nil, fmt.Errorf("weights line %d: want a cue and %d weights parted by tabs", n, kinds)
		}
		row := make([]int32, kinds)
		for k := range row {
			var s string
			s, rest, _ = strings.Cut(rest, "\t")
			if s == "" {
				continue
			}
			v, err := strconv.ParseInt(s, 10, 32)
			if err != nil {
				return nil, fmt.Errorf("weights line %d, weight %d: %w", n, k+1, err)
			}
			row[k] = int32(v)
		}
		if cue == "" {
			bias = row
			continue
		}
		w.Cues, w.Rows = append(w.Cues, cue), append(w.Rows, row)
	}
	if bias == nil {
		return nil, fmt.Errorf("weights: no row for the bias")
	}
	w.Rows = append(w.Rows, bias)
	return w, nil
}

// rounding is how far, in thousandths, a weight may be off on a machine that
// multiplies and adds in one step.
const rounding = 2

// Differs compares two written tables and gives the first line, from 1, at
// which they are not the same up to rounding; 0 for none.
func Differs(a, z string) int {
	f, g := strings.Split(a, "\n"), strings.Split(z, "\n")
	for i := range min(len(f), len(g)) {
		if !near(f[i], g[i]) {
			return i + 1
		}
	}
	if len(f) != len(g) {
		return min(len(f), len(g)) + 1
	}
	return 0
}

func near(a, z string) bool {
	if a == z {
		return true
	}
	f, g := strings.Split(a, "\t"), strings.Split(z, "\t")
	if len(f) != len(g) || f[0] != g[0] {
		return false
	}
	for i := range f[1:] {
		x, errX := strconv.Atoi("0" + strings.TrimPrefix(f[i+1], "-"))
		y, errY := strconv.Atoi("0" + strings.TrimPrefix(g[i+1], "-"))
		if errX != nil || errY != nil || x-y > rounding || y-x > rounding {
			return false
		}
	}
	return true
}
