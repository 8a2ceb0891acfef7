package imports

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"liveroom/claims/sheet/table"
	"liveroom/feed"
)

var shanghai = time.FixedZone("CST", 8*3600)

func options() Options {
	return Options{Room: "A", Zone: shanghai, Now: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Maps: BuiltIn()}
}

func read(t *testing.T, name, text string) File {
	t.Helper()
	f, err := Read(name, []byte(text), options())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

const tickets = `售后单号,订单号,商品ID,商家编码,商品名称,售后原因,售后说明,售后申请时间,收件人,收货地址
7001,'6920001,3601,D01,羊毛围巾,与描述不符,"水洗标写着聚酯纤维, 不是纯羊毛",2026-11-20 21:03:05,王女士,上海市某路1号
7002,"=""6920002""",3601,D01,羊毛围巾,质量问题,,2026/11/20 21:04,李先生,杭州市某路2号
`

func TestComplaintsOfAShop(t *testing.T) {
	f := read(t, "售后.csv", tickets)
	if f.Map.Name != "doudian-complaints" || f.Rows != 2 || !slices.Equal(f.Unread, []string{"商品ID", "收件人", "收货地址"}) {
		t.Errorf("read with %s, %d rows, unread %v", f.Map.Name, f.Rows, f.Unread)
	}
	e := f.Events[0]
	if e.ID != "complaint/7001" || e.Source != "import/doudian-complaints" || e.Kind != feed.KindComplaint || e.OrderID != "6920001" ||
		e.Product.ID != "D01" || e.Text != "与描述不符：水洗标写着聚酯纤维, 不是纯羊毛" || e.Channel != "ticket" || e.Room != "A" ||
		!e.At.Equal(time.Date(2026, 11, 20, 13, 3, 5, 0, time.UTC)) || !e.Recv.Equal(options().Now) {
		t.Errorf("event %+v", e)
	}
	if e := f.Events[1]; e.OrderID != "6920002" || e.Text != "质量问题" {
		t.Errorf("event %+v", e)
	}
	for _, e := range f.Events {
		for _, private := range []string{"王女士", "上海市", "李先生", "杭州市"} {
			if bytes.Contains(e.Raw, []byte(private)) {
				t.Errorf("the record would keep %q, which it has no use for: %s", private, e.Raw)
			}
		}
		if !bytes.Contains(e.Raw, []byte("售后单号")) {
			t.Errorf("raw bytes %s", e.Raw)
		}
	}
}

func TestOrdersOfAShop(t *testing.T) {
	f := read(t, "orders.csv", `订单编号,SKU编码,商品名称,成交数量,实付款,订单创建时间,支付时间,发货时间,订单状态,买家昵称,售后状态,退款金额
LR1,D01,围巾,2,"¥1,258.00",2026-11-20 20:01:02,2026-11-20 20:01:30,,待发货,小鹿,无售后,
LR2,D02,羽绒服,1,699,2026-11-20 20:02:00,2026-11-20 20:02:10,2026-11-21 09:00:00,已发货,香菜,退款成功,699
`)
	if f.Map.Name != "kuaishou-orders" || len(f.Events) != 3 {
		t.Fatalf("read with %s: %+v", f.Map.Name, f.Events)
	}
	e := f.Events[0]
	if e.ID != "order/LR1/paid" || e.Kind != feed.KindOrder || e.Status != feed.StatusPaid || e.Order.PaidFen != 125_800 || e.Order.Qty != 2 ||
		e.Order.SKU != "D01" || e.User.Name != "小鹿" || !e.At.Equal(time.Date(2026, 11, 20, 12, 1, 30, 0, time.UTC)) {
		t.Errorf("order %+v %+v", e, e.Order)
	}
	if e := f.Events[1]; e.Status != feed.StatusShipped || !e.At.Equal(e.Order.ShippedAt) {
		t.Errorf("order %+v", e)
	}
	if e := f.Events[2]; e.Kind != feed.KindRefund || e.Status != feed.StatusRefunded || e.AmountFen != 69_900 || e.ID != "refund/LR2/refunded" {
		t.Errorf("refund %+v", e)
	}
}

// TestADeviceIsRead: it is compared over accounts, under each of the headers that
// the maps know.
func TestADeviceIsRead(t *testing.T) {
	for _, header := range []string{"设备", "设备号", "device", "Device ID"} {
		f := read(t, "x.csv", "订单号,状态,下单时间,"+header+"\nLR1,已支付,2026-11-20 20:00,imei-5501\nLR2,已支付,2026-11-20 20:01,\n")
		if len(f.Events) != 2 || f.Events[0].Order.Device != "imei-5501" || f.Events[1].Order.Device != "" || len(f.Unread) != 0 {
			t.Errorf("%s: events %+v, unread %v", header, f.Events, f.Unread)
		}
	}
	f := read(t, "x.csv", "订单编号,成交数量,实付款,订单创建时间,订单状态,买家昵称,设备ID\nLR1,1,129,2026-11-20 20:01:02,待发货,小鹿,d-9\n")
	if f.Map.Name != "kuaishou-orders" || f.Events[0].Order.Device != "d-9" {
		t.Errorf("read with %s: %+v", f.Map.Name, f.Events[0].Order)
	}
}

func TestTheFormatsOfAFile(t *testing.T) {
	want := read(t, "x.csv", tickets).Events
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(tickets))
	if err != nil {
		t.Fatal(err)
	}
	book := excelize.NewFile()
	for i, line := range strings.Split(strings.TrimSpace(strings.NewReplacer(`"水洗标写着聚酯纤维, 不是纯羊毛"`, "水洗标写着聚酯纤维， 不是纯羊毛", `"=""6920002"""`, "6920002").Replace(tickets)), "\n") {
		for j, v := range strings.Split(line, ",") {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellValue("Sheet1", at, strings.ReplaceAll(v, "，", ",")); err != nil {
				t.Fatal(err)
			}
		}
	}
	var x bytes.Buffer
	if err := book.Write(&x); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"gb.csv": gb, "bom.csv": []byte("\xef\xbb\xbf" + tickets), "crlf.csv": []byte(strings.ReplaceAll(tickets, "\n", "\r\n")), "book.xlsx": x.Bytes(),
	} {
		f, err := Read(name, data, options())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, e := range f.Events {
			if e.ID != want[i].ID || e.Text != want[i].Text || e.OrderID != want[i].OrderID || !e.At.Equal(want[i].At) {
				t.Errorf("%s: event %+v, want %+v", name, e, want[i])
			}
		}
	}
}

func TestEveryFaultHasItsPlace(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", []string{"x.csv: a header row"}},
		{"no known header", "a,b\n1,2\n", []string{"x.csv:1: a column for"}},
		{"a header without a time", "工单号,投诉内容\n1,坏了\n", []string{"x.csv:1: a column for time (", "[import.NAME]"}},
		{"complaints", "工单号,投诉内容,投诉时间\n1,,2026-11-20 20:00:00\n2,坏了,昨天\n3,坏了,\n", []string{
			`x.csv:2: column 投诉内容: what the buyer complains about`, `x.csv:3: column 投诉时间: "昨天": a time such as`, `x.csv:4: column 投诉时间: a time such as`,
		}},
		{"one number twice", "工单号,投诉内容,投诉时间\n1,坏了,2026-11-20 20:00\n1,别的,2026-11-20 20:00\n", []string{`x.csv:3: column 工单号: "1": a number of its own; row 2`}},
		{"orders", "订单号,状态,下单时间,实付,数量\n,已发货,2026-11-20 20:00,1,1\nLR1,飞走了,2026-11-20 20:00,1,1\nLR2,已支付,2026-11-20 20:00,1.234,0\nLR3,,2026-11-20 20:00,1,1\nLR4,已支付,,1,1\n", []string{
			"x.csv:2: column 订单号: the order's number", `x.csv:3: column 状态: "飞走了": a state such as 待支付`, `x.csv:4: column 实付: "1.234": an amount`,
			`x.csv:4: column 数量: "0": a whole number`, "x.csv:5: column 状态: a state such as", "x.csv:6: column 下单时间: a time such as",
		}},
		{"too many cells", "工单号,投诉内容,投诉时间\n1,坏了,2026-11-20 20:00,x\n", []string{`x.csv:2: column 4: "x": no more cells`}},
		{"controls", "工单号,投诉内容,投诉时间\n1,坏了,\x1b[2J\n", []string{`x.csv:2: column 投诉时间: "\x1b[2J"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read("x.csv", []byte(tt.text), options())
			var faults table.Errors
			if !errors.As(err, &faults) {
				t.Fatalf("err = %v, want faults", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing from:\n%v", want, err)
				}
			}
		})
	}
}

func TestARowTwiceIsOneEvent(t *testing.T) {
	f := read(t, "x.csv", "投诉内容,投诉时间,买家\n坏了,2026-11-20 20:00,小鹿\n坏了,2026-11-20 20:00,小鹿\n坏了,2026-11-20 20:00,香菜\n")
	if len(f.Events) != 2 || f.Twice != 1 || f.Events[0].ID == f.Events[1].ID {
		t.Errorf("%d events, %d twice", len(f.Events), f.Twice)
	}
	again := read(t, "other.csv", "买家,投诉时间,投诉内容\n香菜,2026/11/20 20:00:00,坏了\n")
	if again.Events[0].ID != f.Events[1].ID {
		t.Errorf("the same complaint in another file is %s, it was %s", again.Events[0].ID, f.Events[1].ID)
	}
}

func TestAPartOfAnOrderIsAnOrder(t *testing.T) {
	f := read(t, "x.csv", "主订单编号,子订单编号,商家编码,订单状态,订单提交时间\nM1,S1,D01,已发货,2026-11-20 20:00\nM1,S2,D02,已发货,2026-11-20 20:00\n")
	if len(f.Events) != 2 || f.Events[0].OrderID != "S1" || f.Events[1].OrderID != "S2" {
		t.Errorf("events %+v", f.Events)
	}
}

func TestAMapOfOnesOwn(t *testing.T) {
	mine := Map{Name: "mine", Kind: Complaints, Columns: map[string]Field{"吐槽": FieldText, "啥时候": FieldTime, "谁": FieldBuyerName}}
	if err := mine.Check(); err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Maps = append([]Map{mine}, o.Maps...)
	f, err := Read("x.csv", []byte("吐槽,啥时候,谁\n坏了,2026-11-20 20:00,小鹿\n"), o)
	if err != nil || f.Map.Name != "mine" || f.Events[0].User.Name != "小鹿" {
		t.Errorf("read %+v, %v", f, err)
	}
	for want, m := range map[string]Map{
		`kind "gossip" is not known`:       {Kind: "gossip"},
		`"colour" is no field of orders`:   {Kind: Orders, Columns: map[string]Field{"颜色": "colour"}},
		"no column holds status":           {Kind: Orders, Columns: map[string]Field{"单号": FieldOrder}},
		"no column holds text or reason":   {Kind: Complaints, Columns: map[string]Field{"时间": FieldTime}},
		`"status" is no field of complain`: {Kind: Complaints, Columns: map[string]Field{"状态": FieldStatus}},
	} {
		if err := m.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: err = %v, want %q", m, err, want)
		}
	}
}

func TestTheMapsAreSound(t *testing.T) {
	for _, m := range BuiltIn() {
		if err := m.Check(); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("x.csv", []byte(tickets))
	f.Add("x.csv", []byte("订单号,状态,下单时间\nLR1,已支付,2026-11-20 20:00\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		file, err := Read(name, data, options())
		if err != nil {
			return
		}
		ids := make(map[string]bool)
		for _, e := range file.Events {
			if e.ID == "" || ids[e.ID] || e.At.IsZero() || e.Kind == feed.KindComplaint && e.Text == "" {
				t.Fatalf("event %+v", e)
			}
			ids[e.ID] = true
		}
	})
}
