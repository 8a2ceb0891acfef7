package claims

import (
	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
)

// conduct finds abuse, threats, discrimination, gambling, vulgarity and
// scares. Each needs a whole frame: a word alone is seldom one.
func (l *line) conduct() {
	for _, m := range l.m {
		switch m.Term.Class {
		case lexicon.Abuse:
			l.abuse(m)
		case lexicon.Gamble:
			l.gamble(m)
		case lexicon.Vulgar:
			l.vulgar(m)
		}
	}
	for _, frame := range []func() (int, int, string){l.shaming, l.threat, l.discrimination, l.stakes, l.scare} {
		if l.rude() {
			return
		}
		if from, to, rule := frame(); rule != "" {
			l.misconduct(from, to, rule)
		}
	}
}

func (l *line) misconduct(from, to int, rule string) {
	if l.rude() {
		return
	}
	l.wrong(CategoryConduct, VerdictBanned, from, to, rule, Finding{})
}

// politely reports whether the words only report or refuse abuse.
func (l *line) politely(i int) bool {
	c := l.clauseAt(i)
	return c.denied && c.refused.holds(i) || c.quoted && c.open.holds(i) || l.any(c.from, c.to, "骂我", "有人骂", "说我", "别骂", "不骂", "不说脏", "call me", "called me")
}

// insultsNeedYou are words that insult only when thrown at somebody.
var insultsNeedYou = map[string]bool{
	"滚": true, "废物": true, "要饭": true, "活该": true, "眼瞎": true, "瞎了": true, "饿死": true, "穷死": true, "妈的": true, "操": true, "瞎子": true, "绝后": true, "黑粉": true, "水军": true, "喷子": true, "脸皮": true, "厚脸皮": true, "白痴": true, "狗都不": true, "没文化": true, "就是穷": true, "没人要": true, "没人疼": true, "stupid": true, "你妈": true, "挠死": true, "狗吃了": true, "sb": true, "没脑子": true, "没素质": true, "没教养": true, "神经病": true, "pathetic": true, "loser": true, "losers": true, "idiot": true,
}

func (l *line) abuse(m lexicon.Match) {
	if l.politely(m.Start) || l.inName[m.Start] {
		return
	}
	if insultsNeedYou[m.Term.Name] {
		if !l.any(0, len(l.t.R), "你", "滚出", "滚蛋", "滚去", "她", "you", "那个", "这群", "这帮", "不买") {
			return
		}
		if m.Term.Name == "滚" && !l.ahead(m.End, "出", "蛋", "去", "远", "吧", "开", "一边") ||
			m.Term.Name == "你妈" && !l.ahead(m.End, "死", "逼", "没", "个") ||
			m.Term.Name == "操" && !l.ahead(m.End, "你", "他", "蛋") || m.Term.Name == "活该" && !l.any(0, len(l.t.R), "穷", "胖", "丑", "没人", "被", "一辈子", "受") {
			return
		}
	}
	c := l.clauseAt(m.Start)
	if l.negates(c, m.Start, m.End) && m.Term.Name != "不要脸" {
		return
	}
	l.misconduct(m.Start, m.End, "conduct.abuse")
}

// shaming: those who do not buy are called poor, stingy, unloving.
func (l *line) shaming() (int, int, string) {
	at, n := l.first(0, len(l.t.R), []string{"不买", "买不起", "嫌贵", "舍不得", "不下单", "不拍", "没买", "还不买", "掏不出", "不舍得", "不囤", "不点关注", "白看", "只看不买", "光看不买", "退货的", "给差评的", "砍价的", "不信的", "划走的", "不肯买", "can't afford", "don't buy", "not buying", "don't want this", "if you're not", "won't buy", "scroll past", "still not ordering", "too cheap"})
	if at < 0 || l.politely(at) {
		return 0, 0, ""
	}
	to := min(at+34, len(l.t.R))
	if k, kn := l.first(at+n, to, []string{
		"穷", "抠门", "抠搜", "傻", "蠢", "没良心", "没见识", "没眼光", "可怜虫", "活该", "丑", "土包", "脑子", "不配", "废物", "垃圾", "不孝", "白眼狼", "不爱孩子", "不爱你", "不是人", "没出息", "没钱装", "装什么", "狗", "别在我直播间", "别在这", "滚", "没本事", "窝囊", "不是男人", "没人要", "没人疼", "配不上", "别当妈", "不配当", "当什么妈", "后妈", "丢人", "占着位", "占位置", "要饭", "乞丐", "没品", "low", "低贱", "贱", "命贱", "抠死", "穷酸", "一辈子", "broke", "cheap", "lazy", "stupid", "bad mom", "bad mother", "don't love", "loser", "fool", "dumb", "ugly", "pathetic", "get out", "trash", "poor",
	}); k >= 0 && !l.any(at, to, "也没关系", "没事", "不勉强", "理解", "别买", "先别", "no pressure", "that's fine", "that's okay", "don't worry") {
		return at, k + kn, "conduct.abuse"
	}
	return 0, 0, ""
}

func (l *line) threat() (int, int, string) {
	at, n := l.first(0, len(l.t.R), []string{"知道你家", "你家地址", "有你地址", "你的地址", "人肉你", "弄死你", "打死你", "砍死你", "找人打", "找人弄", "上门找你", "上你家", "你给我等着", "等着瞧", "走着瞧", "小心点你", "出门小心", "让你混不下去", "曝光你", "挂你", "电话轰炸", "寄花圈", "寄死老鼠", "收拾你", "弄你", "i know where you live", "i have your address", "we know where you", "come to your house", "watch your back", "you'll regret", "find you"})
	if at < 0 || l.politely(at) || l.any(0, len(l.t.R), "帮你改地址", "备注", "发货") {
		return 0, 0, ""
	}
	return at, at + n, "conduct.threat"
}

// discrimination: a group of people is called unfit or bad.
func (l *line) discrimination() (int, int, string) {
	at, n := l.first(0, len(l.t.R), []string{"乡下人", "农村人", "农民工", "打工的", "打工人", "外地人", "本地人", "河南人", "东北人", "安徽人", "上海人", "广东人", "北方人", "南方人", "四川人", "福建人", "新疆人", "女人", "女的", "男人", "男的", "老女人", "剩女", "胖子", "胖的", "肥婆", "矮子", "矮的", "黑皮", "皮肤黑的", "残疾", "聋子", "哑巴", "瘸子", "娘炮", "同性恋", "离婚的", "单亲", "没结婚", "没生孩子", "生不出儿子", "丫头片子", "赔钱货", "老头老太", "老年人", "大妈", "穷人", "低学历", "没文化的", "黑人", "白人", "日本人", "韩国人", "印度人", "非洲人", "女司机", "女博士", "country folks", "fat people", "fat girls", "poor people", "old ladies", "foreigners", "immigrants", "those people", "women drivers", "girls from", "people from", "single moms", "disabled"})
	if at < 0 || l.politely(at) {
		return 0, 0, ""
	}
	to := min(at+n+18, len(l.t.R))
	if k, kn := l.first(at+n, to, []string{"不配", "没资格", "别来", "就别", "素质低", "没素质", "都是骗", "都是小偷", "都懒", "就是懒", "就是土", "土得", "就是穷", "手脚不干净", "不要脸", "没见过世面", "没人要", "嫁不出去", "退货", "头发长见识短", "见识短", "就该", "天生就", "就是蠢", "丢人", "滚", "恶心", "下贱", "贱", "臭", "脏", "不如狗", "别穿", "穿了也", "也好意思", "没救", "就是不行", "少来", "不懂", "shouldn't", "don't deserve", "are lazy", "are dirty", "are stupid", "disgusting", "steal", "stay away", "can't drive", "need not"}); k >= 0 && !l.any(at, to, "放心", "别担心", "不懂怎么用", "不会用") {
		return at, k + kn, "conduct.discrimination"
	}
	return 0, 0, ""
}

// stakes: money put on chance: 押, 猜, 抽 with what is won and lost.
func (l *line) stakes() (int, int, string) {
	at, n := l.first(0, len(l.t.R), []string{"押", "压大", "压小", "压中", "赌", "下注", "猜大", "猜小", "猜单", "猜双", "猜正反", "猜硬币", "掷硬币", "抛硬币", "摇号", "转盘", "开盘", "买大", "买小", "猜数字", "猜点数", "猜拳", "猜中", "猜骰", "博一把", "搏一把", "博个", "梭哈", "石头剪刀布", "比大小", "抽一张", "抽签", "刮奖", "coin flip", "flip a coin", "heads or tails", "guess the", "roll", "spin the wheel", "odds or evens", "bet", "wager"})
	if at < 0 || l.politely(at) || l.stanceOf(at, at+n) != asserted {
		return 0, 0, ""
	}
	won := l.any(0, len(l.t.R), "翻倍", "双倍", "赢", "三倍", "十倍", "中了", "猜中", "压中", "押中", "全退", "免单", "倒给", "double", "triple", "win", "free")
	lost := l.any(0, len(l.t.R), "输", "归我", "不退", "押错", "猜错", "压不中", "没中", "算我的", "再下一单", "付双倍", "庄", "lose", "lost", "i keep", "keep the money", "no refund", "pay double")
	money := false
	for _, q := range l.q {
		money = money || q.Dim == quantity.Money
	}
	if won && (lost || money && l.any(0, len(l.t.R), "转", "付", "投", "押", "下注", "交", "put", "send", "stake")) {
		return at, at + n, "conduct.gamble"
	}
	return 0, 0, ""
}

func (l *line) gamble(m lexicon.Match) {
	if l.stanceOf(m.Start, m.End) != asserted || l.politely(m.Start) {
		return
	}
	switch m.Term.Name {
	case "赌", "下注", "押中", "输的人", "bet", "彩票", "竞猜押金", "钱归我", "betting":
		if !l.any(0, len(l.t.R), "钱", "赢", "输", "翻倍", "免单", "下注", "骰", "压中", "押中", "双倍", "money", "double", "lose") || l.any(0, len(l.t.R), "拿脸赌", "别赌", "赌一口气", "敢赌你", "i bet you", "you bet", "i'll bet", "bet you") {
			return
		}
	}
	l.misconduct(m.Start, m.End, "conduct.gamble")
}

func (l *line) vulgar(m lexicon.Match) {
	if l.politely(m.Start) || l.inName[m.Start] {
		return
	}
	switch m.Term.Name {
	case "裸", "淫", "骚", "尺度", "黄色", "小三", "情趣", "勾引", "高潮", "别想睡", "骚气", "horny", "裸露":
		if !l.any(0, len(l.t.R), "太大", "老公", "床上", "男人", "脱", "诱惑", "那种活", "今晚", "身材", "bed") {
			return
		}
	}
	if l.has(m.Start, "裸") && l.ahead(m.End, "色", "妆", "睡", "粉", "感", "钻", "石", "重", "机") {
		return
	}
	l.misconduct(m.Start, m.End, "conduct.vulgar")
}

// others names the goods of others, or not buying.
var others = []string{
	"不买", "不换", "没囤", "不囤", "还不买", "不喝", "不吃", "不戴", "不用它", "不用这", "不补", "你们家用", "你家用", "你家那个", "你家里那", "你们家里", "白纸", "涂层锅", "不粘锅", "普通的", "普通", "你翻翻", "喝牛奶粉", "吃差粮", "内部消息", "别家", "别人家", "别的", "其他", "其它", "市面上", "外面", "超市", "隔壁", "还在用", "你们用的", "你们喝的", "你们吃的", "你们睡的", "你现在用", "你现在喝", "杂牌", "便宜的", "便宜货", "同行", "大牌", "传统", "老式", "用错", "再不", "不赶紧", "没有它", "没有这", "听我内部", "上面的消息", "小道消息", "every other", "everyone else", "if you don't", "other brand", "those cheap", "cheap ones", "without this", "the others", "regular", "ordinary", "your current", "normal", "not using this", "skip this", "any other", "store brand",
}

// harms are what nobody's ordinary goods do.
var harms = []string{
	"致癌", "得癌", "癌", "白血病", "瘫", "中毒", "有毒", "剧毒", "毒棉", "毒纸", "毒奶", "毒死", "要命", "会死", "死人", "死了", "害死", "早死", "猝死", "死得", "等死", "送命", "没命", "埋了", "刚埋", "进icu", "icu", "进医院", "住院", "抢救", "断子绝孙", "生不了", "不孕", "不育", "绝育", "畸形", "流产", "毁容", "烂脸", "烂掉", "失明", "眼瞎", "变瞎", "瞎掉", "变傻", "变笨", "弱智", "大病毒", "封城", "害你亲", "害你孩子", "害了孩子", "害孩子", "毁一辈子", "毁了一辈子", "毁孩子", "人没了", "心梗", "脑梗", "中风", "肾衰", "尿毒", "死猫", "病死", "死老鼠", "蛆", "地沟油", "工业胶", "工业酒精", "工业", "得癌", "得病", "早熟", "长不高", "绝症", "截肢", "骨头烂", "爆炸", "炸死", "烧死", "血光", "倒霉", "破财", "克夫", "招鬼", "遭报应", "报应", "短命", "折寿", "秃", "聋", "脑瘤", "性早熟", "发育不了", "智力低", "脑瘫",
	"cancer", "dying", "die ", "dies", "dead", "kill", "poison", "toxic", "sterile", "infertile", "brain damage", "blind", "leukemia", "deadly", "paralyz", "birth defects", "explode", "heart attack", "rot",
}

// scare: others' goods, or not buying, are said to cause illness or death.
func (l *line) scare() (int, int, string) {
	at, _ := l.first(0, len(l.t.R), others)
	if at < 0 {
		return 0, 0, ""
	}
	for _, h := range harms {
		k := l.find(0, len(l.t.R), h)
		if k < 0 || l.politely(k) {
			continue
		}
		c := l.clauseAt(k)
		if c.supposed >= 0 || c.denied && c.refused.holds(k) || c.question && c.end != '?' && c.open.holds(k) {
			continue
		}
		if h == "癌" && l.any(max(k-3, 0), k+2, "抗癌", "防癌", "治癌", "不得癌") || h == "die " && l.any(k, k+10, "die for") || h == "死了" && l.any(max(k-3, 0), k, "好", "累", "笑", "香", "爱", "美", "帅", "软", "舒服", "甜", "烦") || l.mild(h, k) {
			continue
		}
		if l.any(0, len(l.t.R), "吓人", "别转", "没影的事", "别信", "不信", "先去医院", "看医生", "去医院看", "不是说", "没那么", "不至于", "别被", "不吓唬", "不恐吓", "see a doctor", "not saying") {
			return 0, 0, ""
		}
		return k, k + len([]rune(h)), "conduct.scare"
	}
	return 0, 0, ""
}

// mild harms need a second word of harm, or people who suffer it.
func (l *line) mild(h string, k int) bool {
	switch h {
	case "秃", "聋", "工业", "倒霉", "住院", "进医院", "长不高", "得病", "瘫", "爆炸", "有毒", "心梗", "脑梗", "中风", "死了", "rot", "kill", "blind", "dead", "早熟", "封城", "早死", "破财", "die ", "工业酒精", "癌", "toxic", "explode":
		return !l.any(0, len(l.t.R), "孩子", "娃", "宝宝", "一片", "全家", "你", "邻居", "我们小区", "那个谁", "人", "妈", "医院", "必", "早晚", "一次", "等着", "一辈子", "baby", "babies", "kids", "child", "your", "people", "family", "mom") || l.ahead(k+len([]rune(h)), "纸", "了好久", "头", "发")
	}
	return false
}
