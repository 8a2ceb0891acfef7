package claims_test

import "testing"

// TestChangesForTheBetter: what care is given to and what becomes of it are
// put together, whatever the words between.
func TestChangesForTheBetter(t *testing.T) {
	checkSpoken(t, bodyFacts, []spoken{
		{"B1", "efficacy/unsupported", "顺手还把毛孔给你收了"},
		{"B1", "efficacy/unsupported", "眼角那几道褶子它能抚平"},
		{"B1", "efficacy/unsupported", "脸上的黄气都能赶走"},
		{"B1", "effect/unsupported", "敷两个礼拜，抬头纹浅了一半"},
		{"B1", "effect/unsupported", "三片下去黑头自己往外跑"},
		{"B2", "efficacy/unsupported", "女孩子多吃，气血养得足足的，气色红扑扑"},
		{"B2", "efficacy/unsupported", "老人吃了腿脚灵活"},
		{"B2", "medical/banned", "吃半年，血压自己就稳下来了"},
		{"B2", "effect/unsupported", "一个月，小肚子就瘪下去了"},
		{"B3", "efficacy/unsupported", "顺带把肠道也调理了"},
		{"B3", "efficacy/unsupported", "小朋友吃了记性变好"},
		{"B3", "-", "它就是增强免疫力的，提高抵抗力"},
		{"B4", "efficacy/unsupported", "玉能把身体里的湿气排出来"},
		{"B4", "medical/banned", "我婆婆戴着戴着，血糖就降了"},
		{"B9", "efficacy/unsupported", "this headset really improves your memory"},
		{"B6", "effect/unsupported", "in ten days your wrinkles are gone"},
		{"B10", "medical/banned", "穿两天红屁股就退了"},
		{"B1", "-", "敷之前先把脸洗干净"},
		{"B1", "-", "有黑头的姐妹先做清洁"},
		{"B1", "-", "上脸可能会有点红，正常的"},
		{"B2", "-", "肚子饿了来两颗"},
		{"B5", "-", "刚拆开有点异味，通风两天就散了"},
		{"B7", "-", "血压高不高，量一下就知道"},
		{"B8", "-", "帐篷带纱网，虫子进不来"},
		{"B9", "-", "戴久了耳朵疼的，把头梁放松一格"},
		{"B4", "-", "圈口大了戴着容易掉，小了手会红"},
	})
}
