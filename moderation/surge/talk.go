package surge

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
)

// Viewers is how many people talk in a room of Talk.
const Viewers = 20_000

// What of Talk is no chat: one event in so many.
const (
	talkOrder     = 200
	talkSpoken    = 500
	talkComplaint = 5_000
	talkOnAir     = 300_000
)

// TalkOnce is the first event of Talk that holds Once.
const TalkOnce = 777

// TalkFalse is the first event of Talk in which the host says what is not so.
const TalkFalse = 6*talkSpoken + 250

// Words that lines of Talk hold, for whoever searches: Often stands in one line of
// eleven or so, Seldom in one of 10,007, Once in one of a million.
const (
	Often  = "好看"
	Seldom = "羽绒"
	Once   = "琥珀"
)

var (
	shouts = []string{"666", "来了来了", "好看", "哈哈哈哈", "1", "主播晚上好", "冲冲冲", "👍👍", "第一次来", "已拍", "下单了", "刚下班", "支持", "终于等到了", "链接呢"}
	opens  = []string{"主播 ", "姐姐 ", "想问下 ", "家人们 ", "真的 ", "昨天买的 ", "上次那个 ", "给妈妈买 ", "北方的 ", "新粉 "}
	middle = []string{"颜色很正", "尺码偏大", "会不会起球", "手感不错", "多少钱一件", "什么时候发货", "一米六穿多大", "好看是好看", "有没有黑色", "能不能机洗", "是不是纯羊毛", "扎不扎脖子", "比上次便宜", "库存还有吗", "包邮吗"}
	ends   = []string{"", "", "？", "！", " 谢谢", " 😂", " 求回复", " 在线等", " 已经下单了", "～"}
)

// Talk is the i-th event of a room in which everybody talks: chat mostly, with
// what the host says, orders and complaints between. The same i is the same event.
func Talk(room string, i int64, at time.Time) feed.Event {
	random := rand.New(rand.NewPCG(7, uint64(i)))
	viewer := int64(random.ExpFloat64()*Viewers/8) % Viewers // some talk much, most hardly
	e := feed.Event{
		ID: fmt.Sprintf("%s-%d", room, i), Source: "/" + room, Room: room, At: at, Recv: at, Epoch: "talk", Offset: i,
		User: feed.User{ID: fmt.Sprint("u", viewer), Name: fmt.Sprint("观众", viewer), Role: feed.RoleViewer},
	}
	product := int(i/talkOnAir) % products
	switch {
	case i%talkOnAir == 0:
		e.Kind, e.User = feed.KindProduct, feed.User{}
		e.Product = &feed.Product{ID: sku(product), PriceFen: price(product), Stock: -1}
	case i%talkOrder == 100:
		e.Kind, e.OrderID, e.Status, e.AmountFen = feed.KindOrder, fmt.Sprintf("%s%012d", room, i), feed.StatusPaid, price(product)
		e.Order = &feed.Order{SKU: sku(product), Qty: 1, PaidFen: price(product), CreatedAt: at.Add(-20 * time.Second), PaidAt: at}
	case i%talkSpoken == 250:
		e.Kind, e.Text, e.User = feed.KindTranscript, sentence(product, int(i/talkSpoken)), feed.User{ID: "h1", Name: "晚晴", Role: feed.RoleHost}
		e.Speech = &feed.Speech{Utterance: e.ID, Confidence: 900}
	case i%talkComplaint == 350:
		e.Kind, e.Channel, e.Text = feed.KindComplaint, "ticket", "收到的"+goods[product]+"和直播里说的不一样"
		e.Product = &feed.Product{ID: sku(product)}
	default:
		e.Kind, e.Text = feed.KindChat, line(i, random)
	}
	return e
}

func line(i int64, random *rand.Rand) string {
	switch {
	case i%1_000_000 == TalkOnce:
		return "有没有" + Once + "色的"
	case i%10_007 == 11:
		return Seldom + "服什么时候上"
	case random.IntN(3) == 0:
		return shouts[random.IntN(len(shouts))]
	}
	pick := func(of []string) string { return of[random.IntN(len(of))] }
	return pick(opens) + pick(middle) + pick(ends)
}

// TalkFrom is when the room of FillTalk began to talk.
var TalkFrom = start

// TalkEvery is how long it is between two events of FillTalk.
const TalkEvery = 5 * time.Millisecond

// TalkTold is after how many events at least FillTalk tells how many there are.
const TalkTold = 100_000

// FillTalk puts the first n events of a room's talk into the desk's record, and
// tells now and then how many there are.
func FillTalk(ctx context.Context, desk *moderation.Desk, room string, n int64, tell func(done int64)) error {
	for i, told := int64(0), int64(0); i < n; {
		b := feed.Batch{Room: room, Source: "/" + room}
		for range min(batch, n-i) {
			e := Talk(room, i, TalkFrom.Add(time.Duration(i)*TalkEvery))
			e.Raw = fmt.Appendf(nil, `{"kind":%q,"id":%q,"user":{"id":%q,"name":%q},"text":%q}`, e.Kind, e.ID, e.User.ID, e.User.Name, e.Text)
			b.Events = append(b.Events, e)
			i++
		}
		if err := desk.Commit(ctx, b); err != nil {
			return fmt.Errorf("fill the record with talk: %w", err)
		}
		if i-told >= TalkTold && tell != nil {
			told = i
			tell(i)
		}
	}
	return nil
}
