package claims_test

import "testing"

// TestWhatASuperlativeIsSaidOf: it is banned where it praises the goods, and
// silent where it is said of anything else.
func TestWhatASuperlativeIsSaidOf(t *testing.T) {
	checkSpoken(t, bodyFacts, []spoken{
		{"B5", "-", "我吃过最香的炒饭是我妈拿铁锅炒的"},
		{"B5", "-", "最好的厨艺是多练，锅只是帮手"},
		{"B5", "-", "再顶级的煎锅也怕钢丝球刮"},
		{"B5", "-", "我奶奶那口老锅才是最耐用的"},
		{"B5", "-", "火开到最大，三十秒就够"},
		{"B5", "-", "最大能放两个牛排"},
		{"B8", "-", "最高的那座山是我爬过的第一座"},
		{"B8", "-", "上回露营最冷到过零下八度"},
		{"B9", "-", "我听过最难忘的演唱会在体育馆"},
		{"B9", "-", "the best concert I ever saw was in a barn"},
		{"B9", "-", "my dog is the loudest animal on earth, sorry"},
		{"B9", "-", "even the best headphones in the world need charging"},
		{"B1", "-", "最好的护肤就是少熬夜"},
		{"B2", "-", "我最爱吃甜的，没有之一"},
		{"B8", "-", "这是我们自家三款里最轻的一款"},
		{"B5", "absolute/banned", "全国最好用的煎锅就在这"},
		{"B5", "absolute/banned", "这是顶级的煎锅"},
		{"B5", "absolute/banned", "它才是最耐用的锅"},
		{"B9", "absolute/banned", "this is the best headphone in the world"},
		{"B9", "absolute/banned", "honestly the best sound on the planet"},
		{"B9", "absolute/banned", "全世界音质最好的耳机"},
		{"B2", "absolute/banned", "最有营养的红枣，别家比不了"},
		{"B8", "absolute/banned", "市面上最结实的帐篷"},
		{"B1", "absolute/banned", "最补水的面膜，全网第一"},
	})
}
