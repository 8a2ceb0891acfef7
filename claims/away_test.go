package claims_test

import "testing"

const awayFacts = `sku,name,aliases,category,price,promises,ships_within
W1,木语实木餐椅,餐椅;椅子,home,299,,72h
W2,岭上脐橙,橙子,food,59,坏果包赔,48h
`

// TestDealsLedAway: a deal led off the platform is found by its parts, in
// whatever words; the same parts are ordinary one by one.
func TestDealsLedAway(t *testing.T) {
	var lines []spoken
	for _, text := range []string{
		"要得多的老板把您电话打在公屏上，我一会儿回您，价格好谈",
		"这边下单贵五十，进我那个小群，发红包过来我直接给你发",
		"别点下面链接，平台要抽成，直接转到我支付宝",
		"我的号写在背后白板上了，存下来，晚上找我拿内部价",
		"想省钱的加一下我助理，备注椅子，走微信转账",
		"这上面标的是给外人看的价，老客都是私下找我结账",
		"到我仓库来拉，现金结，一把少收三十",
		"扫我身后的码，打款备注姓名地址，我明天给你发",
		"橱窗里别拍了，同城的线下交钱给我就行",
		"咱们悄悄的，别往外说，转给我就行",
		"我拉个群，群里接龙，钱打我卡上就给你们发",
		"不走系统啊，直接微信红包，省下来的都是你的",
		"加老板娘微信，价钱好说，别在这儿下单",
		"呢度唔好落单，入我群，过数俾我平啲",
		"Skip the cart, Zelle me and I'll knock forty off each chair",
		"Text me, number's on the wall, cash only and it's half the price",
		"Don't check out here, message me on WhatsApp and pay me direct",
		"Scan the code behind me and wire the money, I ship from my garage, no platform fee",
	} {
		lines = append(lines, spoken{"W1", "offplatform/banned", text})
	}
	for _, text := range []string{
		"微信支付宝花呗都能付，点小黄车就行",
		"椅子脚上有个二维码，扫一下就是安装视频",
		"尺寸拿不准的私信我，我给你量",
		"别在这儿拍照哈，光线不好，我转过来给你们看",
		"谁加你好友说能便宜，那都是骗子，别转钱",
		"快递到了会打你手机，记得接电话",
		"进粉丝群领券，领完回来拍二号链接",
		"我从来不加微信，也不收红包，都走平台",
		"有人问能不能线下转账，不行，平台不允许",
		"这个链接别拍了，缺货，拍三号链接",
		"手机横过来看，画面大一点",
		"我朋友圈里全是这把椅子的照片",
		"地址写错的联系客服改，客服电话在订单页",
		"把电话和楼层备注好，送货师傅要打给你",
		"关注一下主页，明天同一时间开播",
		"红包雨还有三分钟，抢到的直接抵扣",
		"退款会原路退回你的支付宝",
		"Message us in the app if a leg is missing, we'll send one",
		"Tap the heart, share the room, check out in the cart below",
		"If anyone texts you for a bank transfer, that's not us, report them",
	} {
		lines = append(lines, spoken{"W1", "-", text})
	}
	checkSpoken(t, awayFacts, lines)
}
