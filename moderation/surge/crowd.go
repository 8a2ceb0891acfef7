package surge

import (
	"fmt"
	"math/rand/v2"
	"time"

	"liveroom/feed"
)

// CrowdViewers is how many people talk in a room of Crowd: half of the lines come
// from a tenth of them.
const CrowdViewers = 100_000

// What of a hundred events of Crowd is not plain chat. Of what the host and his
// assistants say every fourth sentence is not so.
const (
	crowdQuestions  = 4
	crowdGrumbles   = 2 // in the chat
	crowdGifts      = 2
	crowdEntrances  = 2
	crowdSaid       = 1
	crowdOrders     = 0.5
	crowdComplaints = 0.2
)

var (
	cheers = []string{
		"666", "来了", "来了来了", "哈哈哈哈", "1", "111", "2", "扣1", "主播晚上好", "冲冲冲", "👍👍👍", "❤️❤️", "🌹🌹🌹", "第一次来", "已拍", "已下单", "下单了",
		"刚下班", "支持支持", "终于等到了", "加油", "前排", "刚进来", "想要", "好看", "漂亮", "太好看了", "绝了", "真不错", "抢到了", "没抢到😭", "手慢无", "秒没", "蹲一个",
		"回购第三次了", "666666", "hhhhh", "nice", "OK的", "晚上好呀", "打卡", "路过", "点赞了", "关注了", "爱了爱了", "冲", "yyds",
	}
	crowdOpens  = []string{"", "", "", "主播", "姐姐", "真的", "昨天买的那件", "上次那个", "给妈妈买的", "我们北方", "新粉", "老粉了 ", "看了半天 ", "说实话", "这个"}
	crowdMiddle = []string{
		"颜色很正", "尺码偏大一点", "手感不错", "比上次便宜", "已经穿上了", "洗了两次没缩水", "面料挺软的", "我妈特别喜欢", "朋友推荐来的", "厚度刚刚好", "版型显瘦", "快递两天就到了", "米色那个好看",
		"黑色更百搭", "配裙子好看", "穿着不扎", "等发货中", "刚收到货", "跟图片一样", "上身效果可以", "再便宜点就好了", "再来一轮吧", "上次没抢到", "今天福利多", "我买了两条", "一百二十斤穿正好",
	}
	crowdEnds = []string{"", "", "", "！", "～", " 😂", " 👍", "哈哈", "呢", "，推荐", "，不错", " 已经下单了"}
	questions = []string{
		"多少钱一件", "什么时候发货", "一米六穿多大", "有没有黑色", "能不能机洗", "是不是纯羊毛的", "扎不扎脖子", "库存还有吗", "包邮吗", "会不会起球", "有运费险吗", "几天能到", "这款是什么材质的",
		"能退吗", "多大码的", "还有优惠吗", "链接在哪里", "产地是哪里", "一百三十斤穿什么码", "会掉色吗", "有发票吗", "几号链接", "可以刷医保卡吗", "支持七天无理由吗", "有米色吗", "薄不薄",
	}
	grumbles = []string{
		"我的怎么还没发货", "上次买的起球了", "客服不回消息", "收到的有线头", "退款什么时候到账", "怎么又涨价了", "催了三天没人理", "颜色跟直播间不一样", "尺码发错了", "说好的赠品没给",
	}
	crowdNames = []string{"小鱼", "晚风", "阿云", "橙子味", "momo", "大福", "Lily", "清欢", "南山", "一颗糖", "老王", "星星🌟", "暖阳", "Coco", "豆豆妈", "用户"}
	presents   = []string{"小心心", "玫瑰", "棒棒糖", "荧光棒", "人气票"}
)

// Crowd is the i-th event of a room as crowded as the biggest there are: short
// shouts and remarks for the most part, some questions, grumbles, gifts and people
// coming in, and what the host says of the first product. The same i is the same
// event, but for its id, offset and user, which Crowd numbers by n and viewer.
func Crowd(room string, i, n, viewer int64, at time.Time) feed.Event {
	random := rand.New(rand.NewPCG(11, uint64(i)))
	e := feed.Event{
		ID: fmt.Sprintf("%s-%d", room, n), Source: "/" + room, Room: room, At: at, Recv: at, Epoch: "crowd", Offset: n,
		User: feed.User{ID: fmt.Sprint("u", viewer), Name: fmt.Sprint(pickOf(random, crowdNames), viewer), Role: feed.RoleViewer}, Kind: feed.KindChat,
	}
	share := random.Float64() * 100
	of := func(percent float64) bool {
		share -= percent
		return share < 0
	}
	switch {
	case of(crowdQuestions):
		e.Text = pickOf(random, crowdOpens) + pickOf(random, questions) + pickOf(random, []string{"", "？", "?", " 求回复"})
	case of(crowdGrumbles):
		e.Text = pickOf(random, grumbles)
	case of(crowdGifts):
		e.Kind, e.Count = feed.KindGift, 1+random.Int64N(9)
		e.Text = fmt.Sprintf("%s x%d", pickOf(random, presents), e.Count)
	case of(crowdEntrances):
		e.Kind, e.Text = feed.KindEnter, "来了"
	case of(crowdSaid):
		e.Kind, e.Text, e.User = feed.KindTranscript, said[random.IntN(len(said))], feed.User{ID: "h1", Name: "晚晴", Role: feed.RoleHost}
		e.Speech = &feed.Speech{Utterance: e.ID, Confidence: 900}
		if random.IntN(4) == 0 {
			e.Text = pickOf(random, wrong)
		}
		if named(e.Text) {
			e.Text = fmt.Sprintf(e.Text, goods[0])
		}
	case of(crowdOrders):
		e.Kind, e.OrderID, e.Status, e.AmountFen = feed.KindOrder, fmt.Sprintf("66%d", n), feed.StatusPaid, price(0)
		e.Order = &feed.Order{SKU: sku(0), Qty: 1, PaidFen: price(0), CreatedAt: at, PaidAt: at}
	case of(crowdComplaints):
		e.Kind, e.Channel, e.Product = feed.KindComplaint, "ticket", &feed.Product{ID: sku(0)}
		kind := grievances[random.IntN(len(grievances))]
		e.Text = pickOf(random, kind)
	case random.IntN(5) < 2:
		e.Text = pickOf(random, cheers)
	default:
		e.Text = pickOf(random, crowdOpens) + pickOf(random, crowdMiddle) + pickOf(random, crowdEnds)
	}
	return e
}

// Opening puts the first product on air, of which Crowd's host speaks.
func Opening(room string, n int64, at time.Time) feed.Event {
	return feed.Event{
		ID: fmt.Sprintf("%s-%d", room, n), Source: "/" + room, Room: room, At: at, Recv: at, Epoch: "crowd", Offset: n,
		Kind: feed.KindProduct, Product: &feed.Product{ID: sku(0), PriceFen: price(0), Stock: -1},
	}
}

// False tells whether a text is one of those that the host says and are not so.
func False(text string) bool {
	for _, w := range wrong {
		if text == fmt.Sprintf(w, goods[0]) {
			return true
		}
	}
	return false
}

func pickOf(random *rand.Rand, of []string) string { return of[random.IntN(len(of))] }
