package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"

	"liveroom/claims"
	"liveroom/claims/internal/tomldoc"
	"liveroom/claims/sheet"
)

const (
	// costLimit bounds one evaluation, in the units of the language's cost
	// model: a comparison is 1, looking through a sentence some tens.
	costLimit = 10_000
	// maxCondition is how long a condition may be, in bytes.
	maxCondition = 4_000
)

// A condition is a compiled `when`.
type condition struct{ program cel.Program }

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

// Variables lists the names that a condition may use.
func Variables() []string {
	var names []string
	for name := range textVariables {
		names = append(names, name)
	}
	for name := range otherVariables {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var environment = sync.OnceValues(func() (*cel.Env, error) {
	options := []cel.EnvOption{cel.ParserExpressionSizeLimit(maxCondition), cel.ParserRecursionLimit(32)}
	for name := range textVariables {
		options = append(options, cel.Variable(name, cel.StringType))
	}
	for name, kind := range otherVariables {
		options = append(options, cel.Variable(name, kind))
	}
	return cel.NewEnv(options...)
})

var undeclared = regexp.MustCompile(`undeclared reference to '([^']+)'`)

// compile reads a condition. Its errors name the place in it, line:column.
func compile(text string) (_ *condition, err error) {
	if len(text) > maxCondition {
		return nil, fmt.Errorf("a condition of at most %d bytes is expected, this has %d: make two rules of it", maxCondition, len(text))
	}
	env, err := environment()
	if err != nil {
		return nil, fmt.Errorf("prepare conditions: %w", err)
	}
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		first := issues.Errors()[0]
		message := strings.TrimSuffix(first.Message, " (in container '')")
		if m := undeclared.FindStringSubmatch(message); m != nil {
			message = fmt.Sprintf("%q is not known", m[1])
			if near := tomldoc.Nearest(m[1], Variables()); near != "" {
				message += fmt.Sprintf("; did you mean %q?", near)
			} else {
				message += "; known: " + strings.Join(Variables(), ", ")
			}
		}
		return nil, fmt.Errorf("at %d:%d of the condition: %s", first.Location.Line(), first.Location.Column()+1, message)
	}
	if !ast.OutputType().IsExactType(cel.BoolType) {
		return nil, fmt.Errorf("a condition that is true or false is expected, this gives %s", ast.OutputType())
	}
	program, err := env.Program(ast, cel.CostLimit(costLimit), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, fmt.Errorf("the condition cannot be used: %w", err)
	}
	return &condition{program}, nil
}

// holds evaluates the condition for words that were said.
func (c *condition) holds(s claims.Spoken, said string) (bool, error) {
	v, _, err := c.program.Eval(variables{s, s.Product(), said})
	if err != nil {
		return false, err
	}
	b, ok := v.Value().(bool)
	if !ok {
		return false, fmt.Errorf("it gave %v", v.Type())
	}
	return b, nil
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
