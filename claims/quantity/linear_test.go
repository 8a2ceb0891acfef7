package quantity_test

import (
	"strings"
	"testing"
	"time"

	"liveroom/claims/fold"
	"liveroom/claims/quantity"
)

// readFor is how long the text of n bytes that repeats unit takes to read, once
// there is room for what is found.
func readFor(unit string, n int) time.Duration {
	var x fold.Text
	x.Fold(strings.Repeat(unit, n/len(unit)))
	room := quantity.Scan(nil, x.R, nil)
	start := time.Now()
	quantity.Scan(room[:0], x.R, nil)
	return time.Since(start)
}

// TestAnyLongTextIsReadInLinearTime: eight times as much of whatever numbers
// are made of takes about eight times as long.
func TestAnyLongTextIsReadInLinearTime(t *testing.T) {
	for _, unit := range []string{
		"7", "十", "零", "百", "万", "万一", "一万亿", "百分之", "三五", "几", "多", "1,111,", "1.", ".", "-", "负", "1e", "1^", "1/", "1 1/2",
		"到1", "1到", "大于1", "大于1小于", "最多9最少", "三分之", "一又", "第", "第一到", "一两", "半", "¥", "元", "块", "一块", "两斤", "斤到", "7 2 ", "廿", "½",
		"one ", "a hundred and ", "half a ", "point ", "http://1", "比1", "克", "a", " ",
	} {
		// a pause of the machine is not the reader's: the best of three counts
		small, large := time.Hour, time.Hour
		for try := 0; try < 5 && (try == 0 || large > 16*small); try++ {
			small, large = min(small, readFor(unit, 1<<13)), min(large, readFor(unit, 1<<16))
		}
		if large > 24*small+20*time.Millisecond {
			t.Errorf("%q over and over: %v for 8 kB, %v for 64 kB", unit, small, large)
		}
	}
}

// TestAMegabyteOfNumbersIsReadAtOnce: the worst lines that fit a message.
func TestAMegabyteOfNumbersIsReadAtOnce(t *testing.T) {
	for _, unit := range []string{"7", "十", "一万亿", "百分之", "到1", "1."} {
		if took := readFor(unit, 1<<20); took > 5*time.Second {
			t.Errorf("a megabyte of %q took %v", unit, took)
		}
	}
}
