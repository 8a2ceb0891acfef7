package imports

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Kind is what a file is about.
type Kind string

// The kinds of file.
const (
	Complaints Kind = "complaints"
	Orders     Kind = "orders"
)

// Field is something that a column can hold.
type Field string

// The fields. A complaint needs text and time, an order order, status and
// created or paid.
const (
	FieldID        Field = "id"    // the complaint's own number
	FieldOrder     Field = "order" // the order's number
	FieldBuyer     Field = "buyer" // what the platform knows the buyer by
	FieldBuyerName Field = "buyer_name"
	FieldSKU       Field = "sku"     // the product's number in the fact sheet
	FieldProduct   Field = "product" // its name
	FieldText      Field = "text"    // what the buyer wrote
	FieldReason    Field = "reason"  // what they chose from a list
	FieldTime      Field = "time"    // when they complained
	FieldChannel   Field = "channel" // where
	FieldDevice    Field = "device"  // what the platform knows the device by that it was ordered on
	FieldQty       Field = "qty"
	FieldAmount    Field = "amount" // what is to be paid, in yuan
	FieldPaid      Field = "paid"   // what was paid, in yuan
	FieldStatus    Field = "status"
	FieldCreatedAt Field = "created_at"
	FieldPaidAt    Field = "paid_at"
	FieldShippedAt Field = "shipped_at"
	FieldRefund    Field = "refund" // the state of a refund
	FieldRefundFen Field = "refund_amount"
)

// Fields are the fields that a file of the kind can hold.
func Fields(k Kind) []Field {
	switch k {
	case Complaints:
		return []Field{
			FieldID, FieldOrder, FieldBuyer, FieldBuyerName, FieldSKU, FieldProduct, FieldText, FieldReason, FieldTime, FieldChannel,
		}
	case Orders:
		return []Field{
			FieldOrder, FieldBuyer, FieldBuyerName, FieldDevice, FieldSKU, FieldProduct, FieldQty, FieldAmount, FieldPaid, FieldStatus,
			FieldCreatedAt, FieldPaidAt, FieldShippedAt, FieldRefund, FieldRefundFen,
		}
	}
	return nil
}

// needed are the fields of which a file must hold one of each list.
var needed = map[Kind][][]Field{
	Complaints: {{FieldText, FieldReason}, {FieldTime}},
	Orders:     {{FieldOrder}, {FieldStatus}, {FieldCreatedAt, FieldPaidAt}},
}

// A Map tells which header holds which field.
type Map struct {
	Name    string
	Kind    Kind
	Columns map[string]Field // by header

	// rank orders the headers of one field, where a file has several.
	rank map[string]int
}

// Check tells what is wrong with a map that somebody wrote.
func (m Map) Check() error {
	fields := Fields(m.Kind)
	if fields == nil {
		return fmt.Errorf("kind %q is not known: use complaints or orders", m.Kind)
	}
	for _, header := range sortedHeaders(m.Columns) {
		if !slices.Contains(fields, m.Columns[header]) {
			return fmt.Errorf("column %q: %q is no field of %s: use one of %s", header, m.Columns[header], m.Kind, list(fields))
		}
	}
	if lacks := m.lacks(m.Columns); lacks != "" {
		return fmt.Errorf("no column holds %s", lacks)
	}
	return nil
}

// lacks names the needed field that none of the columns holds, "" : none.
func (m Map) lacks(columns map[string]Field) string {
	for _, some := range needed[m.Kind] {
		if !slices.ContainsFunc(some, func(f Field) bool {
			for _, have := range columns {
				if have == f {
					return true
				}
			}
			return false
		}) {
			return list(some)
		}
	}
	return ""
}

func list(fields []Field) string {
	var names []string
	for _, f := range fields {
		names = append(names, string(f))
	}
	return strings.Join(names, " or ")
}

func sortedHeaders(columns map[string]Field) []string {
	var out []string
	for h := range columns {
		out = append(out, h)
	}
	slices.Sort(out)
	return out
}

// known tells which of a file's headers the map reads, and as what.
func (m Map) known(header []string) map[string]Field {
	byFolded := make(map[string]Field, len(m.Columns))
	for h, f := range m.Columns {
		byFolded[foldHeader(h)] = f
	}
	out := make(map[string]Field)
	for _, h := range header {
		if f, ok := byFolded[foldHeader(h)]; ok {
			out[h] = f
		}
	}
	return out
}

// foldHeader is a header as headers are compared: exports add units, stars and
// spaces to them.
func foldHeader(h string) string {
	h = strings.NewReplacer("（", "(", "）", ")", "　", "", " ", "", "\t", "", "*", "", "\ufeff", "", "_", "", "-", "").Replace(h)
	h = strings.TrimSuffix(strings.TrimSuffix(h, "(元)"), "(必填)")
	return strings.ToLower(h)
}

// maps.tsv are the maps that are built in.
//
//go:embed maps.tsv
var mapsTSV string

// BuiltIn are the maps of platforms.
var BuiltIn = sync.OnceValue(func() []Map {
	var out []Map
	for line := range strings.Lines(mapsTSV) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		i := slices.IndexFunc(out, func(m Map) bool { return m.Name == f[0] })
		if i < 0 {
			i = len(out)
			out = append(out, Map{Name: f[0], Kind: Kind(f[1]), Columns: make(map[string]Field), rank: make(map[string]int)})
		}
		for rank, header := range strings.Split(f[3], "|") {
			out[i].Columns[header], out[i].rank[foldHeader(header)] = Field(f[2]), rank
		}
	}
	return out
})

// choose is the map that reads most of a header, of those that read enough of
// it; of equals the first.
func choose(header []string, maps []Map) (Map, bool) {
	var best Map
	most := 0
	for _, m := range maps {
		known := m.known(header)
		if n := len(known); n > most && m.lacks(known) == "" {
			best, most = m, n
		}
	}
	return best, most > 0
}
