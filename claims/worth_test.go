package claims_test

import "testing"

const worthFacts = `sku,name,aliases,brand,category,material,quantity,price,list_price,ingredients,metrics,efficacy,promises,sales,developer
W1,opal pendant,pendant,,jewellery,9ct gold;opal,,120,,,,,,,
W2,wool socks set of four,socks,,apparel,wool 80%,4 pairs,24,,,,,,,
W3,和光金豆项链,项链,和光,jewellery,足金999,,1880,,,,,,,
W4,砚溪手工壶,茶壶,砚溪,home,外购紫砂泥,,360,,,年代 当代,,,,陆砚(自学，无职称)
W5,谷满小米粥粉,粥粉,谷满,food,,,39,,小米,食品类别 冲调谷物制品,,,,
W6,lumen grow lamp,lamp,Lumen,electronics,,,60,,,,,,,
W7,citrus hydration drops,drops,Brisk,food,,,18,,维生素C 60mg/100ml,,,,,
W8,清屋空气机,空气机,清屋,electronics,,,899,,,,,,,
W9,brake pads,pads,aftermarket,other,,,45,,,,,,,
W10,岸芷手绘瓶,瓶子,岸芷,home,青花瓷,,210,,,年代 现代,,,,
`

// TestWorthToldWithoutItsName: what shops ask, what a part alone would cost and
// what one of a set goes for are reference prices in any currency.
func TestWorthToldWithoutItsName(t *testing.T) {
	checkSpoken(t, worthFacts, []spoken{
		{"W1", "price/unsupported", "walk into a jewellers, in a shop that would cost you at least four hundred dollars"},
		{"W1", "price/unsupported", "in any store on the high street you'd pay three hundred pounds for this"},
		{"W1", "price/unsupported", "$150 is what the gold alone would cost before anyone sets a stone"},
		{"W3", "price/unsupported", "拿到金店柜台上，起码卖三千块"},
		{"W3", "price/unsupported", "光是金料，成本就两千二百块了"},
		{"W2", "price/unsupported", "they're 30 dollars a go, and tonight you get the four"},
		{"W1", "-", "in the shop we pay rent, so here it's $120 with the box"},
		{"W1", "-", "the appraiser in the shop was surprised how light it is"},
		{"W2", "-", "24 dollars for the set of four"},
		{"W2", "-", "that comes to 6 dollars each"},
		{"W3", "-", "光是打包就要十分钟，大家等一下"},
		{"W3", "-", "门店和直播间都是一千八百八"},
	})
}

// TestMakersAndAges: a title, a descent, an age and a kind of food are held
// against the cells that tell them.
func TestMakersAndAges(t *testing.T) {
	checkSpoken(t, worthFacts, []spoken{
		{"W4", "credential/contradicted", "陆砚老师是省里评的工艺美术大师"},
		{"W4", "credential/contradicted", "这手艺是祖传的，到他是第四代传人"},
		{"W4", "credential/contradicted", "打小跟着爷爷做壶，做了一辈子"},
		{"W4", "material/contradicted", "泥是祖上留下的老泥"},
		{"W4", "credential/contradicted", "这把是民国的老壶"},
		{"W4", "credential/contradicted", "1950年以前的东西，留到现在不容易"},
		{"W10", "credential/contradicted", "清代的瓶子，老货"},
		{"W10", "material/contradicted", "上面是粉彩画的花"},
		{"W5", "credential/contradicted", "六个月就能吃的宝宝辅食"},
		{"W9", "brand/contradicted", "these are genuine parts, straight off the line"},
		{"W10", "credential/contradicted", "瓶身有一百二十年历史了"},
		{"W4", "material/contradicted", "用的是他外公留下来的老泥"},
		{"W9", "brand/contradicted", "it's a genuine manufacturer part"},
		{"W10", "-", "景德镇从明代就烧青花"},
		{"W10", "-", "这个窑口有六百年历史"},
		{"W4", "-", "器型仿的是明代的样子"},
		{"W4", "-", "他自己学的，不是什么工艺大师"},
		{"W10", "-", "清代的样式，现代烧的"},
		{"W10", "-", "青花瓷画的是缠枝莲"},
		{"W5", "-", "家里有娃的，拿它加辅食里也行"},
		{"W9", "-", "not original parts, these are aftermarket"},
		{"W1", "-", "my nan's was an antique, this one's new"},
	})
}

// TestNutrientsGivenToBodies: a nutrient that the goods do not hold, or a want
// of it made up for, is a function; what is in the goods is not.
func TestNutrientsGivenToBodies(t *testing.T) {
	checkSpoken(t, worthFacts, []spoken{
		{"W6", "efficacy/unsupported", "ten minutes under it supplies your body with vitamin D"},
		{"W5", "efficacy/unsupported", "一碗下去，把身体一天的叶酸都补够"},
		{"W5", "efficacy/unsupported", "给孩子提供膳食纤维"},
		{"W8", "efficacy/unsupported|effect/unsupported", "有了它，二手烟不再是问题"},
		{"W8", "efficacy/unsupported|effect/unsupported", "pollen is a thing of the past once you have the Qingwu"},
		{"W7", "-", "a glass gives you the vitamin C that's printed on the label"},
		{"W5", "-", "膳食纤维要另外吃蔬菜补充"},
		{"W8", "-", "粉尘大的工地不是问题的关键，关键是滤网要换"},
		{"W6", "-", "vitamin D comes from the sun, not from a lamp"},
	})
}
