package claims_test

import "testing"

// TestEffectsBackedWithAStake: what the host stakes on an effect guarantees
// it; what he pays for faulty or unliked goods is a promise.
func TestEffectsBackedWithAStake(t *testing.T) {
	const effect = "effect/banned"
	checkSpoken(t, bodyFacts, []spoken{
		{"B6", effect, "二十八天斑不淡，你拿空瓶来，钱退你"},
		{"B6", effect, "擦完一瓶斑还在的，我直播间关了"},
		{"B6", effect, "剩一颗斑你来扇我"},
		{"B3", effect, "吃一个月感冒一次，我赔你双倍"},
		{"B3", effect, "没效果一分钱不收"},
		{"B2", effect, "吃完还睡不着的，来找我退钱"},
		{"B1", effect, "三片下去毛孔准能小，我敢打包票"},
		{"B1", effect, "if the wrinkles are still there I'll give you your money back"},
		{"B1", "-", "有人说没效果，那是他没坚持，每个人情况不同"},
		{"B1", "-", "没效果的姐妹可以先看看使用方法"},
		{"B2", "-", "吃到最后还剩一点密封好"},
		{"B6", "-", "我不敢说没效果退钱这种话"},
	})
}
