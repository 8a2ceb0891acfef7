package claims

import "liveroom/claims/lexicon"

// offplatform finds buyers led off the platform.
func (l *line) offplatform() {
	for _, m := range l.m {
		if m.Term.Class != lexicon.Offplatform || l.stanceOf(m.Start, m.End) != asserted || l.inName[m.Start] {
			continue
		}
		c := l.clauseAt(m.Start)
		if l.any(c.from, m.Start, "凡是", "谁让", "让你加", "叫你加", "冒充", "不要", "别", "不用", "有人加", "骗", "不让", "粉丝群", "粉丝团") || l.any(c.from, len(l.t.R), "诈骗", "骗子", "不是我们的人", "都是假", "规矩就是规矩", "别信") {
			continue
		}
		if l.weakOffplatform(m) {
			continue
		}
		l.wrong(CategoryOffplatform, VerdictBanned, m.Start, m.End, "offplatform", Finding{})
		return
	}
}

// weakOffplatform: words that lead away only together with another such word.
func (l *line) weakOffplatform(m lexicon.Match) bool {
	switch m.Term.Name {
	case "私聊", "私聊我", "加群", "进群", "私底下", "转我", "平台抽成", "平台抽佣", "平台扣点", "wechat", "绿泡泡", "wx", "vx", "微信号", "二维码付", "转账给我", "bank_transfer", "那边发", "汇款", "内部群", "老客户群":
		n := 0
		for _, o := range l.m {
			if o.Term.Class == lexicon.Offplatform && l.stanceOf(o.Start, o.End) == asserted {
				n++
			}
		}
		return n < 2 && !l.any(0, len(l.t.R), "转", "付款", "下单", "价", "便宜", "直接", "现金", "内购", "pay", "cheaper", "discount", "批发")
	}
	return false
}

// conduct finds abuse, gambling, vulgarity and scares.
func (l *line) conduct() {
	for _, m := range l.m {
		switch m.Term.Class {
		case lexicon.Abuse:
			l.abuse(m)
		case lexicon.Gamble:
			l.gamble(m)
		case lexicon.Vulgar:
			l.vulgar(m)
		case lexicon.Scare:
			l.scare(m)
		}
	}
}

func (l *line) misconduct(m lexicon.Match, rule string) {
	l.wrong(CategoryConduct, VerdictBanned, m.Start, m.End, rule, Finding{})
}

func (l *line) abuse(m lexicon.Match) {
	c := l.clauseAt(m.Start)
	if c.denied || l.any(c.from, c.to, "骂我", "有人骂", "说我", "别骂", "不骂") || c.quoted {
		return
	}
	switch m.Term.Name {
	case "滚", "废物", "要饭", "活该", "眼瞎", "瞎了", "饿死", "穷死", "妈的", "操", "瞎子", "绝后", "黑粉", "水军", "喷子", "脸皮", "厚脸皮", "白痴", "狗都不", "没文化", "就是穷", "没人要", "没人疼", "stupid", "你妈", "挠死", "狗吃了":
		if !l.any(0, len(l.t.R), "你", "滚出", "滚蛋", "滚去", "你们", "你家", "她", "you") {
			return
		}
		if m.Term.Name == "滚" && !l.ahead(m.End, "出", "蛋", "去", "远", "吧", "开") {
			return
		}
		if m.Term.Name == "你妈" && !l.ahead(m.End, "的", "死", "逼", "没") || m.Term.Name == "操" && !l.ahead(m.End, "你", "他", "蛋") {
			return
		}
	}
	if l.negates(c, m.Start, m.End) && m.Term.Name != "不要脸" {
		return
	}
	l.misconduct(m, "conduct.abuse")
}

func (l *line) gamble(m lexicon.Match) {
	if l.stanceOf(m.Start, m.End) != asserted {
		return
	}
	switch m.Term.Name {
	case "赌", "下注", "押中", "输的人", "bet", "彩票", "竞猜押金":
		if !l.any(0, len(l.t.R), "钱", "赢", "输", "翻倍", "免单", "下注", "骰", "压中", "押中", "双倍", "money") || l.any(0, len(l.t.R), "拿脸赌", "别赌", "赌一口气", "敢赌你") {
			return
		}
	}
	l.misconduct(m, "conduct.gamble")
}

func (l *line) vulgar(m lexicon.Match) {
	c := l.clauseAt(m.Start)
	if c.denied || c.quoted && !c.asked {
		return
	}
	switch m.Term.Name {
	case "裸", "淫", "骚", "尺度", "黄色", "小三", "情趣", "勾引", "高潮", "别想睡":
		if !l.any(0, len(l.t.R), "太大", "老公", "床上", "男人", "脱", "诱惑", "那种活", "今晚") {
			return
		}
	}
	if l.has(m.Start, "裸") && l.ahead(m.End, "色", "妆", "睡", "粉", "感", "钻", "石") {
		return
	}
	l.misconduct(m, "conduct.vulgar")
}

// scare: others' goods, or not buying, are said to cause illness or death.
func (l *line) scare(m lexicon.Match) {
	if l.stanceOf(m.Start, m.End) == silent {
		return
	}
	others := false
	for _, o := range l.m {
		if o.Term.Class == lexicon.OtherTarget {
			others = true
		}
	}
	others = others || l.any(0, len(l.t.R), "不买", "不换", "没囤", "还不买", "不囤", "不喝", "不吃", "你们家用", "你家用", "白纸", "涂层锅", "不粘锅", "普通", "你翻翻", "喝牛奶粉", "吃差粮", "内部消息", "every other", "everyone", "if you don't", "别的")
	if !others {
		return
	}
	switch m.Term.Name {
	case "毒", "有毒", "死了", "流产", "瞎", "断供", "停产", "中毒", "失明", "住院", "进医院", "die", "dying", "死猫", "病死猪", "封城", "地震", "要命", "寄生虫", "毒素", "癌", "工业胶", "瘫", "早熟":
		if !l.any(0, len(l.t.R), "得", "癌", "死", "孩", "住", "埋", "全有毒", "断子", "生不", "害", "后悔", "瘫", "病毒", "医院", "婴", "baby", "babies", "kids", "moms", "die", "icu", "超标") {
			return
		}
	}
	if l.any(0, len(l.t.R), "吓人", "别转", "没影的事", "别信", "不信", "先去医院") {
		return
	}
	l.misconduct(m, "conduct.scare")
}
