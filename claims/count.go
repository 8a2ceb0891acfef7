package claims

import (
	"fmt"
	"strings"

	"liveroom/claims/lexicon"
	"liveroom/claims/quantity"
	"liveroom/claims/sheet"
)

// count compares how many pieces the buyer gets.
func (l *line) count() {
	p := l.p
	if len(p.counts) == 0 {
		l.stockCount()
		return
	}
	l.gifts()
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Count || !l.spoken(i) {
			continue
		}
		if l.countAside(i) {
			continue
		}
		l.compareCount(i)
	}
	l.stockCount()
}

// countAside reports whether a number of pieces is not what one order holds:
// orders, stock, a dose, one piece among others.
func (l *line) countAside(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if q.Value < 2000 || q.Value == l.p.Stock*1000 || l.ladder(i) || l.ofTen(i) || l.toldAgain(i) {
		return true
	}
	if q.Unit == "支" && l.behind(q.Start, "棉", "天丝", "面料", "纱", "高", "支数", "丝") {
		return true
	}
	switch q.Unit {
	case "单", "组", "口", "样", "项", "轮", "顿", "杯", "碗", "份", "根", "把", "套", "朵", "串", "头", "层", "款", "顶", "对":
		if q.Unit != "套" && q.Unit != "份" && q.Unit != "对" || !l.any(c.from, c.to, "发", "到手", "给") {
			return true
		}
	case "个":
		if l.any(c.from, q.Start, "码", "尺码", "色号") {
			return true
		}
		if l.ahead(q.End, "月", "小时", "人", "功效", "功能", "颜色", "色", "点", "字", "号", "加", "礼拜", "星期", "多月", "钟", "孩", "娃", "档", "键", "骰", "链接", "亿", "w", "品", "角", "问题", "地方", "牌子", "度", "趴", "案例", "疗程", "来回", "九", "步骤", "百分点", "数", "仓", "姐", "菜", "男", "女", "大人", "老", "妈", "阶段", "理由", "原因", "版", "码", "尺码", "里面", "里", "事", "多小时", "来月", "国家", "省", "城市", "平台", "直播间", "部分", "等级", "款", "系列", "步", "环节", "要求", "条件", "号码") {
			return true
		}
	}
	if l.any(max(c.from, q.Start-6), q.Start, "最后", "只剩", "还剩", "库存", "卖了", "卖出", "累计", "前") && !l.any(c.from, q.Start, "里面") || n10k(q, l.p) {
		return true
	}
	at := q.Start
	for j := i - 1; j >= 0 && l.q[j].End >= at-1 && l.q[j].Dim == quantity.Count; j-- {
		at = l.q[j].Start
	}
	if l.behind(at, "剩", "一共就", "囤了", "囤", "买了", "穿了", "每天", "一天", "一次", "每次", "早晚", "吃", "吃了", "喝", "喝了", "洗", "用了", "用", "试了", "抹", "滴", "丢", "丢了", "抢", "拍", "限", "赔", "退", "换", "第", "来了", "上架", "下单", "已经", "补", "拆", "泡", "养", "敷", "摆", "带", "带走", "干掉", "倒", "写", "剪", "坏", "中", "一人", "每人", "染", "有人", "做好", "好", "超过了", "老了") || l.behind(at, "里面", "里头") && l.behind(at-2, "个") {
		return true
	}
	if q.Unit == "件" && l.ahead(q.End, "事") || l.any(c.from, q.Start, "有人", "有的人", "收到") {
		return true
	}
	return l.ahead(q.End, "就", "见效", "下去", "染", "洗", "一滴", "只要够", "一顿", "换着", "的量", "人份", "以后", "之后", "下单", "的单", "左右的客", "多单", "用", "吃", "睡", "以内的", "一模一样", "喝", "不用") && !l.ahead(q.End, "用半年", "吃两个月") || l.any(c.from, c.to, "库存", "只有最后", "工厂就", "大人", "一人", "我家", "我自己囤", "买多", "报上去") && !l.any(c.from, c.to, "一人一")
}

// n10k: ten thousand pieces are sales, not what is in a box.
func n10k(q quantity.Quantity, p *product) bool {
	return q.Value >= 10_000_000 && q.Value > 50*p.counts[0].Value
}

// ladder reads "两条两百五十八": a price for so many orders. The price of one order
// for more pieces than it holds is no ladder but a false count.
func (l *line) ladder(i int) bool {
	if i+1 >= len(l.q) || l.q[i+1].Start-l.q[i].End > 1 {
		return false
	}
	next := l.q[i+1]
	fen := next.Value
	switch next.Dim {
	case quantity.Money:
	case quantity.Bare:
		fen /= 10
	default:
		return false
	}
	p := l.p
	if p.PriceFen == 0 || fen < 100 || abs(fen-p.PriceFen)*50 <= p.PriceFen {
		return false
	}
	want := p.PriceFen * l.q[i].Value / p.counts[0].Value
	return abs(fen-want)*50 <= want || l.q[i].Start == l.clauseAt(l.q[i].Start).from && fen*4 >= p.PriceFen
}

func (l *line) compareCount(i int) {
	q, p := l.q[i], l.p
	n, orders := q.Value, l.orders()
	for _, truth := range p.pieces {
		if n == truth || n == truth*orders || q.Lo <= truth && truth <= q.Hi && q.Lo != q.Hi {
			l.bears(CategoryQuantity, sheet.FieldQuantity, q.Start, q.End)
			return
		}
	}
	main := p.counts[0]
	same := samePiece(q.Unit, main.Unit) || q.Unit == "打" || q.Unit == "dozen"
	inner := l.innerPiece(i)
	if !same && !inner && !l.handsOver(i) {
		return
	}
	if same && !l.handsOver(i) && !inner && !l.bareCount(i) {
		return
	}
	if n < main.Value && !inner {
		// fewer than the sheet has does no harm, but for a price per piece
		return
	}
	f := l.factOf(sheet.FieldQuantity)
	f.Value = l.span(q.Start, q.End)
	f.against(fmt.Sprint(n/1000), fmt.Sprint(main.Value/1000))
	l.used[i] = true
	l.wrong(CategoryQuantity, VerdictContradicted, q.Start, q.End, "quantity.other", f)
}

// trueCounts are the numbers of pieces one order truly holds.
func (p *product) trueCounts() []int64 {
	if len(p.counts) == 0 {
		return nil
	}
	var ts []int64
	sum := int64(0)
	for _, c := range p.counts {
		ts = append(ts, c.Value)
		sum += c.Value
	}
	ts = append(ts, sum)
	if few, many := p.counts[0].Value/1000, p.counts[len(p.counts)-1].Value; few > 1 && len(p.counts) == 2 {
		if strings.HasPrefix(p.Quantity[len(p.Quantity)-1], "每") {
			ts = append(ts, few*many) // 3瓶 每瓶90片
		} else {
			ts = append(ts, many/few) // 2瓶 120片
		}
	}
	for _, m := range p.metrics {
		if m.q.Dim == quantity.Count {
			ts = append(ts, m.q.Value, m.q.Value/1000*p.counts[0].Value)
		}
	}
	return ts
}

func samePiece(a, b string) bool {
	a, b = pieceOf(a), pieceOf(b)
	if a == b {
		return true
	}
	for _, set := range [][]string{
		{"粒", "颗", "片", "capsules", "capsule", "tablets", "tablet", "pills", "softgels", "softgel"},
		{"包", "袋", "packs", "bags", "pack", "bag", "sachets", "packets"},
		{"瓶", "罐", "桶", "jars", "bottles", "jar", "cans", "bottle", "tins"},
		{"盒", "箱", "boxes", "box"},
		{"支", "只", "枝", "根", "pieces", "masks", "pens"},
		{"片", "贴", "张", "patches"},
		{"件", "pieces", "piece", "只", "set"},
		{"个", "pieces", "只", "粒", "颗"},
		{"饼", "片", "cakes", "cake"},
		{"片", "sheets", "张"},
	} {
		ina, inb := false, false
		for _, s := range set {
			ina = ina || s == a
			inb = inb || s == b
		}
		if ina && inb {
			return true
		}
	}
	return false
}

// innerPiece: "一袋里面有五小包".
func (l *line) innerPiece(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	return l.any(c.from, c.to, "里面有", "里面是", "打开", "拆开", "独立", "小包", "小袋") && (q.Unit == "包" || q.Unit == "袋" || q.Unit == "小包" || q.Unit == "小袋" || q.Unit == "个")
}

// handsOver reports whether the words say what the buyer gets.
func (l *line) handsOver(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	return l.any(c.from, q.Start, "发", "到手", "到你手", "给到", "给你", "一盒", "一箱", "一单", "一套", "一瓶", "一共", "总共", "一包", "一袋", "整箱", "一提", "里面", "装", "凑", "整盒", "拍一", "买一", "有", "是", "送", "you get", "in the box", "in a pack", "in the pack", "per", "get ", "each", "a box", "整整") ||
		l.any(q.End, min(q.End+8, c.to), "装", "一箱", "一盒", "一套", "包邮", "到家", "全给你", "打包", "都给", "一大", " in the", " in a", " per", " in each")
}

// bareCount: a number with the very piece the sheet counts, said first or
// before the goods.
func (l *line) bareCount(i int) bool {
	q := l.q[i]
	c := l.clauseAt(q.Start)
	if q.Start-c.from <= 2 {
		return true
	}
	for _, m := range l.m {
		if m.Term.Class == lexicon.Product && m.Start >= c.from && m.End <= c.to {
			return true
		}
	}
	return i > 0 && l.q[i-1].End == q.Start
}

// gifts compares how many gifts are promised with those the sheet lists.
func (l *line) gifts() {
	have, listed := int64(0), false
	for _, raw := range l.p.Quantity {
		if containsAny(raw, "赠", "送", "附") {
			listed = true
			for _, q := range amounts(raw) {
				have += q.Value
			}
		}
	}
	for i, q := range l.q {
		c := l.clauseAt(q.Start)
		if q.Dim != quantity.Count || q.Value < 2000 || !l.any(max(c.from, q.Start-8), q.Start, "赠品", "赠送", "送你", "再送", "加送", "额外送") || l.stanceOf(q.Start, q.End) != asserted || l.any(c.from, c.to, "赠品不") {
			continue
		}
		l.used[i] = true
		if listed && q.Value <= have {
			l.bears(CategoryQuantity, sheet.FieldQuantity, q.Start, q.End)
			continue
		}
		f := l.factOf(sheet.FieldQuantity)
		f.Value = l.span(q.Start, q.End)
		v := VerdictUnsupported
		if listed {
			v = VerdictContradicted
			f.compute("赠品 %d 对 %d", q.Value/1000, have/1000)
			f.computeEN("%d gifts against %d", q.Value/1000, have/1000)
		}
		l.wrong(CategoryQuantity, v, q.Start, q.End, "quantity.gift", f)
	}
}

// stockCount compares "only 25 left" with the stock.
func (l *line) stockCount() {
	p := l.p
	if p.Stock < 0 {
		return
	}
	for i, q := range l.q {
		if l.used[i] || q.Dim != quantity.Count && q.Dim != quantity.Bare {
			continue
		}
		c := l.clauseAt(q.Start)
		if !l.any(c.from, c.to, "that's all i've got", "all i've got", "all that's left", "more, that") && !l.any(q.End, min(q.End+30, len(l.t.R)), "that's all i've got") {
			continue
		}
		if q.Value < p.Stock*1000 {
			f := l.factOf(sheet.FieldStock)
			f.Value = l.span(q.Start, q.End)
			l.wrong(CategoryQuantity, VerdictContradicted, q.Start, q.End, "quantity.stock", f)
		}
	}
}
