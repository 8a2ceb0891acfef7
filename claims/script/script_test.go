package script

import (
	"strconv"
	"strings"
	"testing"

	"liveroom/claims"
)

func TestReadTellsWhatWasSaidAndWhere(t *testing.T) {
	for _, c := range []struct {
		name, in string
		format   Format
		want     []string // "number|time|speaker|text"
	}{
		{"a script, a line an utterance", "\ufeff家人们\r\n\r\n  纯棉的  \n", Text, []string{"1||host|家人们", "3||host|纯棉的"}},
		{"subtitles, a cue an utterance", "1\n00:00:01,000 --> 00:00:02,500\n这条围巾\n纯羊毛\n\n2\n00:01:00,5 --> 00:01:02,0\n好\n", SRT, []string{"2|00:00:01,000|host|这条围巾 纯羊毛", "7|00:01:00,5|host|好"}},
		{"web subtitles without their markup", "WEBVTT - x\nKind: captions\n\nNOTE a\nb\n\n00:01.000 --> 00:02.000 align:start\n<v 主播>一条<b>两斤</b>\n", VTT, []string{"7|00:01.000|host|一条两斤"}},
		{"labelled utterances", `{"id":"a1","sku":"S1","speaker":"viewer","text":"是纯棉吗","expect":[]}`, JSONL, []string{"1||viewer|是纯棉吗"}},
		{"an empty file", "", SRT, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Read("f", c.format, strings.NewReader(c.in))
			if err != nil {
				t.Fatal(err)
			}
			var have []string
			for _, l := range got {
				have = append(have, strings.Join([]string{strconv.Itoa(l.Number), l.Time, string(l.Speaker), l.Text}, "|"))
			}
			if strings.Join(have, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got %q, want %q", have, c.want)
			}
		})
	}
}

func TestReadNamesThePlaceOfAnError(t *testing.T) {
	for _, c := range []struct {
		in, want string
		format   Format
	}{
		{"好\n\xff\xfe\n", "f:2: not UTF-8", Text},
		{"1\n00:00:01 -> 2\n", "f: no cue found", SRT},
		{"1\n00:00:x --> 2\n", `f:2: "00:00:x --> 2" is no cue time`, SRT},
		{"{\"id\":\"1\",\"text\":\"好\"}\n{\"id\"}\n", "f:2: not an utterance", JSONL},
		{`{"speaker":"boss","text":"好"}`, `f:1: speaker "boss" is not known`, JSONL},
		{strings.Repeat("长", maxLine), "f:1: line is longer", Text},
	} {
		_, err := Read("f", c.format, strings.NewReader(c.in))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want it to hold %q", err, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(byte(SRT), "1\n00:00:01,000 --> 00:00:02,500\n这条\n")
	f.Add(byte(VTT), "WEBVTT\n\n00:01.000 --> 00:02.000\n<v a>b\n")
	f.Add(byte(JSONL), `{"id":"1","text":"好","speaker":"host"}`)
	f.Add(byte(Text), "好\n")
	f.Fuzz(func(t *testing.T, format byte, in string) {
		lines, err := Read("f", Format(format%4), strings.NewReader(in))
		if err != nil && lines != nil {
			t.Fatal("an error came with lines: a file is read whole or not at all")
		}
		for i, l := range lines {
			if l.Number < 1 || (i > 0 && l.Number <= lines[i-1].Number) {
				t.Fatalf("line numbers do not rise: %v", lines)
			}
			if l.Speaker == claims.Speaker("") {
				t.Fatal("an utterance has no speaker")
			}
		}
	})
}
