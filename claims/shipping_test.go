package claims_test

import "testing"

// TestHowSoonParcelsLeave: the sheet gives 72 hours; a day with a verb of leaving,
// or of arriving, promises less.
func TestHowSoonParcelsLeave(t *testing.T) {
	var lines []spoken
	for _, text := range []string{
		"现在拍，傍晚就能给你装车",
		"付了款连夜打包发出去",
		"今儿下的单今儿就交给快递了",
		"明天中午你就拆快递了",
		"十分钟内贴单，今晚跟车走",
		"明早快递员就到你家门口",
		"拍完我马上就去给你寄",
		"orders before midnight are on the truck tonight",
		"you'll have it in your hands tomorrow",
		"单子一来立马出仓，不隔夜",
		"下午四点前的单当天全清掉",
	} {
		lines = append(lines, spoken{"W1", "promise/contradicted", text})
	}
	for _, text := range []string{
		"今天爆单了，发货会慢一点",
		"昨天拍的今天已经交快递了",
		"今天的单子七十二小时内发出",
		"明天补货，到了再给你们发",
		"今晚八点继续播，明天休息",
		"当天吃完最好，别隔夜",
		"今天没法发，仓库盘点",
		"明天到货的是另一款",
		"我今天从家里出发晚了",
		"马上给你们上链接",
		"马上发红包，别走",
		"今天拍不了的明天再来",
		"三天内发货，急的别拍",
		"tomorrow's stream starts at eight",
		"I'm leaving for the warehouse tonight",
	} {
		lines = append(lines, spoken{"W1", "-", text})
	}
	checkSpoken(t, awayFacts, lines)
}
