package claims_test

import "testing"

const conductFacts = `sku,name,category,price
V1,远帆充电宝,electronics,99
V2,絮语床品套装,home,299
`

// TestConduct: scorn, dread, stakes and lewdness are put together of parts; the
// same words are ordinary where nobody is put down or scared.
func TestConduct(t *testing.T) {
	var lines []spoken
	for _, text := range []string{
		"脸上那么多坑，亏你还有脸出门",
		"戴地摊货出门，别人一看就知道你是穷命",
		"大冬天给爹妈穿这种破棉袄，你也配当儿女",
		"给孩子用便宜尿裤的，心比后妈还狠",
		"连猫都养不起就别养了，丢死个人",
		"在床单上省钱的男人，一辈子没出息",
		"说我卖假货的那条疯狗，赶紧滚出直播间",
		"你们手里的杂牌充电宝都是翻新电池，我们楼上那家人全烧没了",
		"外面的肉干都拿病死猪做的，小孩吃了得白血病",
		"超市小米全打了药，孕妇吃了孩子畸形，没人敢报道",
		"不补钙的老人活不过七十，我们村一年抬走八个",
		"失眠不治的，最后都疯了跳楼了，你想当下一个吗",
		"隔壁单元老李不量血压，上礼拜人就没了，你爸就是下一个",
		"没有玉护身的今年都要倒大霉，我姑不信，儿子没了",
		"你现在用的洗面奶全是工业碱，洗三年脸就烂光",
		"别人家的连体衣全是荧光剂，娃穿了绝后",
		"不抹防晒的四十岁都得皮肤癌死掉",
		"猜我左手右手，猜中白拿，猜错付双份",
		"掷个骰子，六点免单，一点两点你给双倍",
		"哥哥们多刷点，刷到一万我把外套脱了",
		"Moms who skip this are killing their babies slowly, and the news won't say it",
		"Look at that cheap rag on your neck, no wonder he left you",
	} {
		lines = append(lines, spoken{"V2", "conduct/banned", text})
	}
	for _, text := range []string{
		"床上四件套一共四件",
		"床上用品记得单独洗",
		"这床被套铺在床上特别平整",
		"我婆婆他妈妈也戴这条",
		"给你妈妈的尺码拍均码就行",
		"宝妈的包里塞得下",
		"我家傻狗也偷吃猫粮",
		"土狗也能喂，注意别多喂",
		"饿死了，我先咬一口给你们看看",
		"你们脸皮薄的地方轻轻点涂",
		"你全家都能用，老人小孩不挑",
		"胖子也能穿，放心拍",
		"北方人南方人都适合",
		"你皮肤黑也没关系，都能用",
		"晒黑了别怪我，出门记得补",
		"充电宝别放高温的地方，会鼓包",
		"别自己拆开，电芯短路会爆炸",
		"关节疼的先去医院看",
		"我瘦得跟猴似的，你们别学我",
		"宝宝红屁股要去看医生",
		"我这张老脸都三十八了，还在镜头前晃",
		"别丢人现眼了，我自己说我自己",
		"钓鱼佬老婆骂我败家，哈哈",
		"音量别开太大，耳朵会聋的",
		"老公打呼噜睡得跟死猪一样，被子照样盖得好",
		"我家猫挑食挑得要命",
		"小米粥熬糊了，锅底黑得跟煤球一样",
		"这枕头死沉死沉的",
		"买不起没关系，看看也行，别勉强",
		"嫌贵的我理解，鹅绒就是这个成本",
		"穿两年穿烂了再来",
		"紫外线晒多了对皮肤有害，做好防晒",
		"熬夜伤身体，早点睡",
		"长斑不丢人，谁都会长",
		"It's cheap for what it is, no shame in waiting for a sale",
		"I'm too cheap to buy two, so I share with my kid",
		"an airline could ban this above a certain size, check first",
		"上床前把灯关了，被子一盖就睡着",
		"盖子啪一下就合上了",
		"价格再低一点都要亏了",
		"师傅上你家教你打饵都行",
		"挂你脖子上一点不显老",
		"挂你家墙上省地方",
		"脱衣服试了一下，里面穿毛衣也行",
		"老司机都知道长途要带充电宝",
		"野外湿身了赶紧换衣服",
		"宝宝扑倒在垫子上，不怕",
		"收拾你家灶台就用它",
		"曝光你们看一下配料表",
		"黄色这套老公也喜欢",
		"小三圈的手链我们没有",
		"睡你旁边的那位也能用",
		"裸粉色围巾，配大衣好看",
		"做爱心捐赠的那批枕头",
		"高潮部分来了，今天的福利",
		"别赌运气，买有3C的",
		"跟我赌一把谁先上鱼，输的请吃饭",
		"赌石我不碰，这是成品",
		"大转盘抽奖，点右上角免费转",
		"猜猜几斤，猜对的送一包试吃",
		"走着瞧，过两天就降温了",
		"小心点你的线，别踩断了",
		"找你上门取件的是顺丰",
		"彩票我一次没中过，别问我",
		"I bet you'll wear it every day",
		"naked wool smell, a bit like sheep",
		"this jerky is addictive, you'll regret eating the whole bag",
		"find you the right cable in the box",
		"弄你一身毛的是便宜货，这件不掉",
	} {
		lines = append(lines, spoken{"V2", "-", text})
	}
	checkSpoken(t, conductFacts, lines)
}
