package claims_test

import (
	"testing"
)

// TestOtherGoods: what is told of somebody's own things, of other rooms, or to
// those who want something else, is no claim of the goods on sale; the same
// words said of these are.
func TestOtherGoods(t *testing.T) {
	checkLines(t, ownChecker(t), []spoken{
		// somebody's own
		{"T01", "-", "我外婆那条披肩才叫好，纯羊毛，她自己纺的线"},
		{"T01", "material/contradicted", "我外婆也说好，纯羊毛的，她自己摸过"},
		{"T10", "-", "我姑妈手上那只是十八K金的，戴了半辈子"},
		{"T12", "-", "我奶奶家那口锅十斤重 全村最好的一口"},
		{"T12", "weight/contradicted", "我奶奶都端得动 这口锅才两斤"},
		{"T02", "-", "我上一双皮鞋是鳄鱼皮的，下雨天泡坏了"},
		{"T16", "-", "my dad's old suitcase was pure leather, made in Italy"},
		{"T15", "-", "我家老大养的那只猫吃的是进口粮，三百块一袋，我吃不消"},
		{"T06", "medical/banned", "我妈那个高血压，吃了两瓶就停药了"},
		// said of something else
		{"T12", "-", "三十公分那是上一代的尺寸，今天是二十六"},
		{"T13", "-", "九十分钟是隔壁那台的续航，咱这台四十五"},
		{"T01", "-", "纯羊毛的那种得八百，不是这件啊"},
		{"T11", "-", "那套是我结婚时候买的 真丝的 早不卖了"},
		{"T11", "material/contradicted", "这套是真丝的 早点拍 晚了就没了"},
		// other rooms
		{"T06", "-", "有的直播间讲辅酶能治心脏病 我听笑了"},
		{"T06", "medical/banned", "有的直播间不敢讲 我敢说 这个能治心脏病"},
		{"T03", "-", "别的主播喊全网最便宜，喊完涨价，你们见过吧"},
		{"T07", "-", "刚划走一个直播间说七天淡斑，纯属瞎掰"},
		{"T07", "-", "if a host tells you this lotion erases wrinkles in a week, keep scrolling"},
		{"T10", "-", "谁跟你说这个是纯金的，千万别信"},
		// wanting something else
		{"T01", "-", "想要百分百羊毛的去别家，咱这个是八成"},
		{"T11", "-", "要真丝的划走吧 真丝的少说一千二"},
		{"T11", "material/contradicted", "想要真丝的别划走 这套就是真丝"},
		{"T12", "-", "要三十公分的别拍，这个二十六"},
		// denied behind the words
		{"T07", "-", "美白祛斑这些功能它都没有，就保湿修护"},
		{"T07", "efficacy/unsupported", "美白祛斑一瓶搞定，一步到位"},
		{"T07", "-", "它不管美白的哈，管保湿"},
		{"T07", "-", "美白两个字我不会讲的"},
		{"T06", "-", "唔好信人讲饮乜降血压，有病睇医生"},
	})
}
