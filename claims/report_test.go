package claims_test

import (
	"testing"
)

const bodyFacts = `sku,name,aliases,category,price,efficacy,metrics
B1,云雀玻尿酸面膜,面膜,cosmetics,99,保湿,
B2,山桂红枣,红枣,food,39,,
B3,禾素益生菌胶囊,益生菌,health_food,168,增强免疫力,
B4,岚渡和田玉手镯,手镯,jewellery,980,,
B5,沐野不粘煎锅,煎锅;平底锅,home,129,,
B6,松间淡斑精华,精华,special_cosmetics,239,祛斑美白,
B7,护安腕式血压计,血压计,medical_device,199,测量血压,
B8,远舟露营帐篷,帐篷,other,499,,
B9,听泉头戴耳机,耳机,electronics,399,,
B10,棉初连体衣,爬服,maternal,79,,
`

// TestOthersWordsAreNoClaim: what a rival says is his; what a customer says is
// the host's too, unless he waves it aside.
func TestOthersWordsAreNoClaim(t *testing.T) {
	checkSpoken(t, bodyFacts, []spoken{
		{"B2", "-", "昨晚刷到一个直播间，喊红枣能治贫血，我都不敢这么喊"},
		{"B2", "-", "有的主播讲红枣能抗癌，你们自己掂量"},
		{"B4", "-", "隔壁摊吹他家玉能治失眠，我笑了半天"},
		{"B1", "-", "网上写着敷一片淡斑，看看就好"},
		{"B3", "-", "有个阿姨讲她吃了血糖就降了，那是她自己管住嘴了，跟这个没关系"},
		{"B6", "-", "some host claims it cures rosacea overnight, I just sell the serum"},
		{"B4", "-", "老一辈讲戴玉能治头痛，听听就好"},
		{"B2", "medical/banned", "红枣能治贫血，我们家的你放心吃"},
		{"B2", "medical/banned", "隔壁吹他们的好，我们这个红枣才能治贫血"},
		{"B3", "medical/banned", "有个老粉吃了三盒，糖尿病都好了"},
		{"B6", "medical/banned", "You can skip the doctor, this serum cures eczema"},
	})
}

// TestNoNeedOfADoctorIsNoWarning: 去医院 warns, 不用去医院 does not.
func TestNoNeedOfADoctorIsNoWarning(t *testing.T) {
	checkSpoken(t, bodyFacts, []spoken{
		{"B3", "medical/banned", "胃炎的吃它就好，不用去医院"},
		{"B3", "-", "胃炎的先去医院，这个只是益生菌"},
	})
}
