package claims_test

import "testing"

const pledgeFacts = `sku,name,category,price,promises,returns_7d,ships_within
W3,岭上脐橙,food,59,坏果包赔,no,48h
W4,木语实木餐椅,home,299,一年质保,yes,72h
W5,星砂银项链,jewellery,199,,no,48h
`

// TestPledges: what is offered is read by its parts, whatever the words, and
// held against what the sheet promises.
func TestPledges(t *testing.T) {
	checkSpoken(t, pledgeFacts, []spoken{
		{"W3", "promise/contradicted", "吃两个觉得不好吃，剩下的寄回来，钱一分不少退你"},
		{"W3", "promise/contradicted", "开了封也没事，一礼拜之内不满意就退"},
		{"W3", "promise/unsupported", "烂一个我赔你一整箱"},
		{"W3", "-", "烂了的拍照，坏几个赔几个"},
		{"W3", "-", "生鲜不退的哈，坏了才赔"},
		{"W4", "promise/contradicted", "用三十年，裂了我给你换新的"},
		{"W4", "promise/contradicted", "这椅子保一辈子，散架了来找我"},
		{"W4", "-", "一年之内榫头松了给你修"},
		{"W4", "-", "保一年，一年以后修要收工本费"},
		{"W4", "promise/contradicted", "五年内随便什么毛病都免费修"},
		{"W4", "-", "不喜欢七天内退回来就行，别磕着"},
		{"W4", "promise/contradicted|promise/unsupported", "坐三个月不喜欢也能退，全额"},
		{"W4", "promise/contradicted|promise/unsupported", "用旧了拿回来，我按原价收"},
		{"W4", "promise/contradicted|promise/unsupported", "试坐一百天，不满意上门拉走"},
		{"W4", "promise/contradicted", "换到你孙子都能坐，终身的"},
		{"W5", "promise/unsupported", "掉一颗钻我补你一对新的，一辈子都认"},
		{"W5", "promise/contradicted", "戴过洗过都能退，七天里随你"},
		{"W5", "-", "定做的刻了字，不退不换"},
		{"W5", "promise/unsupported", "两年以后拿回来照金价回收"},
		{"W5", "-", "旧首饰可以去金店回收，我们不收"},
		{"W4", "-", "退货地址在包裹里，别填错"},
		{"W4", "-", "你们别拍错颜色，来回换很麻烦"},
		{"W4", "-", "椅垫脏了换一个就行，十几块钱"},
		{"W4", "promise/contradicted", "lifetime cover, anything cracks we fix it free"},
		{"W4", "-", "it's a one year warranty, after that you pay for parts"},
		{"W3", "promise/contradicted", "try a few, hate them, send the rest back for a full refund"},
		{"W4", "-", "我换了个角度给你们看椅背"},
		{"W4", "-", "家里换季换椅套的看三号链接"},
		{"W4", "promise/unsupported", "坏了赔你两把"},
	})
}
