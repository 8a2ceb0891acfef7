package sheet

import "time"

// Category is the kind of goods a product is; it decides which law applies.
type Category string

// The categories of goods.
const (
	Apparel          Category = "apparel"
	Food             Category = "food"
	HealthFood       Category = "health_food"
	Cosmetics        Category = "cosmetics"
	SpecialCosmetics Category = "special_cosmetics"
	MedicalDevice    Category = "medical_device"
	Jewellery        Category = "jewellery"
	Home             Category = "home"
	Electronics      Category = "electronics"
	Maternal         Category = "maternal"
	Pet              Category = "pet"
	Other            Category = "other"
)

// Answer is a yes or no on which the sheet may be silent.
type Answer uint8

// The answers.
const (
	Silent Answer = iota
	Yes
	No
)

// A Product is what the sheet says of one product. Empty lists, empty strings
// and zero amounts mean that the sheet is silent, but for Stock, which is -1
// then. Amounts of money are fen.
type Product struct {
	SKU      string
	Name     string
	Aliases  []string
	Brand    string
	Category Category

	Material    []Part
	NetWeight   string
	Quantity    []string
	Size        []string
	Origin      []string
	Variety     []string
	Ingredients []Part

	PriceFen     int64
	ListFen      int64 // the genuine crossed-out price
	Lowest30DFen int64

	Patents    []string
	Honours    []string
	Sales      []string
	Developer  []string
	Metrics    []string
	Efficacy   []string
	Promises   []string
	Returns7D  Answer
	ShipsHours int64
	ShelfLife  string
	Licences   []Licence
	Stock      int64

	raw [numFields]string
}

// A Part is one entry of a composition: "羊毛60%", "烟酰胺 2%", "不含酒精".
type Part struct {
	Raw    string
	Name   string // without share and negation
	Share  int64  // parts per million (60% is 600,000); -1 where the sheet gives none
	Absent bool   // 不含, 无
}

// A Licence is a permit with the day it ends, as far as the sheet gives one.
type Licence struct {
	Raw    string
	Expiry time.Time // zero: not given
}

// Raw returns the cell of a field exactly as the sheet has it, "" where the
// sheet is silent or the field is unknown.
func (p *Product) Raw(field Field) string {
	if p == nil || field >= numFields {
		return ""
	}
	return p.raw[field]
}
