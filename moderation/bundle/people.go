package bundle

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/policy"
)

// A page is a text for people. What came from outside goes through the
// sanitiser and stands last in its line.
type page struct {
	bytes.Buffer
	zone *time.Location
}

func (p *page) line(format string, args ...any) {
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = feed.Sanitise(a).String()
		case time.Time:
			args[i] = p.time(a)
		}
	}
	fmt.Fprintf(&p.Buffer, format+"\n", args...)
}

func (p *page) time(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return t.In(p.zone).Format("2006-01-02 15:04:05.000 -07:00")
}

// yuan is an amount as people write it.
func yuan(fen int64) string { return fmt.Sprintf("%d.%02d元", fen/100, fen%100) }

// since is how long after the broadcast's beginning something was.
func since(start, at time.Time) string {
	if start.IsZero() || at.Before(start) {
		return "--:--:--"
	}
	d := at.Sub(start)
	return fmt.Sprintf("%02d:%02d:%06.3f", int(d.Hours()), int(d.Minutes())%60, (d % time.Minute).Seconds())
}

func (m *maker) transcript(p *page) error {
	p.line("话术文字记录（案件 #%d，直播间 %s）", m.Case, m.room.Name)
	p.line("每行：记录序号  距开播时间  时间  [识别起止毫秒]  说话人：原话。标记“!”的行有疑点，见 flags.txt；带“⌫”的行后来被平台撤回，撤回的消息也在 frames 里。")
	p.line("范围：被标记的话前后各两分钟，以及每笔订单付款前十分钟内关于该商品的话。")
	p.line("")
	flagged := make(map[int64]bool)
	for _, f := range m.Flags {
		flagged[f.Event] = true
	}
	for _, e := range m.events {
		if !m.speech[e.Index] {
			continue
		}
		mark, span := " ", ""
		if flagged[e.Index] {
			mark = "!"
		}
		if s := e.Speech; s != nil && s.EndMS > 0 {
			span = fmt.Sprintf(" [%d–%d]", s.StartMS, s.EndMS)
		}
		if m.gone[e.Index] {
			span += " ⌫"
		}
		p.line("%s %8d  %s  %s%s  %s：%s", mark, e.Index, since(m.room.StartedAt, e.At), e.At, span, cmp.Or(m.Veil.User(e.User).Name, string(e.User.Role), "—"), m.Veil.Text(e.Text))
	}
	return nil
}

func (m *maker) flagged(p *page) error {
	p.line("疑点与依据（案件 #%d）", m.Case)
	for _, f := range m.Flags {
		x := m.Veil.Finding(f.Finding)
		p.line("")
		p.line("标记 #%d  记录序号 %d  %s", f.ID, f.Event, f.At)
		p.line("  状态：%s  处理人：%s  处理时间：%s", string(f.Status), cmp.Or(f.DecidedBy, "—"), f.DecidedAt)
		p.line("  类别：%s  结论：%s  程度：%s  规则：%s  商品：%s  商品资料版本：%s", string(x.Category), string(x.Verdict), string(x.Severity), x.Rule, x.SKU, x.Sheet)
		p.line("  疑点在原话第 %d 至 %d 个字符：%s", x.Start, x.End, x.Said)
		p.line("  商品资料：%s", x.Fact)
		p.line("  法条：%s", x.Law)
		p.line("  理由：%s", x.Why)
		p.line("  告知主播：%s", f.Corrected)
		p.line("  原话：%s", m.Veil.Text(f.Text))
	}
	if len(m.Flags) == 0 {
		p.line("本案没有标记。")
	}
	return nil
}

func (m *maker) ordered(p *page) error {
	p.line("订单情况（案件 #%d）", m.Case)
	for _, o := range m.Orders {
		p.line("")
		p.line("订单 %s", m.Veil.Order(o.ID))
		p.line("  买家：%s %s", m.Veil.Account(o.Buyer.ID), m.Veil.User(o.Buyer).Name)
		p.line("  商品：%s  数量：%d  应付：%s  实付：%s", o.SKU, o.Qty, yuan(o.AmountFen), yuan(o.PaidFen))
		p.line("  下单：%s  付款：%s  发货：%s", o.CreatedAt, o.PaidAt, o.ShippedAt)
		p.line("  状态：%s  退款：%s %s", o.Status, cmp.Or(o.Refund, "—"), yuan(o.RefundFen))
	}
	if len(m.Orders) == 0 {
		p.line("本案没有订单。")
	}
	m.payments(p)
	return nil
}

// payments are what people proposed to pay, with what it was granted on.
func (m *maker) payments(p *page) {
	if len(m.CaseRows.Case.Payments) == 0 {
		return
	}
	p.line("")
	p.line("付款提议（仅为提议，本程序不划转款项）")
	for _, x := range m.CaseRows.Case.Payments {
		p.line("")
		p.line("提议 #%d  订单 %s  %s  %s 元：%s", x.ID, m.Veil.Order(x.Order), string(x.State), policy.Yuan(x.AmountFen), x.Working.ZH)
		p.line("  政策：%s %s，版本 %s，原文见台账第 %d 条", x.Policy, x.Title.ZH, x.Version, x.Kept)
		p.line("  提出：%s %s  审批：%s %s  终止：%s %s", x.By, x.At, cmp.Or(x.DecidedBy, "—"), x.DecidedAt, cmp.Or(x.EndedBy, "—"), x.EndedAt)
		p.line("  理由：%s", cmp.Or(m.Veil.Text(x.Reason), "—"))
		p.line("  依据的事实（截至 %s）：%s", x.AsOf, x.Matter)
	}
}

func (m *maker) complained(p *page) error {
	p.line("投诉（案件 #%d）", m.Case)
	for _, c := range m.Complaints {
		p.line("")
		p.line("投诉 #%d  记录序号 %d  %s  渠道：%s", c.ID, c.Event, c.At, cmp.Or(c.Channel, "—"))
		p.line("  商品：%s  订单：%s  类型：%s  优先级：%s", c.SKU, m.Veil.Order(c.OrderID), string(c.Type), string(c.Priority))
		p.line("  买家：%s %s", m.Veil.Account(c.Buyer.ID), m.Veil.User(c.Buyer).Name)
		said := m.Veil.Text(c.Text)
		if m.gone[c.Event] {
			said += "  ⌫ 这条消息后来被平台撤回"
		}
		p.line("  内容：%s", said)
	}
	if len(m.Complaints) == 0 {
		p.line("本案没有投诉。")
	}
	return nil
}

func (m *maker) connection(p *page) error {
	p.line("连接与完整性（%s 至 %s，前后各加两分钟）", p.time(m.from), p.time(m.to))
	p.line("连接中断而无法补回的时段记为“缺口”。没有缺口的时段，收到的每条消息都在记录里；写不进记录时程序停止读取，恢复后同样留下缺口。")
	p.line("")
	gaps := 0
	last := make(map[string]*moderation.Recorded)
	for i := range m.events {
		e := &m.events[i]
		if e.Epoch != "" {
			last[e.Source] = e
		}
		switch {
		case e.Kind == feed.KindGap && e.Gap != nil:
			gaps++
			p.line("%8d  缺口  %s 至 %s  缺 %s 条  来源 %s：%s", e.Index, e.Gap.From, e.Gap.To, lost(e.Gap.Lost), e.Source, e.Gap.Reason)
		case e.Kind == feed.KindSystem:
			p.line("%8d  %s  %s  来源 %s：%s", e.Index, e.At, cmp.Or(e.Code, "系统"), e.Source, m.Veil.Text(e.Text))
		case e.Kind == feed.KindProduct && e.Product != nil:
			p.line("%8d  %s  上架  %s  %s：%s", e.Index, e.At, e.Product.ID, yuan(e.Product.PriceFen), e.Product.Title)
		}
	}
	p.line("")
	p.line("缺口共 %d 处。", gaps)
	for _, name := range slices.Sorted(maps.Keys(last)) {
		e := last[name]
		p.line("位置：来源 %s  第 %d 条（批次 %s），收到于 %s", name, e.Offset, e.Epoch, e.Recv)
	}
	return nil
}

func lost(n int64) string {
	if n < 0 {
		return "不详"
	}
	return fmt.Sprint(n)
}

func (m *maker) acted(p *page) error {
	p.line("经办记录（案件 #%d）", m.Case)
	p.line("每行：序号  时间  经办人（角色）  做了什么。每一行在账本里都有一叶，人名和动作可由账本证明。")
	p.line("")
	for _, a := range m.Actions {
		changes, err := a.Changes()
		if err != nil {
			return err
		}
		var what []string
		for _, c := range changes {
			what = append(what, fmt.Sprintf("%s %s→%s", c.Row(), cmp.Or(c.From, "新"), c.To))
		}
		undone := ""
		if a.Undone {
			undone = "（已撤销）"
		}
		p.line("%6d  %s  %s（%s）  %s%s  %s", a.ID, a.At, a.Actor.Name, string(a.Actor.Role), a.Command, undone, strings.Join(what, "，"))
	}
	p.line("")
	for _, n := range m.CaseRows.Case.Notes {
		p.line("备注  %s  %s：%s", n.At, n.By, m.Veil.Text(n.Text))
	}
	for _, e := range m.effects {
		p.line("对外动作 #%d  %s  %s  %s：%s", e.ID, e.Kind, string(e.Status), m.Veil.Text(e.Result), m.Veil.Text(e.Text))
	}
	return nil
}

// extraction is the record of how the evidence was taken out, with the hashes of
// everything else in the bundle.
func (m *maker) extraction(p *page) {
	c := m.CaseRows.Case
	p.line("电子数据提取记录")
	p.line("")
	p.line("案件：#%d（%s），状态 %s，直播间 %s", c.ID, string(c.Kind), string(c.State), m.room.Name)
	p.line("提取时间：%s（按提取所用机器的时钟）", m.Now)
	p.line("操作人：%s（%s）", m.Actor.Name, string(m.Actor.Role))
	p.line("提取工具：%s", m.Tool)
	p.line("提取方法：在同一时刻的只读快照中读取案件及其标记、投诉、订单、经办记录和相关原始数据，逐条附账本证明，未改动任何一条。")
	p.line("数据来源：直播间各连接收到的原始数据，收到时即连同 SHA-256 写入记录；写入与账本登记在同一事务内完成。")
	p.line("数据范围：%s 至 %s，记录 %d 条，账本叶 %d 条", p.time(m.from), p.time(m.to), len(m.events), len(m.leaves))
	p.line("账本：提取时共 %d 叶；检查点为 %d 叶，根 %s", m.head.Size, m.point.Size, hex.EncodeToString(m.point.Root[:]))
	p.line("检查点签署时间：%s（按签署机器的时钟）", m.point.At)
	if m.stamped {
		p.line("可信时间戳：checkpoint.tsr，对 checkpoint.txt 的 SHA-256 出具（RFC 3161）")
	} else {
		p.line("可信时间戳：无")
	}
	p.line("签名公钥：%s", m.Public)
	if len(m.Veil) == 0 {
		p.line("个人信息：已脱敏。含个人信息的原始数据和行未放入，共 %d 条；其哈希仍在账本叶中，日后可出示原件核对。", m.withheld)
	} else {
		var fields []string
		for _, f := range m.Veil {
			fields = append(fields, string(f))
		}
		p.line("个人信息：经批准出示 %s；未放入 %d 条。理由：%s", strings.Join(fields, "、"), m.withheld, m.Reason)
	}
	if m.erased > 0 {
		p.line("已删除：%d 条的个人信息在提取前已依请求或到期删除，只余账本叶；删除本身也在账本中。", m.erased)
	}
	p.line("")
	p.line("文件清单（SHA-256、字节数、文件名）；含本文件的完整清单见 manifest.txt，由 manifest.sig 签名：")
	for _, name := range slices.Sorted(maps.Keys(m.files)) {
		sum := sha256.Sum256(m.files[name])
		p.line("%s %9d %s", hex.EncodeToString(sum[:]), len(m.files[name]), name)
	}
	p.line("")
	p.line("操作人签字：____________    见证人签字：____________    日期：____________")
}
