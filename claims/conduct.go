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
	for _, frame := range []func() (int, int, string){l.shaming, l.scorned, l.threat, l.discrimination, l.stakes, l.scare, l.dreaded, l.threatNews, l.lewd} {
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
	if l.waived {
		return false
	}
	c := l.clauseAt(i)
	if c := l.clauseAt(i); l.any(c.from, i, listed("wave.about")...) || l.behind(i, "骂") || c.question && c.end == '?' && !l.any(c.from, c.to, "你是", "你个", "是不是") {
		return true
	}
	if _, why := l.stand(i, i+1); why == "speech.quoted" && !l.any(l.clauseAt(i).from, i, "你") || l.waved(i) {
		return true
	}
	return c.denied && c.refused.holds(i) || c.quoted && c.open.holds(i) || l.any(c.from, c.to, listed("conduct.politely.near")...)
}

// insultsNeedYou are words that insult only when thrown at somebody.
var insultsNeedYou = map[string]bool{
	"滚": true, "废物": true, "要饭": true, "活该": true, "眼瞎": true, "瞎了": true, "穷死": true, "操": true, "瞎子": true, "绝后": true, "黑粉": true, "水军": true, "喷子": true, "厚脸皮": true, "白痴": true, "狗都不": true, "没文化": true, "就是穷": true, "没人要": true, "没人疼": true, "stupid": true, "挠死": true, "狗吃了": true, "sb": true, "没脑子": true, "没素质": true, "没教养": true, "神经病": true, "pathetic": true, "loser": true, "losers": true, "idiot": true, "他妈": true,
}

// insultsWith are words that insult only before or behind others: 你全家都能用
// and 宝妈的包 are ordinary talk, a 土狗 is a dog.
var insultsWith = map[string]struct{ ahead, behind []string }{
	"滚":   {ahead: []string{"出", "蛋", "去", "远", "吧", "开", "一边", "犊子"}},
	"你妈":  {ahead: []string{"死", "逼", "没", "个"}},
	"你全家": {ahead: []string{"死", "破产", "都得", "脚上", "烂", "炸", "遭", "绝", "没一个", "不得", "等着"}, behind: []string{"祝", "咒", "肉", "死", "操", "骂"}},
	"操":   {ahead: []string{"你", "他", "蛋"}},
	"土狗":  {behind: []string{"你个", "你这", "你这个", "你就是", "一群", "帮"}},
	"傻狗":  {behind: []string{"你个", "你这", "你这个", "你就是", "一群", "帮"}},
	"肥猪":  {behind: []string{"你个", "你这", "你这个", "你就是", "一群", "帮", "头", "死"}},
	"猪头":  {behind: []string{"你个", "你这", "你这个", "你就是", "一群"}},
	"饿死":  {ahead: []string{"你", "算了", "活该"}, behind: []string{"等着", "让你", "回家"}},
	"脸皮":  {ahead: []string{"厚", "比城墙", "真厚", "够厚"}, behind: []string{"厚", "不要"}},
	"瞎了":  {behind: []string{"眼", "狗眼", "眼睛", "你是", "你"}},
}

func (l *line) abuse(m lexicon.Match) {
	if l.politely(m.Start) || l.inName[m.Start] {
		return
	}
	if insultsNeedYou[m.Term.Name] && !l.any(0, len(l.t.R), listed("conduct.abuse.addressed")...) {
		return
	}
	if with, ok := insultsWith[m.Term.Name]; ok && !l.ahead(m.End, with.ahead...) && !l.behind(m.Start, with.behind...) {
		return
	}
	switch m.Term.Name {
	case "活该":
		if !l.any(0, len(l.t.R), listed("conduct.abuse.low")...) {
			return
		}
	case "妈的": // of 宝妈的, 我妈的 it is the tail
		if c := l.clauseAt(m.Start); m.Start != c.from && !l.behind(m.Start, "他", "真", "去") || !l.any(0, len(l.t.R), listed("conduct.abuse.scolding")...) {
			return
		}
	case "他妈":
		if l.ahead(m.End, listed("conduct.abuse.after")...) {
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
	at, n := l.first(0, len(l.t.R), "shame.who")
	if at < 0 || l.politely(at) {
		return 0, 0, ""
	}
	to := min(at+34+60*b2i(l.latin), len(l.t.R))
	if k, kn := l.first(at+n, to, "shame.what"); k >= 0 && !l.any(at, to, listed("conduct.shaming.near")...) {
		return at, k + kn, "conduct.abuse"
	}
	return 0, 0, ""
}

func (l *line) threat() (int, int, string) {
	for _, m := range l.frames {
		if m.Term.Name != "threat" || l.politely(m.Start) || l.any(0, len(l.t.R), "帮你改地址", "备注", "发货") {
			continue
		}
		// 师傅上你家安装, 挂你脖子上: a hostile word makes the threat
		if mildThreats[l.span(m.Start, m.End)] && !l.holds(0, len(l.t.R), "threat.hostile") {
			continue
		}
		return m.Start, m.End, "conduct.threat"
	}
	return 0, 0, ""
}

// mildThreats are words that threaten only beside a hostile one.
var mildThreats = map[string]bool{
	"上你家": true, "上门找你": true, "挂你": true, "收拾你": true, "弄你": true, "曝光你": true, "走着瞧": true, "等着瞧": true, "小心点你": true, "你给我等着": true, "你家地址": true, "有你地址": true, "你的地址": true, "出门小心": true, "find you": true, "you'll regret": true,
}

// discrimination: a group of people is called unfit or bad.
func (l *line) discrimination() (int, int, string) {
	at, n := l.first(0, len(l.t.R), "group.who")
	if at < 0 || l.politely(at) {
		return 0, 0, ""
	}
	to := min(at+n+18, len(l.t.R))
	if k, kn := l.first(at+n, to, "group.bad"); k >= 0 && !l.any(at, to, listed("conduct.discrimination.near")...) {
		return at, k + kn, "conduct.discrimination"
	}
	return 0, 0, ""
}

// stakes: money put on chance: 押, 猜, 抽 with what is won and lost.
func (l *line) stakes() (int, int, string) {
	at, n := l.first(0, len(l.t.R), "stakes")
	if at < 0 || l.politely(at) || l.stanceOf(at, at+n) != asserted {
		return 0, 0, ""
	}
	won := l.any(0, len(l.t.R), listed("conduct.stakes.prize")...)
	lost := l.any(0, len(l.t.R), listed("conduct.stakes.loss")...)
	money := false
	for _, q := range l.q {
		money = money || q.Dim == quantity.Money
	}
	if won && (lost || money && l.any(0, len(l.t.R), listed("conduct.stakes.stake")...)) {
		return at, at + n, "conduct.gamble"
	}
	return 0, 0, ""
}

func (l *line) gamble(m lexicon.Match) {
	if l.stanceOf(m.Start, m.End) != asserted || l.politely(m.Start) {
		return
	}
	if l.any(0, len(l.t.R), listed("wave.cry")...) || l.behind(m.Start, listed("conduct.gamble.before")...) && l.has(m.Start, "赌") && !l.waived {
		return
	}
	switch m.Term.Name {
	case "casino", "lottery":
		if !l.any(0, len(l.t.R), listed("conduct.gamble.play")...) {
			return
		}
	case "彩票":
		if l.behind(m.Start, "买", "刮") {
			return
		}
	}
	switch m.Term.Name {
	case "六合彩", "特码", "百家乐", "博彩", "老虎机", "彩票内幕", "内幕号码":
	default:
		staked := l.any(0, len(l.t.R), listed("conduct.gamble.prize")...)
		if !staked && !(l.any(0, len(l.t.R), "赢") && l.any(0, len(l.t.R), "输")) || l.any(0, len(l.t.R), listed("conduct.gamble.idle")...) {
			return
		}
	}
	l.misconduct(m.Start, m.End, "conduct.gamble")
}

// needsCompany are words that are lewd only beside another such: 上床 is what
// one does to sleep, 再低一点 a price.
var needsCompany = map[string]bool{
	"裸": true, "淫": true, "骚": true, "尺度": true, "黄色": true, "小三": true, "情趣": true, "勾引": true, "高潮": true, "别想睡": true, "骚气": true, "horny": true, "裸露": true, "上床": true, "啪一下": true, "啪啪": true, "再低一点": true, "脱衣": true, "脱一件": true, "脱光": true, "老司机": true, "湿身": true, "扑倒": true, "睡你": true, "睡我": true, "擦边": true, "露点": true, "开房": true, "勾魂": true, "黑丝": true, "内衣秀": true, "事业线": true, "naked": true, "strip": true, "尺度再": true, "刷够就": true, "从了你": true, "做爱": true,
}

func (l *line) vulgar(m lexicon.Match) {
	if l.politely(m.Start) || l.inName[m.Start] {
		return
	}
	if needsCompany[m.Term.Name] && !l.holds(0, len(l.t.R), "lewd.with") && !l.holds(0, len(l.t.R), "lewd.for") && !l.any(0, len(l.t.R), listed("conduct.vulgar.near")...) || l.has(m.Start, "做爱心") {
		return
	}
	if l.has(m.Start, "裸") && l.ahead(m.End, listed("conduct.vulgar.after")...) {
		return
	}
	l.misconduct(m.Start, m.End, "conduct.vulgar")
}

// scare: others' goods, or not buying, are said to cause illness or death.
func (l *line) scare() (int, int, string) {
	at, _ := l.first(0, len(l.t.R), "scare.others")
	if at < 0 {
		return 0, 0, ""
	}
	for _, m := range l.frames {
		if m.Term.Name != "scare.harm" || l.politely(m.Start) {
			continue
		}
		k, h := m.Start, l.span(m.Start, m.End)
		c := l.clauseAt(k)
		if c.supposed >= 0 || c.denied && c.refused.holds(k) || c.question && c.end != '?' && c.open.holds(k) {
			continue
		}
		if h == "癌" && l.any(max(k-3, 0), k+2, listed("conduct.scare.cancer")...) || h == "die" && l.any(k, k+10, "die for") || h == "死了" && l.any(max(k-3, 0), k, listed("conduct.scare.idle")...) || l.mild(h, k) {
			continue
		}
		if l.any(0, len(l.t.R), listed("conduct.scare.calming")...) {
			return 0, 0, ""
		}
		return k, m.End, "conduct.scare"
	}
	return 0, 0, ""
}

// mild harms need a second word of harm, or people who suffer it.
func (l *line) mild(h string, k int) bool {
	switch h {
	case "秃", "聋", "工业", "倒霉", "住院", "进医院", "长不高", "得病", "瘫", "爆炸", "有毒", "心梗", "脑梗", "中风", "死了", "rot", "kill", "blind", "dead", "早熟", "封城", "早死", "破财", "die", "工业酒精", "癌", "toxic", "explode":
		return !l.any(0, len(l.t.R), listed("conduct.mild.near")...) || l.ahead(k+len([]rune(h)), listed("conduct.mild.after")...)
	}
	return false
}
