package claims_test

import "testing"

// TestAPlaceAboveAllOthers: claimed without a superlative, and told apart from
// the same words about people, stock and taps.
func TestAPlaceAboveAllOthers(t *testing.T) {
	checkSpoken(t, bodyFacts, []spoken{
		{"B5", "absolute/banned", "煎锅这一行，我们说第二没人敢认第一"},
		{"B5", "absolute/banned", "全中国找不出第二口比它好的锅"},
		{"B5", "absolute/banned", "平底锅里的劳斯莱斯"},
		{"B8", "absolute/banned", "帐篷做到这个地步，往上再没有了"},
		{"B8", "absolute/banned", "谁家的帐篷打得过我们"},
		{"B9", "absolute/banned", "you won't find a better headphone on this planet"},
		{"B9", "absolute/banned", "耳机圈的皇帝，别的都是弟弟"},
		{"B1", "absolute/banned", "世上没有比它更补水的面膜"},
		{"B2", "absolute/banned", "红枣界坐头把交椅的就是我们"},
		{"B6", "absolute/banned", "淡斑精华里头，它后面那个连影子都看不见"},
		{"B4", "absolute/banned", "全世界就这么一家敢这么做玉镯"},
		{"B2", "-", "没有人比我更懂选枣"},
		{"B2", "-", "卖完就没了，找不到第二批"},
		{"B5", "-", "拧开水龙头冲一下就干净"},
		{"B5", "-", "我家老大最爱吃煎蛋"},
		{"B8", "-", "没有一款帐篷适合所有人"},
		{"B9", "-", "没有哪个耳机不怕水，小心点"},
		{"B9", "-", "nobody makes me laugh like you guys"},
		{"B1", "-", "谁也别跟我比手速"},
		{"B4", "-", "全场就这一件圈口五十六的"},
		{"B8", "-", "最后头那根杆子先穿"},
		{"B5", "-", "锅具里的爱马仕，说着玩的啊"},
	})
}
