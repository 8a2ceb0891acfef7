package rules

import (
	"maps"
	"sync"

	"cel.dev/cel-go/cel"

	"liveroom/claims"
	"liveroom/claims/condition"
	"liveroom/claims/sheet"
)

// textVariables are the sheet's cells as they stand there, "" where the sheet
// is silent or no product is known.
var textVariables = map[string]sheet.Field{
	"product.aliases": sheet.FieldAliases, "product.brand": sheet.FieldBrand, "product.developer": sheet.FieldDeveloper,
	"product.efficacy": sheet.FieldEfficacy, "product.honours": sheet.FieldHonours, "product.ingredients": sheet.FieldIngredients,
	"product.licences": sheet.FieldLicences, "product.material": sheet.FieldMaterial, "product.metrics": sheet.FieldMetrics,
	"product.name": sheet.FieldName, "product.net_weight": sheet.FieldNetWeight, "product.origin": sheet.FieldOrigin,
	"product.patents": sheet.FieldPatents, "product.promises": sheet.FieldPromises, "product.quantity": sheet.FieldQuantity,
	"product.returns_7d": sheet.FieldReturns7D, "product.sales": sheet.FieldSales, "product.shelf_life": sheet.FieldShelfLife,
	"product.size": sheet.FieldSize, "product.sku": sheet.FieldSKU, "product.variety": sheet.FieldVariety,
}

var otherVariables = map[string]*cel.Type{
	"product.known": cel.BoolType, "product.category": cel.StringType,
	"product.price_fen": cel.IntType, "product.list_price_fen": cel.IntType, "product.lowest_price_30d_fen": cel.IntType,
	"product.stock": cel.IntType, "product.ships_hours": cel.IntType,
	"utterance.text": cel.StringType, "utterance.speaker": cel.StringType, "utterance.room": cel.StringType, "utterance.confidence": cel.IntType,
	"said": cel.StringType,
}

var language = sync.OnceValues(func() (*condition.Language, error) {
	kinds := maps.Clone(otherVariables)
	for name := range textVariables {
		kinds[name] = cel.StringType
	}
	return condition.NewLanguage(kinds)
})

// compile reads a `when`.
func compile(text string) (*condition.Condition, error) {
	l, err := language()
	if err != nil {
		return nil, err
	}
	return l.Compile(text)
}

// variables are the values of the names, looked up when they are used.
type variables struct {
	spoken  claims.Spoken
	product *sheet.Product
	said    string
}

// Parent implements cel.Activation.
func (variables) Parent() cel.Activation { return nil }

// ResolveName implements cel.Activation.
func (v variables) ResolveName(name string) (any, bool) {
	if f, ok := textVariables[name]; ok {
		return v.product.Raw(f), true
	}
	u := v.spoken.Utterance()
	switch name {
	case "said":
		return v.said, true
	case "utterance.text":
		return u.Text, true
	case "utterance.speaker":
		return string(u.Speaker), true
	case "utterance.room":
		return u.Room, true
	case "utterance.confidence":
		return int64(u.Confidence), true
	}
	p := v.product
	if p == nil {
		p = &sheet.Product{Stock: -1}
	}
	switch name {
	case "product.known":
		return v.product != nil, true
	case "product.category":
		return string(p.Category), true
	case "product.price_fen":
		return p.PriceFen, true
	case "product.list_price_fen":
		return p.ListFen, true
	case "product.lowest_price_30d_fen":
		return p.Lowest30DFen, true
	case "product.stock":
		return p.Stock, true
	case "product.ships_hours":
		return p.ShipsHours, true
	}
	return nil, false
}
