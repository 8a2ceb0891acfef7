package surge

import (
	"fmt"
	"strings"
	"time"

	"liveroom/feed"
)

// said is what the host says of each product, in turn; %s is its name.
var said = []string{
	"来看这款%s，摸着特别软", "羊毛百分之八十的，吊牌水洗标都给你们看", "姐妹们扣个一，尺码齐的", "我身上穿的就是这款%s",
	"浙江桐乡的厂子出的", "七天无理由退货，四十八小时内发货", "颜色有米色和深灰两个", "后台再给我加一点库存",
	"这个版型显瘦，配什么都好看", "刚进来的家人点个关注", "客服在下面回复大家", "喜欢的直接拍",
}

// wrong is what is not so, said of the first product four times and of the
// others once.
var wrong = []string{"这款%s是百分之百纯羊毛的", "纯羊毛的%s，一点别的都没有", "再说一遍，这款%s百分百纯羊毛", "百分之百羊毛，这款%s闭眼入"}

func sentence(p, i int) string {
	text := said[i%len(said)]
	switch {
	case p == 0 && i%30 == 6:
		text = wrong[i/30%len(wrong)]
	case p > 0 && i == 60:
		text = wrong[p%len(wrong)]
	}
	if named(text) {
		return fmt.Sprintf(text, goods[p])
	}
	return text
}

func named(format string) bool { return strings.Contains(format, "%s") }

// grievances are what complaints are about, each in several people's words.
var grievances = [][]string{
	{"说好的纯羊毛，吊牌上写的是羊毛百分之八十", "主播说百分之百羊毛，收到一看有锦纶", "直播间讲纯羊毛，水洗标根本不是", "羊毛含量跟主播说的不一样，明显有化纤", "说是纯羊毛的，结果掺了锦纶"},
	{"下单五天了还没发货", "说好四十八小时发货，到现在没动静", "一直不发货，催了三次没人理", "怎么还不发货啊，都快一个星期了", "物流一直没更新，到底发没发货"},
	{"穿了一次就起球", "到手两天全是毛球，质量太差", "洗一次就起球变形了", "起球起得没法看", "质量不行，袖口起球还掉毛"},
	{"收到的时候有个破洞", "袖子上破了个口子", "拆开就是破的，有洞", "包装烂了，衣服上勾破一个洞", "到货就破洞，没法穿"},
	{"申请退款三天了不给退", "退货寄回去一周，退款还没到账", "客服说退款，到现在没退", "不给退款是什么意思", "退款申请被拒了，凭什么不退"},
	{"穿了一天脖子上全是红疹", "穿上皮肤过敏，去医院开了药", "孩子戴了起疹子，又红又痒", "贴身穿过敏，身上起红疙瘩", "戴了半天就过敏发红"},
	{"买了两件只收到一件", "少发了一件", "赠品没有，少发东西", "订单里两个，包裹里只有一个", "漏发了，说好的赠品也没给"},
	{"昨天买的今天就降价三十，给补差价吗", "刚买完就降价了，要求补差价", "买贵了，第二天便宜二十，退差价", "价保怎么申请，降价了", "降价这么快，差价退我"},
	{"防伪码查不到，是假货吧", "这是假的，商标都歪了，我要打12315", "收到的是假货，没有吊牌", "跟专柜的不一样，肯定是假货", "假货，做工一看就是仿的"},
}

var (
	before = []string{"", "", "你好，", "在吗，", "客服，", "我买的%s，", "%s的问题，", "上次拍的%s，"}
	behind = []string{"", "", "，怎么处理", "，尽快回复", "。", "，太失望了", "，麻烦看一下", "，等你们答复"}
)

// aftermath is the complaints of the next day.
func (b *broadcast) aftermath() []feed.Event {
	out := make([]feed.Event, 0, b.size.Complaints)
	gap := 23 * time.Hour / time.Duration(max(1, b.size.Complaints))
	for i := range b.size.Complaints {
		o := b.orders[b.random.IntN(len(b.orders))]
		kind := grievances[min(b.random.IntN(len(grievances)), b.random.IntN(len(grievances)))]
		text := b.one(before, o.product) + kind[b.random.IntN(len(kind))] + b.one(behind, o.product)
		at := start.Add(products*slot + time.Hour + time.Duration(i)*gap)
		e := b.event(feed.KindComplaint, at, feed.User{ID: o.buyer, Name: "买家" + o.buyer, Role: feed.RoleViewer}, text)
		e.OrderID, e.Channel = o.id, "ticket"
		if b.random.IntN(5) > 0 {
			e.Product = &feed.Product{ID: sku(o.product)}
		}
		out = append(out, e)
	}
	return out
}

func (b *broadcast) one(of []string, product int) string {
	text := of[b.random.IntN(len(of))]
	if named(text) {
		return fmt.Sprintf(text, goods[product])
	}
	return text
}
