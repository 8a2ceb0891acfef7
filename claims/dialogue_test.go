package claims_test

import (
	"strings"
	"testing"

	"liveroom/claims"
)

// talk makes utterances of lines such as "观众：是纯棉吗", all on one product.
func talk(sku string, lines ...string) []claims.Utterance {
	var out []claims.Utterance
	for _, l := range lines {
		who, text, _ := strings.Cut(l, "：")
		u := claims.Utterance{SKU: sku, Speaker: claims.SpeakerHost, Text: text}
		if who == "观众" {
			u.Speaker = claims.SpeakerViewer
		}
		out = append(out, u)
	}
	return out
}

// TestAQuestionIsAnsweredInAnotherLine: the host's yes makes the viewer's
// question his claim.
func TestAQuestionIsAnsweredInAnotherLine(t *testing.T) {
	c := ownChecker(t)
	for _, x := range []struct {
		sku, talk string // the last line is checked
		want      string // category/verdict over the words, "" for none
	}{
		{"T01", "观众：是纯羊毛的吗|主播：是的", "material/contradicted 是的"},
		{"T01", "观众：主播这个是不是纯羊毛啊|主播：没错，喜欢就拍", "material/contradicted 没错"},
		{"T01", "观众：是純羊毛嗎？|主播：對的，喜歡就拍", "material/contradicted 對的"},
		{"T01", "观众：Is it pure wool?|主播：Yes it is, go for it", "material/contradicted Yes"},
		{"T01", "观众：是纯羊毛的吗|主播：嗯，当然", "material/contradicted 当然"},
		{"T06", "观众：这个能治高血压吗|主播：能的", "medical/banned 能的"},
		{"T04", "主播：有人问是不是云南产的|主播：对的对的", "origin/contradicted 对的"},
		{"T01", "观众：是纯羊毛的吗|主播：先看一下面料|主播：是的", "material/contradicted 是的"},

		{"T01", "观众：是纯羊毛的吗|主播：不是", ""},
		{"T01", "观众：是纯羊毛的吗|主播：当然不是", ""},
		{"T01", "观众：有羊毛吗|主播：有的", ""},
		{"T01", "观众：是纯羊毛的吗|主播：没有，八成羊毛", ""},
		{"T01", "观众：这件是纯羊毛的，我买过|主播：是的", ""}, // no question
		{"T01", "观众：是纯羊毛的吗|主播：不是|主播：是的", ""},
		{"T01", "观众：是纯羊毛的吗|主播：先看一下面料|主播：再看一下领口|主播：是的", ""}, // answers something else by now
		{"T01", "观众：今天几点下播|主播：是的", ""},
		{"T01", "观众：是纯羊毛的吗|观众：是的", ""}, // nobody of the shop said it
	} {
		us := talk(x.sku, strings.Split(x.talk, "|")...)
		n := len(us) - 1
		got := ""
		for _, f := range c.Check(us[n], us[:n]) {
			got += string(f.Category) + "/" + string(f.Verdict) + " " + f.Said
			if r := []rune(us[n].Text); string(r[f.Start:f.End]) != f.Said {
				t.Errorf("%s: %q is not at %d-%d", x.talk, f.Said, f.Start, f.End)
			}
			if f.Answers == "" || !strings.Contains(f.Why, f.Answers) || !strings.Contains(f.WhyEN, f.Answers) {
				t.Errorf("%s: the reason does not quote the question: %q", x.talk, f.Why)
			}
		}
		if got != x.want {
			t.Errorf("%s: got %q, want %q", x.talk, got, x.want)
		}
	}
}

func TestOneOfSeveralQuestionsIsListenedToFirst(t *testing.T) {
	c := ownChecker(t)
	us := talk("T01", "观众：今天发货吗", "观众：是纯羊毛的吗", "主播：是的")
	found := c.Check(us[2], us[:2])
	if len(found) != 1 || !found[0].ListenFirst || found[0].Category != claims.CategoryMaterial {
		t.Errorf("%+v", found)
	}
}

func TestAQuestionAboutOtherGoodsIsNotAnswered(t *testing.T) {
	c := ownChecker(t)
	us := append(talk("T01", "观众：是纯羊毛的吗"), talk("T11", "主播：是的")...)
	if found := c.Check(us[1], us[:1]); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

// TestACorrectionIsReadWithWhatItCorrects: the line before names what the
// figure is of.
func TestACorrectionIsReadWithWhatItCorrects(t *testing.T) {
	c := ownChecker(t)
	for _, x := range []struct{ sku, talk, want string }{
		{"T03", "主播：净重三公斤|主播：前面说错了，是六公斤", "weight/contradicted"},
		{"T03", "主播：净重六公斤|主播：前面说错了，是三公斤", ""},
		{"T01", "主播：羊毛八成|主播：刚才说错了，是九成五", "material/contradicted"},
		{"T01", "主播：羊毛九成|主播：刚才说错了，是八成", ""},
		{"T02", "主播：今天二百六十九|主播：口误，是一百六十九", "price/contradicted"},
	} {
		us := talk(x.sku, strings.Split(x.talk, "|")...)
		got := ""
		for _, f := range c.Check(us[1], us[:1]) {
			got += string(f.Category) + "/" + string(f.Verdict)
			if r := []rune(us[1].Text); string(r[f.Start:f.End]) != f.Said {
				t.Errorf("%s: %q is not at %d-%d", x.talk, f.Said, f.Start, f.End)
			}
		}
		if got != x.want {
			t.Errorf("%s: got %q, want %q", x.talk, got, x.want)
		}
	}
}

func TestAsks(t *testing.T) {
	for text, want := range map[string]bool{
		"是纯棉的吗": true, "纯棉？": true, "是不是纯棉啊": true, "Is it cotton": true, "纯棉的吧": true,
		"这件是纯棉的": false, "666": false, "": false, "？": false, "什么时候发货呢" + strings.Repeat("，急", 200) + "吗": false,
	} {
		if claims.Asks(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}
