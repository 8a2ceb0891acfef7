package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

const checkFacts = `sku,name,category,net_weight,price,list_price
C1,云麓蜂蜜,food,450g,89,129
`

// checkOutput is what check prints about one line.
func checkOutput(t *testing.T, line string, args ...string) string {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	facts := filepath.Join(t.TempDir(), "facts.csv")
	if err := os.WriteFile(facts, []byte(checkFacts), 0o600); err != nil {
		t.Fatal(err)
	}
	root := newRoot()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetIn(strings.NewReader(line))
	root.SetArgs(append([]string{"check", "--facts", facts, "--sku", "C1"}, args...))
	if err := root.Execute(); err != nil && !errors.Is(err, errFound) {
		t.Fatal(err)
	}
	return out.String()
}

func TestCheckSpeaksOneLanguage(t *testing.T) {
	zh := checkOutput(t, "原价三百九十九", "--lang", "zh-CN")
	for _, want := range []string{"高 价格 与商品表不符 C1", "原价 399 元 对 129 元，高 270 元", "[C1·划线价]"} {
		if !strings.Contains(zh, want) {
			t.Errorf("Chinese lacks %q:\n%s", want, zh)
		}
	}
	en := checkOutput(t, "原价三百九十九", "--lang", "en")
	for _, want := range []string{"high price contradicted C1", "original price ¥399 against ¥129, ¥270 higher", "[C1·list_price]"} {
		if !strings.Contains(en, want) {
			t.Errorf("English lacks %q:\n%s", want, en)
		}
	}
	for line := range strings.Lines(en) {
		label, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		if (label == "fact" || label == "why") && strings.ContainsFunc(rest, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("Chinese in %q", line)
		}
	}
}

func TestCheckJSONKeepsItsCodes(t *testing.T) {
	for _, lang := range []string{"zh-CN", "en"} {
		got := checkOutput(t, "净重六公斤", "--lang", lang, "--format", "jsonl")
		for _, want := range []string{`"severity":"high"`, `"category":"weight"`, `"verdict":"contradicted"`, `"fact_id":"C1·net_weight"`, `"arithmetic":"6000 g 对 450g，`, `"arithmetic_en":"6000 g against 450g, +`} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %s: %s", lang, want, got)
			}
		}
	}
}
