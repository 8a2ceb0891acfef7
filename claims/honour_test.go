package claims_test

import "testing"

const honourFacts = `sku,name,category,price,patents,honours,developer,licences
H1,沐山颈枕,home,139,,,,
H2,清和冷敷凝胶,medical_device,39,,,,粤械备20220011
H3,雁来智能壶,electronics,329,ZL202120000001.1,2022年广东省优秀设计奖,,3C认证
`

// TestHonours: what is won, held, tested or lent to the goods is told by what is
// done and what is got; the same names alone are talk.
func TestHonours(t *testing.T) {
	lines := []spoken{
		{"H2", "credential/contradicted", "这个是二类医疗器械"},
		{"H2", "-", "一类备案的器械，备案号写在盒上"},
		{"H3", "-", "这把壶拿过省里的优秀设计奖"},
		{"H3", "credential/contradicted", "这把壶拿的是全国设计金奖"},
		{"H3", "credential/contradicted", "光专利就有四个，证书都在这"},
		{"H3", "-", "有一个实用新型的专利"},
		{"H1", "credential/unsupported", "检测中心盖过章，十二项全过，放心枕"},
	}
	for _, text := range []string{
		"前年上海美博会，它抱回来一座奖杯",
		"德国红点都给它颁过奖的",
		"获奖面料，评委全票",
		"这件衣服专利加起来有八个",
		"专利证书一沓，少说六张",
		"好几家医院皮肤科的护士都囤着用",
		"省医院发热门诊天天用它",
		"国家队运动员备战就嚼这个",
		"宠物医院的院长自己家猫吃的就是它",
		"市妇幼产科点名要的",
		"达到医护级标准，比A类还严",
		"军工级降噪芯片",
		"航天员用的同级别电芯",
		"卫健委红头文件推荐的",
		"中科院皮肤所给调的方子",
		"和哈佛的团队一块儿做出来的",
		"电视台来拍过，专门讲我们这条围巾",
		"故宫文创指定供应商",
		"it won a gold at the Paris sleep expo",
		"pilots and air force guys swear by it",
		"two patents on the zipper and three on the lining",
	} {
		lines = append(lines, spoken{"H1", "credential/unsupported|credential/contradicted", text})
	}
	for _, text := range []string{
		"我女儿钢琴比赛拿过奖，我可骄傲了",
		"得奖的朋友私信我领奖品",
		"奥运期间我天天熬夜看比赛",
		"故宫那边我去过，没这个颜色",
		"清朝的东西我卖不起，这是新做的",
		"实验室的同学说宿舍插座不够用",
		"冠军那根竿子是人家定制的",
		"我们没拿过什么奖，就是实在",
		"院线那种仪器我没有，就洗个脸",
		"三甲医院的皮肤科挂号去，别问我",
		"量完拿着记录去协和看医生",
		"央视那个节目我没上过",
		"博士同学帮我搬的货",
		"教授买了一件，说暖和",
		"专家说枕头高度要因人而异",
		"幼儿园老师让带三片去",
		"这个颜色是今年限量款，卖完就没",
		"名牌我也戴不起，图个喜欢",
		"检测报告在详情页最后一张",
		"橙子的有机证书我们没有，没申请",
		"认证的事别听我的，看包装",
		"和我身上穿的同款颜色",
		"军用的那种你得去别处买",
		"老师傅磨刀别找我，我磨不好",
		"医生让你测早晚两次",
		"专利没有，就是普通退黑素",
		"比赛还有一个月，报名从速",
	} {
		lines = append(lines, spoken{"H1", "-", text})
	}
	checkSpoken(t, honourFacts, lines)
}
