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
		"扫我身后的码，打款备注姓名地址就成",
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
		"想要更便宜的点我头像进去有联系方式",
		"加卫星，号在我简介里",
		"一三八零零五七七，记下来，晚上给我打",
		"先拍一块钱的链接，尾款打我卡上",
		"把这单退掉，直接找我要，给你少二十",
		"包裹里有张小卡片，加上好友返你十块",
		"我把收款码举一下，你们截图，付完私信我地址",
		"走闲鱼吧，那边没有手续费，我再便宜你十五",
		"去拼夕夕搜我店名，同样的东西便宜八块",
		"不用在平台付，货到了你给快递小哥现金，我跟他说好了",
		"企微加一下，内部群里天天有隐藏价",
		"对公转账的老板联系我们财务，不走直播间",
		"下播了我单独发你链接，不是这个平台的哈",
		"我V信就是我名字拼音，加了直接报尺码付钱",
		"哥，平台抽我二十个点，你懂的，走老路",
		"Venmo me, skip all this, I'll throw in free shipping",
		"my website's in the bio, same thing twenty percent less",
		"friends and family on PayPal, saves us both the fee",
		"come by my shop on Fifth street, cash, no tax",
		"hit my DMs for the real price, this one's for the algorithm",
		"转两百九给老板娘就行，她给你发",
		"那个绿色的聊天软件，你们都有的，搜这个名字",
		"要货的到我们门店来，当面给钱，比线上便宜三成",
		"小黄鱼上搜我，一样的东西没有平台费",
		"不开票的话找我，账户发你，便宜六个点",
		"截我屏幕上这串号，今晚十二点前加，给成本价",
		"这价钱不能明着喊，下播以后咱换个地方聊",
		"你们看我名字后面那串拼音，复制了去那个聊天软件",
		"钱别往这上面交，直接给我爱人，她记账",
		"平台那一刀我不想挨，你们把号给我，我一个个回",
		"同城的面交，一手交钱一手交货，少收三十",
		"拍完退款，退完打我卡上，差价归你",
		"email me for an invoice, the app's cut is killing us",
		"let's take this offline, ping me, I'll do it for half",
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
		"联系方式在订单页，找客服就行",
		"头像就是我本人，没美颜",
		"手机号填错了收不到货，别填错",
		"拍完私信客服备注颜色",
		"我们在淘宝也有店，价格一样的",
		"有人冒充我们客服加你好友，别给钱",
		"快递放驿站，取件码发你手机上",
		"门店也有卖，价格跟直播间一样",
		"卡片上有洗涤说明，别扔",
		"加群的事别问了，没有群",
		"支持微信支付，也支持银行卡",
		"定金二十，尾款明晚八点在链接里付",
		"尾款记得付，不付不发货的",
		"退款三天到账，原路退回银行卡",
		"截图发客服，客服给你登记",
		"你们截图保存尺码表",
		"扫码溯源，码在瓶盖里",
		"关注主播点亮灯牌，进粉丝团",
		"直播间福袋点一下，抽中私信填地址",
		"想要发票的找客服开",
		"Follow the page, tap the yellow cart, that's it",
		"Our site has the same price, no difference",
		"Call customer service if the zip breaks",
		"I DM'd customer service myself and they fixed it",
	} {
		lines = append(lines, spoken{"W1", "-", text})
	}
	checkSpoken(t, awayFacts, lines)
}
