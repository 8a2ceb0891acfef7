package quantity_test

import (
	"testing"

	"liveroom/claims/quantity"
)

func TestWhatMayHoldAnAmount(t *testing.T) {
	slight := func(u string) bool { return u == "次" || u == "圈" }
	for text, want := range map[string]bool{
		"一模一样的颜色": false, "看一下": false, "拿一个": false, "转一圈": false, "第一次来": true, "一点都不贵": false,
		"咱们来一圈": false, "灯打过来一点,这个": false, "家人们": false, "": false, "一": false, "一切": false,
		"一斤": true, "十一个": true, "两个": true, "一百": true, "一点五": true, "一个半": true, "一千克": true, "一打": true,
		"99": true, "￥9": true, "一折": true, "一半": true, "一成": true, "超过一个": true, "半斤": true, "one": true, "一年": true,
	} {
		if got := quantity.Common.MayHold([]rune(text), slight); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// FuzzMayHold: what MayHold says no to holds no amount above one.
func FuzzMayHold(f *testing.F) {
	for _, s := range []string{"一模一样", "一个一个来", "一点点", "一又二分之一", "不到一个", "一把一"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := []rune(s)
		if quantity.Common.MayHold(r, func(string) bool { return true }) {
			return
		}
		for _, q := range quantity.Scan(nil, r, nil) {
			if q.Value > 3000 || q.Dim != quantity.Bare && q.Dim != quantity.Count && q.Dim != quantity.Index {
				t.Fatalf("%q holds %+v", s, q)
			}
		}
	})
}
