package quantity_test

import (
	"strings"
	"testing"
	"time"

	"liveroom/claims/fold"
	"liveroom/claims/internal/pace"
	"liveroom/claims/quantity"
)

// reading reads the text of n bytes that repeats unit, once there is room for
// what is found.
func reading(unit string, n int) func() {
	var x fold.Text
	x.Fold(strings.Repeat(unit, n/len(unit)))
	room := quantity.Scan(nil, x.R, nil)
	return func() { quantity.Scan(room[:0], x.R, nil) }
}

// TestAnyLongTextIsReadInLinearTime: eight times as much of whatever numbers
// are made of takes about eight times as long.
func TestAnyLongTextIsReadInLinearTime(t *testing.T) {
	for _, unit := range []string{
		"7", "十", "零", "百", "万", "万一", "一万亿", "百分之", "三五", "几", "多", "1,111,", "1.", ".", "-", "负", "1e", "1^", "1/", "1 1/2",
		"到1", "1到", "大于1", "大于1小于", "最多9最少", "三分之", "一又", "第", "第一到", "一两", "半", "¥", "元", "块", "一块", "两斤", "斤到", "7 2 ", "廿", "½",
		"one ", "a hundred and ", "half a ", "point ", "http://1", "比1", "克", "a", " ",
	} {
		small, large := pace.Least(reading(unit, 1<<13), reading(unit, 1<<16), 16)
		if large > 24*small+20*time.Millisecond {
			t.Errorf("%q over and over: %v for 8 kB, %v for 64 kB", unit, small, large)
		}
	}
}

// TestAMegabyteOfNumbersIsReadAtOnce: the worst lines that fit a message take no
// longer a byte than short ones.
func TestAMegabyteOfNumbersIsReadAtOnce(t *testing.T) {
	for _, unit := range []string{"7", "十", "一万亿", "百分之", "到1", "1."} {
		small, large := pace.Least(reading(unit, 1<<15), reading(unit, 1<<20), 40)
		if large > 80*small+20*time.Millisecond {
			t.Errorf("%q over and over: %v for 32 kB, %v for a megabyte", unit, small, large)
		}
	}
}
