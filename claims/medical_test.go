package claims_test

import "testing"

// TestIllnessesPromisedAway: any illness, by name or by its last character,
// that is said to go, or whose patients are told to use the goods.
func TestIllnessesPromisedAway(t *testing.T) {
	checkSpoken(t, bodyFacts, []spoken{
		{"B2", "medical/banned", "胆囊炎的吃上一个月，再没犯过"},
		{"B2", "medical/banned", "我婶子心绞痛，天天喝这个红枣茶，现在爬楼都不喘"},
		{"B3", "medical/banned", "反酸烧心的，早晚各一粒，慢慢就好了"},
		{"B3", "medical/banned", "桥本的姐妹吃它就对了，结节都缩了"},
		{"B4", "medical/banned", "肩周炎的戴着，胳膊就能抬起来了"},
		{"B5", "medical/banned", "换了这口锅，我爸脂肪肝都没了"},
		{"B6", "medical/banned", "玫瑰糠疹擦两天就退"},
		{"B8", "medical/banned", "睡帐篷里，哮喘都缓过来了"},
		{"B9", "medical/banned", "听着听着耳鸣就没了"},
		{"B10", "medical/banned", "宝宝毛囊炎穿这个，三天收口"},
		{"B3", "medical/banned", "my dad came off his meds after two boxes, reflux is gone"},
		{"B2", "-", "甲亢的先问大夫能不能吃"},
		{"B2", "-", "得了胃溃疡的别空腹吃枣"},
		{"B3", "-", "过敏性鼻炎的要看医生，这个只是益生菌"},
		{"B6", "-", "湿疹期间停用，等好了再擦"},
		{"B10", "-", "湿疹的宝宝先在耳后试一下"},
		{"B7", "-", "心律不齐的用户量两遍，记录下来给医生看"},
		{"B8", "-", "炎热的夏天帐篷里挂个小风扇"},
	})
}
