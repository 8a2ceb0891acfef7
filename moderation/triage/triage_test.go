package triage

import (
	"slices"
	"strings"
	"testing"

	"liveroom/claims"
)

// feed puts complaints into an index and tells each one's group by number, in
// order of first use; 0 is none.
func feed(x *Index, known []Cause, all ...Complaint) (groups []int, list []*Group) {
	for i, c := range all {
		c.ID = int64(i + 1)
		g := x.Join(x.Place(c, known), c, 0)
		if g == nil {
			groups = append(groups, 0)
			continue
		}
		at := slices.Index(list, g)
		if at < 0 {
			list = append(list, g)
			at = len(list) - 1
		}
		groups = append(groups, at+1)
	}
	return groups, list
}

func TestWhatIsOneProblem(t *testing.T) {
	tests := []struct {
		name string
		all  []Complaint
		want []int
	}{
		{"the same in other words", []Complaint{
			{SKU: "D01", Text: "围巾不是纯羊毛"}, {SKU: "D01", Text: "水洗标写着聚酯纤维"}, {SKU: "D01", Text: "烧线头有塑料味，明显含化纤"},
		}, []int{1, 1, 1}},
		{"another product", []Complaint{{SKU: "D01", Text: "还没发货"}, {SKU: "D02", Text: "还没发货"}}, []int{1, 2}},
		{"another matter", []Complaint{{SKU: "D01", Text: "还没发货"}, {SKU: "D01", Text: "赠品少发"}}, []int{1, 2}},
		{"in traditional characters", []Complaint{{SKU: "D04", Text: "赠品漏发"}, {SKU: "D04", Text: "貼心的贈品漏發了"}}, []int{1, 1}},
		{"in English", []Complaint{{SKU: "D04", Text: "降价了，退差价"}, {SKU: "D04", Text: "Price drop! I want the price difference."}}, []int{1, 1}},
		{"thanks and questions", []Complaint{
			{SKU: "D04", Text: "差价已经到账了，好评"}, {SKU: "D01", Text: "请问可以机洗吗"}, {SKU: "D05", Text: "坏了一个，半小时就赔了，谢谢"},
		}, []int{0, 0, 0}},
		{"a question that is a grievance", []Complaint{{SKU: "D04", Text: "没发货"}, {SKU: "D04", Text: "请问什么时候发货"}}, []int{1, 1}},
		{"no topic, nearly the same text", []Complaint{
			{SKU: "D06", Text: "手链颜色跟图片差太多了"}, {SKU: "D06", Text: "手链颜色和图片差太多"}, {SKU: "D06", Text: "拉链头又掉下去三次"},
		}, []int{1, 1, 2}},
		{"nobody answers, and something else", []Complaint{{SKU: "D04", Text: "没发货"}, {SKU: "D04", Text: "三天没发货，客服电话打不通"}}, []int{1, 1}},
		{"nothing", []Complaint{{SKU: "D04"}, {SKU: "D04", Text: "\x1b\u202e"}}, []int{0, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, _ := feed(NewIndex(), nil, tt.all...); !slices.Equal(got, tt.want) {
				t.Errorf("groups %v, want %v", got, tt.want)
			}
		})
	}
}

func TestAComplaintWithoutAProduct(t *testing.T) {
	all := []Complaint{
		{SKU: "D04", Text: "电饭煲没发货"},
		{SKU: "D04", Text: "电饭煲还没发货"},
		{SKU: "D04", Text: "电饭煲催发货"},
		{SKU: "D05", Text: "橙子斤两不足"},
		{SKU: "D01", Text: "围巾成分不符"},
		{Text: "什么时候发货"},       // the only product that is late
		{Text: "电饭煲成分不符，材质不对"}, // a matter of D01's, the product's name is D04's
		{Text: "你们骗人"},
	}
	got, groups := feed(NewIndex(), nil, all...)
	if want := []int{1, 1, 1, 2, 3, 1, 4, 5}; !slices.Equal(got, want) {
		t.Errorf("groups %v, want %v", got, want)
	}
	if groups[3].SKU != "D04" || groups[4].SKU != "" {
		t.Errorf("products %q and %q, want D04 and none", groups[3].SKU, groups[4].SKU)
	}
}

func TestWhatAProblemGoesBackTo(t *testing.T) {
	known := []Cause{
		NewCause(1, "D01", claims.CategoryPrice, "原价三百九十九"),
		NewCause(2, "D01", claims.CategoryMaterial, "很厚实的面料"),
		NewCause(3, "D01", claims.CategoryMaterial, "百分之百纯羊毛"),
		NewCause(4, "D02", claims.CategoryMaterial, "百分之百纯羊毛"),
		NewCause(5, "D04", claims.CategoryQuantity, "蒸笼锅铲隔热手套"),
	}
	tests := []struct {
		name string
		all  []Complaint
		want int64
	}{
		{"the claim they repeat", []Complaint{{SKU: "D01", Text: "说百分之百纯羊毛，标签却有化纤"}, {SKU: "D01", Text: "不是纯羊毛"}}, 3},
		{"the claim of their product", []Complaint{{SKU: "D02", Text: "成分不符"}}, 4},
		{"no claim of their kind", []Complaint{{SKU: "D01", Text: "还没发货"}}, 0},
		{"no claim of their product", []Complaint{{SKU: "D09", Text: "不是纯羊毛"}}, 0},
		{"another kind, but the very words", []Complaint{{SKU: "D01", Text: "物流太慢，原价三百九十九的东西还没发货"}}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, groups := feed(NewIndex(), known, tt.all...)
			if got := groups[0].Cause(known); got != tt.want {
				t.Errorf("goes back to %d, want %d", got, tt.want)
			}
		})
	}
	got, _ := feed(NewIndex(), known, Complaint{SKU: "D04", Text: "赠品漏发"}, Complaint{SKU: "D04", Text: "我就冲着隔热手套买的"})
	if want := []int{1, 1}; !slices.Equal(got, want) {
		t.Errorf("a complaint that only repeats the claim: groups %v, want %v", got, want)
	}
}

func TestTitles(t *testing.T) {
	_, groups := feed(NewIndex(), nil,
		Complaint{SKU: "D01", Text: "不是纯羊毛"}, Complaint{SKU: "D01", Text: "说是纯羊毛，标签不对"}, Complaint{SKU: "D06", Text: strings.Repeat("一条很长的话", 9)},
	)
	if got := groups[0].Title(); got != "成分不符：纯羊毛、标签" {
		t.Errorf("title %q", got)
	}
	if got := []rune(groups[1].Title()); len(got) != 24 || got[23] != '…' {
		t.Errorf("title %q", string(got))
	}
}

// Built again from what was decided, an index goes on as the first would have.
func TestAnIndexCanBeBuiltAgain(t *testing.T) {
	var all []Complaint
	for i, text := range []string{
		"没发货", "赠品漏发", "还没发货", "颜色差太多了", "颜色差太多", "谢谢", "不是纯羊毛", "赠品不全", "催发货", "颜色差得太多", "标签写聚酯", "少发赠品",
	} {
		all = append(all, Complaint{ID: int64(i + 1), SKU: []string{"D01", "D02", ""}[i%3], Text: text})
	}
	straight := NewIndex()
	problem := make(map[int64]int64)
	next := int64(100)
	join := func(x *Index, c Complaint) {
		g := x.Join(x.Place(c, nil), c, 0)
		if g == nil || len(g.Members) < 2 {
			return
		}
		if g.Problem == 0 {
			next++
			g.Problem = next
		}
		for _, id := range g.Members {
			problem[id] = g.Problem
		}
	}
	for cut := range all {
		again := NewIndex()
		for _, c := range all[:cut] {
			again.Join(again.Place(c, nil), c, problem[c.ID])
		}
		if got, want := members(again), members(straight); got != want {
			t.Fatalf("built again after %d:\n got %s\nwant %s", cut, got, want)
		}
		join(straight, all[cut])
	}
}

func members(x *Index) string {
	var b strings.Builder
	for _, g := range x.groups {
		b.WriteString(g.SKU + " " + g.Title())
		for _, id := range g.Members {
			b.WriteString(" " + string(rune('a'+id)))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTheTopicListIsSound(t *testing.T) {
	seen := make(map[string]string)
	for _, w := range terms {
		if w.weight < 1 || w.weight > 3 || w.word == "" || newText(w.word).folded != w.word {
			t.Errorf("%s: word %q of weight %d: empty, unfolded or weighed wrongly", w.topic, w.word, w.weight)
		}
		if key := w.topic + " " + w.word; seen[key] != "" {
			t.Errorf("%s: word %q stands twice", w.topic, w.word)
		} else {
			seen[key] = "seen"
		}
	}
	for topic := range causes {
		if topicNames[topic] == "" {
			t.Errorf("causes name the topic %q, which does not exist", topic)
		}
	}
}

func FuzzPlace(f *testing.F) {
	f.Add("围巾不是纯羊毛", "D01")
	f.Add("\xff\x00", "")
	f.Fuzz(func(t *testing.T, text, sku string) {
		x := NewIndex()
		for id := range int64(3) {
			c := Complaint{ID: id + 1, SKU: sku, Text: text}
			g := x.Join(x.Place(c, []Cause{NewCause(1, sku, "", text)}), c, 0)
			if g != nil && len(g.Members) != int(id)+1 {
				t.Fatalf("the same complaint for the %d. time is in a group of %d", id+1, len(g.Members))
			}
		}
	})
}

func BenchmarkPlace(b *testing.B) {
	x := NewIndex()
	id := int64(0)
	for b.Loop() {
		id++
		c := Complaint{ID: id, SKU: "D01", Text: "直播间说百分之百纯羊毛，收到一看水洗标写着聚酯纤维35%，这不是骗人吗"}
		x.Join(x.Place(c, nil), c, 0)
	}
}
