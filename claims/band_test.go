package claims_test

import "testing"

const bandFacts = `sku,name,aliases,brand,category,material,quantity,price,list_price,ingredients,metrics,efficacy,promises,sales,developer
K1,澄目护目镜,护目镜,澄目,other,,,129,,,380-400nm紫光阻隔率 95%;400-450nm紫光阻隔率 40%,,,,
K2,眠岭四件套,四件套,眠岭,home,面料60支棉,4件,299,,,面料纱支 60支,,,,
K3,果棠桂圆糕,桂圆糕,果棠,food,,,29,,红枣;白砂糖;桂圆肉少量,,,已一次性捐赠10万元，与销量无关,累计售出不足300盒,
K4,rye crispbread,crispbread,Nordmark,food,,,19,,rye flour 90%,,,,No.1 crispbread in Finland by value (Nielsen 2021),
K5,清芷面膜,面膜,清芷,cosmetics,,,59,,,,,,,
`

// TestFiguresByBand: a figure that the sheet gives band by band, or a grade it
// gives with its stuff, holds for that alone.
func TestFiguresByBand(t *testing.T) {
	checkSpoken(t, bandFacts, []spoken{
		{"K1", "credential/contradicted", "戴上它，95%的紫光阻隔掉"},
		{"K1", "-", "400以下的紫光阻隔率95%，往上的波段只有40%"},
		{"K1", "-", "紫光阻隔率四成，长波那部分"},
		{"K2", "material/contradicted", "一百二十支的棉，摸着滑"},
		{"K2", "-", "六十支的，不是什么一百支"},
		{"K3", "credential/contradicted", "昨天五千盒一抢而空"},
		{"K3", "-", "昨天两百盒一抢而空"},
		{"K3", "ingredient/contradicted", "桂圆肉含量特别高，一口全是肉"},
		{"K3", "-", "桂圆肉不多，图个味道"},
		{"K3", "ingredient/contradicted", "我们只选用核桃，不掺别的"},
		{"K3", "promise/contradicted", "每卖一盒就捐一块钱，捐款给山区小学"},
		{"K3", "-", "捐款是固定的十万，你们每买一盒不会多捐"},
		{"K3", "-", "捐款那十万是早就捐了的，买不买都一样"},
		{"K4", "-", "by Nielsen's figures for 2021 it was the number one crispbread in Finland by value"},
		{"K4", "absolute/banned|credential/unsupported", "it's the number one crispbread in the world"},
		{"K5", "ingredient/unsupported", "一片里面浓缩三亿酵母精粹"},
		{"K5", "-", "国内面膜一年几百亿的市场，我们就卖一点点"},
		{"K3", "efficacy/unsupported", "饭前来一块，阻断碳水"},
		{"K2", "-", "铺一张在灶台，阻隔油脂好打扫"},
	})
}
