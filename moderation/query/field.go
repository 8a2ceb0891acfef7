package query

import (
	"slices"

	"liveroom/claims"
	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/triage"
)

// A Field is what a term asks about.
type Field string

// The fields.
const (
	FieldRoom       Field = "room"
	FieldUser       Field = "user"
	FieldKind       Field = "kind"
	FieldProduct    Field = "product"
	FieldCategory   Field = "category"
	FieldVerdict    Field = "verdict"
	FieldSeverity   Field = "severity"
	FieldStatus     Field = "status"
	FieldRefund     Field = "refund"
	FieldOutcome    Field = "outcome"
	FieldOwner      Field = "owner"
	FieldBy         Field = "by"
	FieldRule       Field = "rule"
	FieldChannel    Field = "channel"
	FieldOrder      Field = "order"
	FieldCase       Field = "case"
	FieldProblem    Field = "problem"
	FieldAmount     Field = "amount"
	FieldQty        Field = "qty"
	FieldTimes      Field = "times"
	FieldComplaints Field = "complaints"
	FieldIs         Field = "is"
	FieldSince      Field = "since"
	FieldUntil      Field = "until"
	FieldAt         Field = "at"
)

// aliases are the fields' names for who writes Chinese.
var aliases = map[Field]string{
	FieldRoom: "直播间", FieldUser: "用户", FieldKind: "类型", FieldProduct: "商品", FieldCategory: "类别", FieldVerdict: "结论",
	FieldSeverity: "严重", FieldStatus: "状态", FieldRefund: "退款", FieldOutcome: "处理", FieldOwner: "归属", FieldBy: "判定人", FieldRule: "规则",
	FieldChannel: "渠道", FieldOrder: "订单", FieldCase: "案件", FieldProblem: "问题", FieldAmount: "金额", FieldQty: "件数", FieldTimes: "次数",
	FieldComplaints: "投诉", FieldIs: "是", FieldSince: "起", FieldUntil: "止", FieldAt: "时间",
}

// A shape is what kind of value a field takes.
type shape int

const (
	shapeText   shape = iota // any text, compared whole
	shapeOneOf               // one of a list
	shapePerson              // an id or a part of a name
	shapeEnd                 // a number of which people know the end
	shapeOwner               // a person at the desk, "me" or "none"
	shapeNumber              // a whole number, compared
	shapeMoney               // yuan, compared
	shapeTime                // a moment, or a span before now
	shapeFlag                // something that a row is or is not
)

// ordered tells whether values of the shape can be compared by more and less.
func (s shape) ordered() bool { return s == shapeNumber || s == shapeMoney }

// A named is a value with its name for who writes Chinese.
type named struct{ name, zh string }

// A spec is a field of one list.
type spec struct {
	field  Field
	shape  shape
	values []named // of shapeOneOf and shapeFlag
}

// Values that owner: takes beside names.
const (
	ownerMe   = "me"
	ownerNone = "none"
)

// What rows can be.
const (
	isHost      = "host"
	isSpoken    = "spoken"
	isOpen      = "open"
	isDecided   = "decided"
	isCorrected = "corrected"
	isUnsure    = "unsure"
	isUrgent    = "urgent"
	isAlike     = "alike"
	isInCase    = "incase"
	isTraced    = "traced"
	isMerged    = "merged"
	isAnswered  = "answered"
	isPaid      = "paid"
	isRefunded  = "refunded"
	isOverdue   = "overdue"
	isSoon      = "soon"
	isMine      = "mine"
	isFree      = "free"
	isEscalated = "escalated"
	isSnoozed   = "snoozed"
)

var flagNames = map[string]string{
	isHost: "主播", isSpoken: "口播", isOpen: "待处理", isDecided: "已判", isCorrected: "已告知", isUnsure: "先回听",
	isUrgent: "紧急", isAlike: "同类", isInCase: "已立案", isTraced: "有出处", isMerged: "已并入", isAnswered: "已回答",
	isPaid: "已付", isRefunded: "有退款", isOverdue: "超时", isSoon: "将超时", isMine: "我的", isFree: "无人", isEscalated: "已上报", isSnoozed: "稍后",
}

func flagsOf(names ...string) []named {
	out := make([]named, len(names))
	for i, n := range names {
		out[i] = named{n, flagNames[n]}
	}
	return out
}

var (
	categories = []named{
		{string(claims.CategoryMaterial), "材质"},
		{string(claims.CategoryBrand), "品牌"},
		{string(claims.CategoryWeight), "重量"},
		{string(claims.CategoryQuantity), "数量"},
		{string(claims.CategorySize), "尺寸"},
		{string(claims.CategoryOrigin), "产地"},
		{string(claims.CategoryIngredient), "成分"},
		{string(claims.CategoryPrice), "价格"},
		{string(claims.CategoryCredential), "资质荣誉"},
		{string(claims.CategoryEfficacy), "功效"},
		{string(claims.CategoryEffect), "效果"},
		{string(claims.CategoryAbsolute), "绝对化"},
		{string(claims.CategoryMedical), "医疗"},
		{string(claims.CategoryPromise), "承诺"},
		{string(claims.CategoryOffplatform), "站外交易"},
		{string(claims.CategoryConduct), "言行"},
	}
	kinds = []named{
		{string(feed.KindChat), "弹幕"},
		{string(feed.KindTranscript), "口播"},
		{string(feed.KindProduct), "上架"},
		{string(feed.KindOrder), "订单"},
		{string(feed.KindRefund), "退款"},
		{string(feed.KindComplaint), "投诉"},
		{string(feed.KindGift), "礼物"},
		{string(feed.KindEnter), "进场"},
		{string(feed.KindSystem), "系统"},
		{string(feed.KindGap), "断流"},
	}
	grievances = []named{
		{string(triage.Abuse), "恶意"},
		{string(triage.Appeal), "申诉"},
		{string(triage.Counterfeit), "疑假"},
		{string(triage.Damaged), "破损"},
		{string(triage.FalseAd), "虚假宣传"},
		{string(triage.LateShipment), "发货迟"},
		{string(triage.MissingItem), "少件"},
		{string(triage.None), "无诉求"},
		{string(triage.NotAsDescribed), "描述不符"},
		{string(triage.PriceProtection), "价保"},
		{string(triage.Quality), "质量"},
		{string(triage.Question), "咨询"},
		{string(triage.RefundRefused), "拒退"},
		{string(triage.Safety), "安全"},
		{string(triage.Service), "服务"},
	}
	caseKinds = []named{
		{string(moderation.CaseFalseAdvertising), "虚假宣传"},
		{string(moderation.CaseComplaint), "投诉"},
		{string(moderation.CaseOrderRisk), "订单风险"},
		{string(moderation.CaseQualification), "资质"},
		{string(moderation.CaseAppeal), "申诉"},
		{string(moderation.CaseSpotCheck), "抽查"},
	}
	caseStates = []named{
		{string(moderation.CaseStateOpen), "待处理"},
		{string(moderation.CaseStateReview), "复核中"},
		{string(moderation.CaseStateWaiting), "等待中"},
		{string(moderation.CaseStateResolved), "已结论"},
		{string(moderation.CaseStateClosed), "已关闭"},
		{string(moderation.CaseStateWithdrawn), "已撤销"},
	}
	outcomes = []named{
		{string(moderation.OutcomeUpheld), "属实"}, {string(moderation.OutcomeUnfounded), "不属实"}, {string(moderation.OutcomeCorrected), "已更正"},
	}
	flagStates = []named{
		{string(moderation.FlagOpen), "待判"}, {string(moderation.FlagSnoozed), "稍后"}, {string(moderation.FlagConfirmed), "属实"}, {string(moderation.FlagDismissed), "不成立"},
	}
	verdicts = []named{
		{string(claims.VerdictContradicted), "不符"}, {string(claims.VerdictUnsupported), "无依据"}, {string(claims.VerdictBanned), "禁用"},
	}
	severities  = []named{{string(claims.SeverityHigh), "高"}, {string(claims.SeverityMedium), "中"}, {string(claims.SeverityLow), "低"}}
	orderStates = []named{
		{feed.StatusCreated, "已下单"}, {feed.StatusPaid, "已付"}, {feed.StatusShipped, "已发货"}, {feed.StatusCompleted, "已完成"}, {feed.StatusClosed, "已关闭"}, {feed.StatusUnknown, "状态不明"},
	}
	refundStates = []named{
		{feed.StatusRequested, "申请退款"}, {feed.StatusAgreed, "同意退款"}, {feed.StatusRefused, "拒绝退款"}, {feed.StatusClosed, "退款关闭"}, {feed.StatusRefunded, "已退款"}, {feed.StatusUnknown, "退款状态不明"},
	}
	times = []spec{{FieldSince, shapeTime, nil}, {FieldUntil, shapeTime, nil}, {FieldAt, shapeTime, nil}}
)

// specs are the fields that each list has, those asked for most first.
var specs = map[moderation.List][]spec{
	moderation.ListEvents: with(
		spec{FieldUser, shapePerson, nil}, spec{FieldKind, shapeOneOf, kinds}, spec{FieldProduct, shapeText, nil}, spec{FieldOrder, shapeEnd, nil},
		spec{FieldStatus, shapeOneOf, slices.Concat(orderStates, refundStates[:len(refundStates)-1])}, spec{FieldAmount, shapeMoney, nil},
		spec{FieldIs, shapeFlag, flagsOf(isHost, isSpoken)},
	),
	moderation.ListFlags: with(
		spec{FieldCategory, shapeOneOf, categories}, spec{FieldProduct, shapeText, nil}, spec{FieldStatus, shapeOneOf, flagStates},
		spec{FieldSeverity, shapeOneOf, severities}, spec{FieldVerdict, shapeOneOf, verdicts}, spec{FieldBy, shapeOwner, nil},
		spec{FieldRule, shapeText, nil}, spec{FieldCase, shapeNumber, nil},
		spec{FieldIs, shapeFlag, flagsOf(isOpen, isDecided, isCorrected, isUnsure, isInCase, isSnoozed)},
	),
	moderation.ListComplaints: with(
		spec{FieldKind, shapeOneOf, grievances}, spec{FieldProduct, shapeText, nil}, spec{FieldUser, shapePerson, nil}, spec{FieldOrder, shapeEnd, nil},
		spec{FieldChannel, shapeText, nil}, spec{FieldCase, shapeNumber, nil}, spec{FieldProblem, shapeNumber, nil},
		spec{FieldIs, shapeFlag, flagsOf(isUrgent, isAlike, isInCase)},
	),
	moderation.ListProblems: with(
		spec{FieldProduct, shapeText, nil}, spec{FieldComplaints, shapeNumber, nil}, spec{FieldIs, shapeFlag, flagsOf(isTraced, isMerged)},
	),
	moderation.ListQuestions: with(
		spec{FieldProduct, shapeText, nil}, spec{FieldUser, shapePerson, nil}, spec{FieldTimes, shapeNumber, nil}, spec{FieldBy, shapeOwner, nil},
		spec{FieldIs, shapeFlag, flagsOf(isOpen, isAnswered)},
	),
	moderation.ListOrders: with(
		spec{FieldProduct, shapeText, nil}, spec{FieldStatus, shapeOneOf, orderStates}, spec{FieldAmount, shapeMoney, nil}, spec{FieldUser, shapePerson, nil},
		spec{FieldRefund, shapeOneOf, refundStates}, spec{FieldQty, shapeNumber, nil}, spec{FieldOrder, shapeEnd, nil}, spec{FieldCase, shapeNumber, nil},
		spec{FieldIs, shapeFlag, flagsOf(isPaid, isRefunded, isInCase)},
	),
	moderation.ListCases: with(
		spec{FieldStatus, shapeOneOf, caseStates}, spec{FieldOwner, shapeOwner, nil},
		spec{FieldIs, shapeFlag, flagsOf(isOpen, isOverdue, isSoon, isMine, isFree, isEscalated, isSnoozed)},
		spec{FieldKind, shapeOneOf, caseKinds}, spec{FieldProduct, shapeText, nil}, spec{FieldCategory, shapeOneOf, categories},
		spec{FieldAmount, shapeMoney, nil}, spec{FieldOutcome, shapeOneOf, outcomes}, spec{FieldComplaints, shapeNumber, nil},
		spec{FieldUser, shapePerson, nil}, spec{FieldOrder, shapeEnd, nil}, spec{FieldCase, shapeNumber, nil},
	),
}

// with adds what every list has.
func with(of ...spec) []spec {
	return append(append(of, times...), spec{FieldRoom, shapeText, nil})
}

// Lists are the lists that can be asked, in the order of the glossary.
func Lists() []moderation.List {
	return []moderation.List{
		moderation.ListEvents, moderation.ListFlags, moderation.ListComplaints, moderation.ListProblems,
		moderation.ListQuestions, moderation.ListOrders, moderation.ListCases,
	}
}

// Fields are the fields of a list.
func Fields(l moderation.List) []Field {
	out := make([]Field, len(specs[l]))
	for i, s := range specs[l] {
		out[i] = s.field
	}
	return out
}

// Alias is a field's name for who writes Chinese.
func (f Field) Alias() string { return aliases[f] }

// Values are the values that a field of a list can have; nil: any.
func Values(l moderation.List, f Field) []string {
	s, _ := specOf(l, f)
	return names(s.values)
}

func names(of []named) []string {
	var out []string
	for _, n := range of {
		out = append(out, n.name)
	}
	return out
}

func specOf(l moderation.List, f Field) (spec, bool) {
	for _, s := range specs[l] {
		if s.field == f {
			return s, true
		}
	}
	return spec{}, false
}

// fieldNamed finds a field of any list by its name or alias.
func fieldNamed(name string) (Field, bool) {
	for f, alias := range aliases {
		if name == string(f) || name == alias {
			return f, true
		}
	}
	return "", false
}
