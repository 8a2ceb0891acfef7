package claims_test

import (
	"testing"
)

// TestWavedAside: what a host waves aside, will not have or only mentions is no
// claim under any head; the same words said in earnest are.
func TestWavedAside(t *testing.T) {
	checkLines(t, ownChecker(t), []spoken{
		// what it is called
		{"T07", "-", "七天焕白那是小说里写的，咱这就是乳液"},
		{"T07", "-", "一夜回春是童话，抹脸的东西没有这么快"},
		{"T07", "effect/unsupported|efficacy/unsupported", "七天焕白，抹上你就知道"},
		// nobody dares, one cannot believe it, the host never said it
		{"T06", "-", "吃两瓶不用吃降压药，谁敢这么吹我举报谁"},
		{"T06", "-", "三天降血压，这话不能信"},
		{"T06", "-", "吃了不得心脏病，我可没这么讲过"},
		{"T06", "medical/banned", "吃两瓶就不用吃降压药了，谁吃谁知道"},
		{"T07", "-", "一周淡斑，谁写谁违法"},
		{"T07", "effect/unsupported|efficacy/unsupported", "一周淡斑，谁用谁知道"},
		// it has nothing to do with the goods, or is another's to do
		{"T07", "-", "脸上的斑淡了是打激光打的，跟这瓶两码事"},
		{"T07", "effect/unsupported|efficacy/unsupported", "两周斑就淡了，什么肤质都行"},
		{"T09", "-", "高血压治得好治不好是大夫的事，机器只管读数"},
		{"T12", "-", "补铁那是药店的事，铁锅就是铁锅"},
		// the host will not or cannot
		{"T13", "-", "十年质保我们可开不起，两年"},
		{"T13", "promise/contradicted", "十年质保我们开得起，放心用"},
		{"T07", "-", "医生推荐那种话我不会用，没那个资格"},
		{"T12", "-", "全网第一我接不住，榜都没上过"},
		{"T12", "absolute/banned|credential/unsupported", "全网第一我们不吹，数据摆在这儿"},
		// words that are only mentioned
		{"T07", "-", "美白这两个字批文上没有，写了要罚"},
		{"T07", "-", "祛痘这种词打出来会被删"},
		{"T05", "-", "一包见效两包断根，这是骗子的口诀"},
		// that is something else
		{"T16", "-", "独一无二那是孤品，这一批四千只"},
		{"T13", "-", "质保五年，哦那是我电脑的，吸尘器两年"},
		{"T12", "-", "国宴用锅那是另一个牌子的说法"},
		// a person's own life
		{"T05", "-", "我瘦了八斤是失恋瘦的"},
		{"T05", "-", "俺肚子上掉了四斤肉全靠天天爬山"},
		{"T06", "-", "我膝盖做的微创，队医给我做康复，半年才敢跑"},
		{"T05", "effect/unsupported", "我喝这个一个月瘦了八斤"},
		{"T05", "effect/unsupported", "俺喝了它，一个月掉了六斤，全靠它"},
		// those who say so
		{"T07", "-", "说能丰胸的都是瞎讲"},
		{"T07", "-", "弹幕写祛斑，别写了，写了算我的"},
		{"T07", "-", "平台说美白不能讲"},
		// nouns of blame
		{"T16", "-", "骂别人穷鬼的那位，请出去"},
		{"T16", "-", "赌球犯法，群里让你下注的退了"},
		{"T16", "conduct/banned", "来下注，押大押小，赢了双倍"},
		// functions with a negation behind them
		{"T07", "-", "美白它帮不上你，保湿在行"},
		{"T07", "-", "抗皱跟它搭不上边"},
		{"T07", "efficacy/unsupported", "美白它也行，保湿更在行"},
		{"T07", "-", "没效果退不了，过敏退得了"},
		// an endorsement is not told with a negation
		{"T16", "-", "空姐同款不是我们，大师跟我们没合作"},
	})
}
