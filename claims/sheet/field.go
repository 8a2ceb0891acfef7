package sheet

import (
	"slices"
	"strings"
)

// Field is a column of the sheet.
type Field uint8

// The columns, in the order of the file format.
const (
	FieldSKU Field = iota
	FieldName
	FieldAliases
	FieldBrand
	FieldCategory
	FieldMaterial
	FieldNetWeight
	FieldQuantity
	FieldSize
	FieldOrigin
	FieldVariety
	FieldIngredients
	FieldPrice
	FieldListPrice
	FieldLowest30D
	FieldPatents
	FieldHonours
	FieldSales
	FieldDeveloper
	FieldMetrics
	FieldEfficacy
	FieldPromises
	FieldReturns7D
	FieldShipsWithin
	FieldShelfLife
	FieldLicences
	FieldStock
	numFields
)

var fieldNames = [numFields]struct{ en, zh string }{
	FieldSKU:         {"sku", "商品编码"},
	FieldName:        {"name", "品名"},
	FieldAliases:     {"aliases", "别名"},
	FieldBrand:       {"brand", "品牌"},
	FieldCategory:    {"category", "类目"},
	FieldMaterial:    {"material", "材质"},
	FieldNetWeight:   {"net_weight", "净含量"},
	FieldQuantity:    {"quantity", "数量"},
	FieldSize:        {"size", "尺寸"},
	FieldOrigin:      {"origin", "产地"},
	FieldVariety:     {"variety", "品种"},
	FieldIngredients: {"ingredients", "成分"},
	FieldPrice:       {"price", "售价"},
	FieldListPrice:   {"list_price", "划线价"},
	FieldLowest30D:   {"lowest_price_30d", "近30天最低价"},
	FieldPatents:     {"patents", "专利"},
	FieldHonours:     {"honours", "荣誉"},
	FieldSales:       {"sales", "销量"},
	FieldDeveloper:   {"developer", "研发单位"},
	FieldMetrics:     {"metrics", "指标"},
	FieldEfficacy:    {"efficacy", "功效"},
	FieldPromises:    {"promises", "承诺"},
	FieldReturns7D:   {"returns_7d", "七天无理由"},
	FieldShipsWithin: {"ships_within", "发货时限"},
	FieldShelfLife:   {"shelf_life", "保质期"},
	FieldLicences:    {"licences", "资质"},
	FieldStock:       {"stock", "库存"},
}

// String returns the English column name, as used in fact ids.
func (f Field) String() string {
	if f >= numFields {
		return "unknown"
	}
	return fieldNames[f].en
}

// Chinese returns the Chinese column name.
func (f Field) Chinese() string {
	if f >= numFields {
		return "未知"
	}
	return fieldNames[f].zh
}

// fieldOf finds the column that a header names.
func fieldOf(header string) (Field, bool) {
	h := strings.ToLower(strings.TrimSpace(header))
	for f := range numFields {
		if h == fieldNames[f].en || h == fieldNames[f].zh {
			return f, true
		}
	}
	return 0, false
}

var categoryNames = map[string]Category{
	"apparel": Apparel, "服装": Apparel, "服饰": Apparel, "服饰鞋包": Apparel,
	"food": Food, "食品": Food,
	"health_food": HealthFood, "保健食品": HealthFood,
	"cosmetics": Cosmetics, "化妆品": Cosmetics, "普通化妆品": Cosmetics,
	"special_cosmetics": SpecialCosmetics, "特殊化妆品": SpecialCosmetics,
	"medical_device": MedicalDevice, "医疗器械": MedicalDevice,
	"jewellery": Jewellery, "珠宝": Jewellery, "珠宝首饰": Jewellery,
	"home": Home, "家居": Home,
	"electronics": Electronics, "电子": Electronics, "电器": Electronics, "数码家电": Electronics,
	"maternal": Maternal, "母婴": Maternal,
	"pet": Pet, "宠物": Pet,
	"other": Other, "其他": Other,
}

// CategoryNames lists the categories of goods as the sheet writes them.
func CategoryNames() []string {
	var out []string
	for name, c := range categoryNames {
		if name == string(c) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
