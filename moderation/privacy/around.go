package privacy

import (
	"regexp"
	"strings"
)

// surnames are the common ones of one character; doubleSurnames those of two.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席柏宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻厉伊区郜海阚花权强帅屠豆朴盖练廉禹井祖"

var doubleSurnames = []string{"欧阳", "上官", "司马", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "东方", "独孤", "南宫", "端木", "百里", "呼延", "宇文", "长孙", "轩辕"}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// alone tells whether a number is a whole one: no digit and no letter continues
// it, and it is no part of a hash or of a product's code.
func alone(text string, from, to int) bool {
	if from > 0 {
		b := text[from-1]
		before := text[:from]
		country := strings.HasSuffix(strings.TrimRight(before, " -"), "86")
		if digit(b) && !country || b == '*' {
			return false
		}
		if letter(b) && to-from != 11 {
			return false // SC and a food licence, a batch, a hash
		}
	}
	if to < len(text) {
		b := text[to]
		if digit(b) || b == '*' || letter(b) && hexRun(text, from, to) {
			return false
		}
	}
	return !barcode(text[from:to]) && !hexRun(text, from, to)
}

// mobile is alone, but for the words that announce a telephone number and are
// written right before it.
func mobile(text string, from, to int) bool {
	word := from
	for word > 0 && letter(text[word-1]) {
		word--
	}
	if word < from && callWord.MatchString(text[word:from]) {
		return (to == len(text) || !digit(text[to]) && text[to] != '*') && !hexRun(text, from, to)
	}
	return alone(text, from, to)
}

var callWord = regexp.MustCompile(`(?i)^(?:tel|phone|mobile|mob|call|cell|sms|vx|wx|v)$`)

// hexRun tells whether the number stands in a run of letters and digits as long
// as hashes are.
func hexRun(text string, from, to int) bool {
	for from > 0 && (digit(text[from-1]) || letter(text[from-1])) {
		from--
	}
	for to < len(text) && (digit(text[to]) || letter(text[to])) {
		to++
	}
	return to-from >= 32 && strings.ContainsAny(text[from:to], "abcdefABCDEF")
}

// barcode tells whether s is an EAN-13 of goods.
func barcode(s string) bool {
	if len(s) != 13 || s[0] != '6' || s[1] != '9' {
		return false
	}
	sum := 0
	for i := range 12 {
		if !digit(s[i]) {
			return false
		}
		sum += int(s[i]-'0') * (1 + 2*(i%2))
	}
	return byte('0'+(10-sum%10)%10) == s[12]
}

func digitsEnd(text string, _, to int) bool { return to == len(text) || !digit(text[to]) }

// open tells whether nothing was hidden right behind: what was hidden once stays
// as it is.
func open(text string, _, to int) bool { return to == len(text) || text[to] != '*' }

// notPhone leaves a mobile number to the rule that keeps more of it.
func notPhone(text string, from, to int) bool {
	n := 0
	for i := to - 1; i >= from && digit(text[i]); i-- {
		n++
	}
	return digitsEnd(text, from, to) && (n != 11 || text[to-11] != '1')
}

// localPart asks for more than one character before the @: what has one is
// hidden no better.
func localPart(text string, from, to int) bool {
	at := strings.IndexByte(text[from:to], '@')
	return at > 1 && text[from+1] != '*'
}

// orderLike asks for four digits: a word behind "order" is no number.
func orderLike(text string, from, to int) bool {
	n := 0
	for i := from; i < to; i++ {
		if digit(text[i]) {
			n++
		}
	}
	return n >= 4 && (to == len(text) || !digit(text[to]) && !letter(text[to]))
}
