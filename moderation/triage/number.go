package triage

import "liveroom/claims/fold"

// A number is an amount at the folded runes [from, to), its unit included.
type number struct {
	from, to int
	milli    int64 // the amount in thousandths, at most maxMilli
	what     measure
	unit     rune // first rune of the unit; 0: none
}

const maxMilli = 1_000_000_000_000

// A measure is what a number counts.
type measure int

const (
	plain  measure = iota
	pieces         // 只, 包, 件 …
	size           // lengths, weights, volumes
	span           // days, hours …
	money
	times // 次, 遍
)

// measureNames name the families that numbers make, beside those of the lexicon.
var measureNames = [...]string{
	plain: "", pieces: "#pieces", size: "#size", span: "#span", money: "#money", times: "#times",
}

// measures is by the word that follows a number; the longest fits.
var measures = map[string]measure{
	"元": money, "块": money, "圆": money, "毛": money, "角": money, "yuan": money, "rmb": money, "元钱": money, "块钱": money, "大洋": money, "usd": money, "dollars": money, "bucks": money,
	"克": size, "g": size, "kg": size, "公斤": size, "千克": size, "斤": size, "两": size, "毫升": size, "ml": size, "l": size, "升": size, "mm": size, "cm": size, "厘米": size, "公分": size, "毫米": size, "米": size, "寸": size, "英寸": size, "尺": size, "度": size, "%": size, "瓦": size, "w": size, "毫安": size, "mah": size, "pa": size, "grams": size, "inch": size, "inches": size, "oz": size, "cups": size, "支长绒": size,
	"天": span, "日": span, "小时": span, "个小时": span, "h": span, "分钟": span, "周": span, "个月": span, "月": span, "礼拜": span, "个礼拜": span, "星期": span, "个星期": span, "年": span, "钟头": span, "工作日": span, "个工作日": span, "days": span, "day": span, "weeks": span, "week": span, "hours": span, "hour": span, "months": span, "month": span, "minutes": span,
	"次": times, "遍": times, "回": times, "趟": times, "封": times, "times": times, "通": times, "emails": times, "tickets": times, "个工单": times, "个客服": times,
	"个": pieces, "只": pieces, "包": pieces, "盒": pieces, "瓶": pieces, "罐": pieces, "支": pieces, "件": pieces, "双": pieces, "套": pieces, "条": pieces, "片": pieces, "张": pieces, "枚": pieces, "粒": pieces, "袋": pieces, "箱": pieces, "根": pieces, "把": pieces, "本": pieces, "块装": pieces, "卷": pieces, "颗": pieces, "朵": pieces, "桶": pieces, "样": pieces, "份": pieces, "台": pieces, "提": pieces, "杯": pieces, "头": pieces, "册": pieces, "串": pieces, "副": pieces, "对": pieces, "抽": pieces, "pcs": pieces, "pieces": pieces, "pairs": pieces, "packs": pieces, "bottles": pieces, "boxes": pieces, "plates": pieces,
}

const longestMeasure = 7

// numbers appends the numbers in t to out. A Chinese numeral counts only with
// a unit, because 一样 and 万一 are words.
func numbers(out []number, t []rune) []number {
	for i := 0; i < len(t); {
		n, ok := readNumber(t, i)
		if !ok {
			i++
			continue
		}
		out = append(out, n)
		i = n.to
	}
	return out
}

func readNumber(t []rune, i int) (number, bool) {
	n := number{from: i, to: i}
	chinese := false
	switch {
	case fold.Digit(t[i]):
		if i > 0 && fold.Letter(t[i-1]) {
			return n, false
		}
		n.to, n.milli = readDigits(t, i)
	case fold.Numeral(t[i]) && t[i] != '几':
		chinese = true
		n.to, n.milli = readChinese(t, i)
	default:
		return n, false
	}
	j := n.to
	for j < len(t) && (t[j] == '多' || t[j] == '来' || t[j] == '余' || t[j] == ' ' && !chinese) {
		j++
	}
	for k := min(j+longestMeasure, len(t)); k > j; k-- {
		if w, ok := measures[string(t[j:k])]; ok && !(letter(t[k-1]) && k < len(t) && letter(t[k])) {
			n.to, n.what, n.unit = k, w, t[j]
			return n, true
		}
	}
	if i > 0 && (t[i-1] == '¥' || t[i-1] == '$') {
		n.what, n.unit = money, '元'
	}
	return n, !chinese || n.milli >= 100_000
}

func readDigits(t []rune, i int) (end int, milli int64) {
	v := int64(0)
	for i < len(t) && (fold.Digit(t[i]) || t[i] == ',' && i+3 < len(t) && fold.Digit(t[i+1]) && fold.Digit(t[i+2]) && fold.Digit(t[i+3]) && v > 0) {
		if t[i] != ',' {
			v = min(v*10+int64(t[i]-'0'), maxMilli/1000)
		}
		i++
	}
	v *= 1000
	if i+1 < len(t) && t[i] == '.' && fold.Digit(t[i+1]) {
		i++
		for place := int64(100); i < len(t) && fold.Digit(t[i]); place /= 10 {
			v += int64(t[i]-'0') * place
			i++
		}
	}
	if i < len(t) {
		switch t[i] {
		case '万':
			return i + 1, min(v*10_000, maxMilli)
		case '千':
			return i + 1, min(v*1000, maxMilli)
		}
	}
	return i, min(v, maxMilli)
}

var numerals = map[rune]int64{
	'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'十': 10, '百': 100, '千': 1000, '万': 10_000, '亿': 100_000_000,
}

// readChinese reads 一千五百九十九, 两万三 and 八五 alike: a digit after a unit
// that no unit follows stands for the next lower place only if the number ends
// with it.
func readChinese(t []rune, i int) (end int, milli int64) {
	total, section, digit, unit := int64(0), int64(0), int64(0), int64(1)
	half := int64(0)
	for ; i < len(t); i++ {
		if t[i] == '半' {
			half = 500
			i++
			break
		}
		v, ok := numerals[t[i]]
		if !ok {
			break
		}
		switch {
		case v >= 10_000:
			total = min((total+section+digit)*v, maxMilli/1000)
			section, digit, unit = 0, 0, v
		case v >= 10:
			section += max(digit, 1) * v
			digit, unit = 0, v
		case v == 0:
			unit = 1
		case digit > 0:
			digit = min(digit*10+v, maxMilli/1000)
		default:
			digit = v
		}
		total, section = min(total, maxMilli/1000), min(section, maxMilli/1000)
	}
	if unit >= 100 && digit > 0 && digit < 10 {
		digit *= unit / 10
	}
	return i, min((total+section+digit)*1000+half, maxMilli)
}
