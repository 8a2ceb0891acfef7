package privacy_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"liveroom/feed"
	"liveroom/moderation/privacy"
)

func TestTextKeepsWhatTheHouseRuleKeeps(t *testing.T) {
	for in, want := range map[string]string{
		"电话13800138000麻烦快点":              "电话138****8000麻烦快点",
		"打138 0013 8000":                 "打138 **** 8000",
		"１３８００１３８０００":                    "１３８****８０００",
		"一三八零零一三八零零零":                    "一三八****八零零零",
		"+86 138-0013-8000":              "+86 138-****-8000",
		"身份证110101199003074514":          "身份证110****4514",
		"收件人：王小明":                        "收件人：王**",
		"收货人欧阳明月，急":                      "收货人欧阳**，急",
		"卡号6222021234567890123":          "卡号****0123",
		"6222 0212 3456 7890":            "**** **** **** 7890",
		"订单号LR2611210007一直没发":            "订单号****0007一直没发",
		"微信xiaoming_88":                  "微信x****",
		"邮箱zhangsan@example.com":         "邮箱z****@example.com",
		"地址：浙江省杭州市西湖区文三路478号3单元502":      "地址：浙江省杭州市西湖区****",
		"0571-88273561":                  "0571-****61",
		"三二一上链接 到手价129块9 包邮":             "三二一上链接 到手价129块9 包邮",
		"条码6901234567892 批号20261120":     "条码6901234567892 批号20261120",
		"SC10633011500123 国妆特字G20201234": "SC10633011500123 国妆特字G20201234",
		"":                               "",
	} {
		if got := privacy.Text(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestFields(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{privacy.Name("王小明"), "王**"},
		{privacy.Name("李雷"), "李*"},
		{privacy.Name("欧阳娜娜"), "欧阳**"},
		{privacy.Name("爱吃糖的小猫咪"), "爱***"},
		{privacy.Name("❤️"), "**"},
		{privacy.Name(""), ""},
		{privacy.Order("LR2611210007"), "****0007"},
		{privacy.Order("12345"), "****45"},
		{privacy.Order("7"), "****"},
		{privacy.Account("u032"), "****2"},
		{privacy.Account("2088123412341234"), "****34"},
		{privacy.Card("6222021234567890123"), "****0123"},
		{privacy.Phone("13800138000"), "138****8000"},
		{privacy.Address("浙江省杭州市西湖区文三路478号"), "浙江省杭州市西湖区****"},
		{privacy.Address("文三路478号"), "****"},
		{privacy.Hash("bfe170f3"), "****"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}

// A labelled string is text with the parts of it that may not be readable after.
type labelled struct {
	kind, text string
	secrets    []string
}

type maker struct{ *rand.Rand }

func (m maker) of(list ...string) string { return list[m.IntN(len(list))] }

func (m maker) digits(n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(byte('0' + m.IntN(10)))
	}
	return b.String()
}

func (m maker) around() (before, after string) {
	return m.of("", "你好", "主播看一下，", "客服怎么不回", "急急急 ", "@客服 ", "麻烦了，", "收到请回复:", "1.", "我要退货！"),
		m.of("", "，谢谢", " 快点", "，等了三天了", "。", "！！", " 在线等", "麻烦备注一下", "，不要打扰", "\n")
}

func (m maker) mobile() labelled {
	n := m.of("13", "15", "17", "18", "19") + m.digits(9)
	shown := n
	switch m.IntN(9) {
	case 0:
		shown = n[:3] + " " + n[3:7] + " " + n[7:]
	case 1:
		shown = n[:3] + "-" + n[3:7] + "-" + n[7:]
	case 2:
		shown = "+86" + n
	case 3:
		shown = wide(n)
	case 4:
		shown = spoken(n)
	case 5:
		shown = n[:3] + "." + n[3:7] + "." + n[7:]
	case 6:
		shown = strings.Join(strings.Split(n, ""), " ")
	case 7:
		shown = n[:4] + " " + n[4:7] + " " + n[7:]
	}
	return labelled{"mobile", m.of("电话", "手机号", "打我", "联系", "tel:", "", "联系电话 ", "call ") + shown, []string{shown, n, n[3:7]}}
}

func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '０'
		}
		return r
	}, s)
}

func spoken(s string) string {
	out := ""
	for _, r := range s {
		out += string([]rune("零一二三四五六七八九")[r-'0'])
	}
	return out
}

func (m maker) identity() labelled {
	birth := fmt.Sprintf("%d%02d%02d", 1950+m.IntN(60), 1+m.IntN(12), 1+m.IntN(28))
	id := m.of("110101", "330106", "440305", "510107", "320583") + birth + m.digits(3) + m.of("0", "3", "7", "X", "x")
	return labelled{"identity", m.of("身份证", "身份证号码：", "证件 ", "实名 ", "", "ID: ") + id, []string{id, birth}}
}

func (m maker) person() string {
	return m.of("王", "李", "张", "刘", "陈", "欧阳", "诸葛", "赵", "孙", "周", "吴", "徐", "林", "何") +
		m.of("小明", "建国", "丽", "婷婷", "子涵", "宇轩", "秀英", "伟", "芳", "雨桐", "浩然", "桂兰", "志强")
}

func (m maker) name() labelled {
	n := m.person()
	given := strings.TrimPrefix(strings.TrimPrefix(n, "欧阳"), "诸葛")
	if given == n {
		given = string([]rune(n)[1:])
	}
	return labelled{"name", m.of("收件人", "收件人：", "姓名:", "收货人 ", "联系人：", "我叫", "名字是", "户名：", "签收人是", "真名叫") + n, []string{n, given}}
}

func (m maker) address() labelled {
	place := m.of("浙江省杭州市西湖区", "广东省深圳市南山区", "北京市朝阳区", "四川省成都市武侯区", "江苏省苏州市昆山市", "上海市浦东新区", "湖北省宜昌市秭归县", "广西壮族自治区桂林市临桂区", "内蒙古自治区赤峰市敖汉旗")
	detail := m.of("文三路", "科技园南区深南大道", "建国门外大街", "玉林街道芳草街", "陆家镇合丰村", "张江镇科苑路", "茅坪镇溪口坪村", "银滩花园", "金穗小区") +
		m.of("478号", "19号", "88弄6号", "3号楼2单元501室", "12栋301", "5组23号", "66号1座902", "7号院4号楼1103")
	return labelled{"address", m.of("地址：", "寄到", "收货地址 ", "", "我家住在", "发到", "新地址:") + place + detail, []string{detail}}
}

func (m maker) order() labelled {
	n := m.of("LR26112", "P", "E2026", "", "69", "48") + m.digits(12+m.IntN(6))
	return labelled{"order", m.of("订单号", "订单编号：", "订单 ", "我的订单是", "单号", "order ", "快递单号:", "运单号 ") + n, []string{n, n[:len(n)-4]}}
}

func (m maker) mail() labelled {
	user := m.of("zhangsan", "li.si", "wang_wu88", "xiaomei2001", "t.chen", "h-liu") + m.digits(m.IntN(4))
	return labelled{"mail", m.of("邮箱", "email: ", "发我邮箱 ", "", "电子发票到") + user + "@" + m.of("example.com", "mail.example.org", "qq.example", "163.example.cn"), []string{user}}
}

func (m maker) card() labelled {
	n := m.of("6222", "6217", "6228", "4367", "5187") + m.digits(12+m.IntN(4))
	shown := n
	if m.IntN(3) == 0 {
		shown = n[:4] + " " + n[4:8] + " " + n[8:12] + " " + n[12:16]
		n = n[:16]
	}
	return labelled{"card", m.of("卡号", "银行卡", "打款到 ", "退到", "建行卡号：", "") + shown, []string{shown, n, n[4:12]}}
}

func (m maker) account() labelled {
	id := m.of("xiaomei", "wx_", "tangtang", "a-li", "Lucky", "momo") + m.digits(3+m.IntN(4))
	return labelled{"account", m.of("微信", "微信号：", "加v", "vx:", "VX ", "wechat ", "加微信 ", "威信号是", "weixin:", "v信") + id, []string{id, id[1:]}}
}

// number is text of broadcasts and complaints with numbers in it that are
// nobody's.
func (m maker) number() string {
	n := m.IntN(900) + 100
	return m.of(
		fmt.Sprintf("原价%d 今天到手价%d块9", n*2, n),
		fmt.Sprintf("3 2 1 上链接，库存%d单", n*10),
		fmt.Sprintf("批号2026%02d%02d 保质期18个月", 1+m.IntN(12), 1+m.IntN(28)),
		fmt.Sprintf("净含量%dg*%d袋", n, 2+m.IntN(9)),
		fmt.Sprintf("执行标准GB/T %d.1-20%02d", 1000+n, m.IntN(26)),
		fmt.Sprintf("食品生产许可证SC106%s", m.digits(11)),
		fmt.Sprintf("国妆特字G2020%s", m.digits(4)),
		"广告法第二十八条、第五十五条",
		fmt.Sprintf("%d号链接拍两件，第%d位下单", 1+m.IntN(9), n),
		fmt.Sprintf("尺码 135 140 145 150 %d", n),
		fmt.Sprintf("2026-11-20T20:%02d:%02d+08:00 开播", m.IntN(60), m.IntN(60)),
		fmt.Sprintf("已售%d.%d万件，好评率9%d%%", m.IntN(90), m.IntN(9), m.IntN(9)),
		"一二三四五六七八九十 全部都有",
		"羊毛65% 聚酯纤维35% 洗了三次起球了",
		"这家超市买的贵 路上卖的便宜 村里都有",
		"湖北秭归县的脐橙，产地直发",
		"我叫了三次客服都没人理",
		fmt.Sprintf("sha256 %s", strings.Repeat("a1b2c3d4", 8)),
		fmt.Sprintf("快递到%s市了，%d天没动", m.of("杭州", "成都", "武汉"), 2+m.IntN(9)),
		fmt.Sprintf("1元=100分，满%d减%d", n, n/10),
		"订单一直没有发货 物流也不更新",
		fmt.Sprintf("收货地在新疆发不发，邮费%d", m.IntN(30)),
		"主播名字好听，地址在哪里买的",
		fmt.Sprintf("温度%d.5度，功率%d瓦", m.IntN(40), n),
		"微信支付还是支付宝都可以",
	)
}

// labels are 2,000 strings: 1,600 with somebody's data in them, 400 without.
func labels() (personal []labelled, others []string) {
	m := maker{rand.New(rand.NewPCG(20261120, 12))}
	kinds := []func() labelled{m.mobile, m.mobile, m.identity, m.name, m.address, m.order, m.mail, m.card, m.account}
	for i := range 1600 {
		l := kinds[i%len(kinds)]()
		before, after := m.around()
		l.text = before + l.text + after
		personal = append(personal, l)
	}
	for range 400 {
		before, after := m.around()
		others = append(others, before+m.number()+after)
	}
	return personal, others
}

// TestPersonalDataIsHidden: of 2,000 labelled strings at least 99.5 % of those
// with personal data lose it, and at most 1 % of the others lose anything.
func TestPersonalDataIsHidden(t *testing.T) {
	personal, others := labels()
	missed, tried := map[string]int{}, map[string]int{}
	total := 0
	for _, l := range personal {
		tried[l.kind]++
		got := privacy.Text(l.text)
		for _, s := range l.secrets {
			if strings.Contains(got, s) {
				if missed[l.kind]++; missed[l.kind] <= 3 {
					t.Logf("%s missed: %q -> %q", l.kind, l.text, got)
				}
				total++
				break
			}
		}
		if again := privacy.Text(got); again != got {
			t.Errorf("hidden twice: %q, then %q", got, again)
		}
	}
	spared := 0
	for _, s := range others {
		if got := privacy.Text(s); got != s {
			if spared++; spared <= 5 {
				t.Logf("hidden without need: %q -> %q", s, got)
			}
		}
	}
	t.Logf("%d of %d hidden, %d of %d others touched; missed by kind %v of %v", len(personal)-total, len(personal), spared, len(others), missed, tried)
	if total*1000 > len(personal)*5 {
		t.Errorf("%d of %d strings keep personal data: more than 0.5 %%", total, len(personal))
	}
	if spared*100 > len(others) {
		t.Errorf("%d of %d strings without personal data were touched: more than 1 %%", spared, len(others))
	}
}

func FuzzText(f *testing.F) {
	personal, _ := labels()
	for _, l := range personal[:40] {
		f.Add(l.text)
	}
	f.Add("\xff\x00１３８")
	f.Fuzz(func(t *testing.T, s string) {
		got := privacy.Text(s)
		if privacy.Clean(s) != (got == s) {
			t.Fatalf("Clean and Text disagree on %q", s)
		}
		if len(got) > len(s) {
			t.Fatalf("%q grew to %q", s, got)
		}
		_ = feed.Sanitise(privacy.Name(s) + privacy.Order(s) + privacy.Address(s))
	})
}

func BenchmarkText(b *testing.B) {
	for _, s := range []string{"这条围巾是百分之百纯羊毛的", "电话13800138000，地址：浙江省杭州市西湖区文三路478号"} {
		b.Run(fmt.Sprint(len(s)), func(b *testing.B) {
			for b.Loop() {
				privacy.Text(s)
			}
		})
	}
}
