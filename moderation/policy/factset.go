package policy

import (
	"cel.dev/cel-go/cel"

	"liveroom/claims"
	"liveroom/claims/sheet"
)

// claimCategories are the categories of findings.
var claimCategories = texts(
	claims.CategoryMaterial, claims.CategoryBrand, claims.CategoryWeight, claims.CategoryQuantity, claims.CategorySize,
	claims.CategoryOrigin, claims.CategoryIngredient, claims.CategoryPrice, claims.CategoryCredential, claims.CategoryEfficacy,
	claims.CategoryEffect, claims.CategoryAbsolute, claims.CategoryMedical, claims.CategoryPromise, claims.CategoryOffplatform,
	claims.CategoryConduct,
)

var goodsCategories = texts(
	sheet.Apparel, sheet.Food, sheet.HealthFood, sheet.Cosmetics, sheet.SpecialCosmetics, sheet.MedicalDevice, sheet.Jewellery,
	sheet.Home, sheet.Electronics, sheet.Maternal, sheet.Pet, sheet.Other,
)

// goodsTraits are what a policy may exclude goods for beside their category.
var goodsTraits = []string{
	"second_hand", "local", "in_store", "virtual", "service", "excluded_jewellery", "excluded_watch", "property", "car", "insurance",
	"luxury", "nutrition", "medical", "health_product", "custom_made", "perishable", "opened_digital", "periodical", "unsuited_to_return",
}

func texts[T ~string](of ...T) []string {
	out := make([]string, len(of))
	for i, v := range of {
		out[i] = string(v)
	}
	return out
}

// factSet is everything a policy may ask for.
var factSet = []FactInfo{
	{"order.created_at", KindMoment, Text{"下单时间", "when the order was made"}, nil, false},
	{"order.paid_at", KindMoment, Text{"付款时间", "when the order was paid"}, nil, false},
	{"order.paid_fen", KindFen, Text{"实付金额", "the amount actually paid"}, nil, false},
	{"order.shipped_at", KindMoment, Text{"商家点击发货的时间", "when the merchant marked it shipped"}, nil, false},
	{"order.ship_by", KindMoment, Text{"预售或约定的最晚发货时间", "the latest shipping time that was agreed, as in a presale"}, nil, true},
	{"order.received_at", KindMoment, Text{"签收时间", "when the goods were received"}, nil, false},
	{"order.off_platform", KindBool, Text{"是否脱离平台交易", "whether the trade left the platform"}, nil, false},
	{"order.genuine", KindBool, Text{"是否真实购买", "whether it is a genuine purchase"}, nil, false},
	{"order.applications_before", KindNumber, Text{"该订单此前申请次数", "earlier applications for the order"}, nil, false},

	{"claim.category", KindWord, Text{"说法的类别", "what the claim is about"}, claimCategories, false},
	{"claim.verdict", KindWord, Text{"核对结论", "what the check came to"}, texts(claims.VerdictContradicted, claims.VerdictUnsupported, claims.VerdictBanned), false},
	{"claim.confirmed", KindBool, Text{"描述不符是否经人工确认成立", "whether a person confirmed that the claim was wrong"}, nil, false},
	{"claim.fraud", KindBool, Text{"是否认定构成欺诈", "whether a person holds it for fraud"}, nil, false},
	{"claim.quality_fault", KindBool, Text{"是否认定质量问题", "whether the quality is at fault"}, nil, false},
	{"claim.applied_at", KindMoment, Text{"买家申请时间", "when the buyer applied"}, nil, false},
	{"claim.by_buyer", KindBool, Text{"是否由买家本人提出", "whether the buyer raised it"}, nil, false},
	{"claim.from_order", KindBool, Text{"是否从订单发起", "whether it was raised from the order"}, nil, false},
	{"claim.reason_given", KindBool, Text{"是否写明理由", "whether a reason was given"}, nil, false},
	{"claim.agreed_otherwise", KindBool, Text{"买家与主播或商家是否另有约定", "whether buyer and host or merchant agreed otherwise"}, nil, false},
	{"claim.buyers_own_doing", KindBool, Text{"纠纷是否由买家自身原因造成", "whether the dispute is the buyer's own doing"}, nil, false},
	{"claim.compensated", KindBool, Text{"损失是否已由任何一方赔付", "whether anyone compensated the loss already"}, nil, false},
	{"claim.other_exclusion", KindBool, Text{"是否属于其他不予赔付的情形", "whether another excluded case applies"}, nil, false},
	{"evidence.proof_images", KindNumber, Text{"举证图片数量", "proof images"}, nil, false},

	{"goods.traits", KindWords, Text{"商品的特殊属性", "what is special about the goods"}, goodsTraits, false},
	{"product.category", KindWord, Text{"商品类目", "the category of goods"}, goodsCategories, false},
	{"product.returns_7d", KindBool, Text{"商品资料是否支持七天无理由", "whether the sheet offers seven-day returns"}, nil, false},
	{"product.ships_hours", KindNumber, Text{"承诺发货时限（小时）", "the promised shipping time in hours"}, nil, false},
	{"product.price_protected", KindBool, Text{"是否参加价保活动", "whether the promotion is price-protected"}, nil, false},
	{"price.now_fen", KindFen, Text{"同样的商品和数量现在的价格", "what the same goods and quantity cost now"}, nil, false},
	{"promo.protected_until", KindMoment, Text{"价保截止时间", "when the price protection ends"}, nil, true},

	{"buyer.risk", KindWord, Text{"买家风险判定", "what the buyer's account is judged to be"}, []string{"none", "risky", "malicious"}, false},
	{"buyer.has_wallet", KindBool, Text{"买家是否开通钱包", "whether the buyer has a wallet"}, nil, false},
	{"buyer.confirmed_exclusion", KindBool, Text{"买家购买时是否确认不宜退货", "whether the buyer confirmed when buying that it cannot be returned"}, nil, false},

	{"host.followers", KindNumber, Text{"主播粉丝数", "the host's followers"}, nil, false},
	{"host.score_x100", KindNumber, Text{"购物体验分（×100）", "shopping-experience score, in hundredths"}, nil, false},
	{"host.level_halves", KindNumber, Text{"商家等级（半级计：L2 为 4，L2+ 为 5）", "merchant level in halves: L2 is 4, L2+ is 5"}, nil, false},
	{"host.other_checks_passed", KindBool, Text{"其他虚假宣传考核是否通过", "whether the other false-advertising checks are passed"}, nil, false},
	{"host.invited", KindBool, Text{"是否受平台邀请", "whether the platform invited the host"}, nil, false},
	{"host.enrolled_at", KindMoment, Text{"主播加入保障的时间", "when the host enrolled"}, nil, false},
	{"host.badge_withdrawn", KindBool, Text{"标识是否已被收回", "whether the badge was withdrawn"}, nil, false},
	{"merchant.at_fault", KindBool, Text{"商家是否有责", "whether the merchant is at fault"}, nil, false},
	{"broadcast.started_at", KindMoment, Text{"该订单所在直播的开播时间", "when the broadcast of the order began"}, nil, false},
	{"room.exclusion_announced", KindBool, Text{"直播间是否已明示不适用退货", "whether the exclusion was announced in the room"}, nil, false},

	{"returns.requested_at", KindMoment, Text{"申请退货时间", "when the return was requested"}, nil, false},
	{"returns.goods_back_at", KindMoment, Text{"商家收到退货的时间", "when the seller had the goods back"}, nil, false},
	{"returns.resaleable", KindBool, Text{"商品是否完好、不影响二次销售", "whether the goods can be sold again"}, nil, false},
	{"returns.tags_intact", KindBool, Text{"吊牌是否完好", "whether the tags are intact"}, nil, false},
	{"returns.packing_intact", KindBool, Text{"包装是否完好", "whether the packing is intact"}, nil, false},
	{"returns.freight_fen", KindFen, Text{"退货运费", "the freight of the return"}, nil, false},
	{"loss.fen", KindFen, Text{"买家受到的损失", "the buyer's loss"}, nil, false},

	{"food.below_standard", KindBool, Text{"是否不符合食品安全标准", "whether the food falls short of the safety standards"}, nil, false},
	{"food.seller_knew", KindBool, Text{"是否为生产者或明知的经营者", "whether the seller made it or knew"}, nil, false},
	{"food.label_flaw_only", KindBool, Text{"是否仅为不影响安全且不误导的标签瑕疵", "whether it is only a label flaw that neither harms nor misleads"}, nil, false},

	{"offence.kind", KindWord, Text{"违规类型", "what the offence is"}, []string{"false_advertising", "counterfeit", "price_fraud", "off_platform", "conduct", "malicious_claim", "malicious_review", "fake_order"}, false},
	{"offence.gravity", KindWord, Text{"违规程度", "how grave the offence is"}, gravities, false},
	{"offence.by", KindWord, Text{"违规主体", "who committed it"}, []string{"host", "merchant", "buyer"}, false},
	{"offence.confirmed", KindBool, Text{"违规是否经人工确认", "whether a person confirmed the offence"}, nil, false},

	{"ruling.kind", KindWord, Text{"被申诉的决定", "the ruling that is appealed against"}, []string{"penalty", "compensation", "warning"}, false},
	{"ruling.at", KindMoment, Text{"处罚或赔付的时间", "when the penalty or compensation was ruled"}, nil, false},
	{"appeal.raised_at", KindMoment, Text{"申诉时间", "when the appeal was raised"}, nil, false},
	{"appeal.evidence", KindNumber, Text{"申诉证据数量", "pieces of evidence with the appeal"}, nil, false},
	{"appeal.decided_at", KindMoment, Text{"申诉结论时间", "when the appeal was decided"}, nil, false},
	{"appeal.upheld", KindBool, Text{"申诉是否成立", "whether the appeal was upheld"}, nil, false},

	{"case.kind", KindWord, Text{"案件类型", "what kind of case it is"}, []string{"false_advertising", "complaint", "order_risk", "qualification", "appeal", "spot_check"}, false},
	{"case.opened_at", KindMoment, Text{"立案时间", "when the case was opened"}, nil, false},
	{"decision.reviewed_at", KindMoment, Text{"审核时间", "when it was reviewed"}, nil, false},
	{"decision.decided_at", KindMoment, Text{"出结果时间", "when the result was given"}, nil, false},
	{"decision.paid_at", KindMoment, Text{"赔付到账时间", "when the money was paid out"}, nil, false},
}

// celType is what a kind of value is in a condition.
func (k ValueKind) celType() *cel.Type {
	switch k {
	case KindBool:
		return cel.BoolType
	case KindNumber, KindFen:
		return cel.IntType
	case KindWords:
		return cel.ListType(cel.StringType)
	case KindMoment:
		return cel.TimestampType
	case KindWord:
	}
	return cel.StringType
}
