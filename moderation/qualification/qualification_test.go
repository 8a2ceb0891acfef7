package qualification_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/claims/sheet"
	"liveroom/claims/tomldoc"
	q "liveroom/moderation/qualification"
)

func needs(t testing.TB) *q.Needs {
	t.Helper()
	n, err := q.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func book(t testing.TB, text string) *q.Book {
	t.Helper()
	b, err := q.LoadBook(needs(t), tomldoc.File{Name: "book.toml", Text: []byte(text)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func goods(t testing.TB, rows string) func(string) *sheet.Product {
	t.Helper()
	s, err := sheet.Load("facts.csv", strings.NewReader("sku,name,brand,category,licences,stock\n"+rows))
	if err != nil {
		t.Fatal(err)
	}
	return s.Product
}

var cst = time.FixedZone("CST", 8*3600)

func kinds(lacks []q.Lack) (out []q.LackKind) {
	for _, l := range lacks {
		out = append(out, l.Kind)
	}
	return out
}

// TestWhatGoodsLack holds each class of goods against what it needs, by the
// sheet's simple column and by a book.
func TestWhatGoodsLack(t *testing.T) {
	b := book(t, `
[[qualification]]
id = "filing"
class = "cosmetics-filing"
name = "粤G妆网备字2025"
status = "approved"
expiry = 2026-12-01
products = ["C2", "C3"]
[[qualification]]
id = "under-review"
class = "special-cosmetics"
name = "国妆特字20251"
status = "under_review"
brands = ["澄汀"]
[[qualification]]
id = "renewed"
class = "ccc"
name = "CCC 2030"
status = "approved"
expiry = 2030-01-01
products = ["E2"]
[[qualification]]
id = "gone"
class = "food-production"
name = "SC 旧证"
status = "expired"
products = ["F3"]
`)
	products := goods(t, `C1,精华,,cosmetics,,50
C2,精华,,cosmetics,,50
C3,精华,,cosmetics,普通化妆品备案,50
S1,美白霜,澄汀,special_cosmetics,,50
E1,电饭煲,,electronics,CCC认证:2026-09-30,50
E2,电饭煲,,electronics,CCC认证:2026-09-30,50
E3,数据线,,electronics,,50
F1,脐橙,,food,农产品检测报告:2031-01-31,0
F2,饼干,,food,,10
F3,饼干,,food,,11
A1,围巾,,apparel,,
M1,血压计,,medical_device,粤械注准20212070123,50
H1,钙片,,health_food,SC食品生产许可:2030-01-01,50
`)
	shelf := q.NewShelf(needs(t), b, products, q.DefaultTerms)
	at := time.Date(2026, 11, 20, 20, 0, 0, 0, cst)
	for _, tt := range []struct {
		sku   string
		stock int64
		want  []q.LackKind
		says  string
	}{
		{"C1", -1, []q.LackKind{q.LackMissing}, "缺少普通化妆品备案"},
		{"C2", -1, []q.LackKind{q.LackExpiring}, "粤G妆网备字2025 将于 2026-12-01 到期（还有 11 天）"},
		{"C3", -1, nil, ""}, // what the sheet has does not end
		{"S1", -1, []q.LackKind{q.LackNotApproved}, "还在审核"},
		{"E1", -1, []q.LackKind{q.LackExpired}, "CCC认证 已于 2026-09-30 过期（51 天前）"},
		{"E2", -1, nil, ""}, // renewed
		{"E3", -1, []q.LackKind{q.LackAsk}, "目录内"},
		{"F1", -1, []q.LackKind{q.LackNoStock}, "库存为 0"},
		{"F1", 30, nil, ""}, // the platform knows better
		{"F2", -1, []q.LackKind{q.LackMissing, q.LackLowStock}, "缺少食品生产许可"},
		{"F2", 0, []q.LackKind{q.LackMissing, q.LackNoStock}, ""},
		{"F3", -1, []q.LackKind{q.LackExpired}, "SC 旧证 已过期"},
		{"A1", -1, []q.LackKind{q.LackStockSilent}, "库存没有写"},
		{"M1", -1, []q.LackKind{q.LackAsk}, "第二类"},
		{"H1", -1, []q.LackKind{q.LackMissing}, "保健食品"}, // a food's licence is no health food's
		{"Z9", 0, nil, ""}, // the sheet does not know it
	} {
		got := shelf.Lacks(tt.sku, tt.stock, at)
		if !slices.Equal(kinds(got), tt.want) {
			t.Errorf("%s lacks %+v, want %v", tt.sku, got, tt.want)
			continue
		}
		for _, l := range got {
			if l.SKU != tt.sku || l.Why.ZH == "" || l.Why.EN == "" || strings.Contains(l.Why.ZH+l.Why.EN, "%!") {
				t.Errorf("%s: %+v", tt.sku, l)
			}
		}
		if tt.says != "" && !strings.Contains(got[0].Why.ZH, tt.says) {
			t.Errorf("%s says %q, want %q", tt.sku, got[0].Why.ZH, tt.says)
		}
	}
}

// TestTheLastDayCounts: a licence is good on its last day, by the room's
// calendar and not by UTC's.
func TestTheLastDayCounts(t *testing.T) {
	shelf := q.NewShelf(needs(t), nil, goods(t, "E1,锅,,electronics,CCC认证:2026-11-20,50\n"), q.Terms{ExpiringDays: 3})
	for at, want := range map[time.Time]q.LackKind{
		time.Date(2026, 11, 16, 23, 59, 59, 0, cst): "",
		time.Date(2026, 11, 17, 0, 0, 0, 0, cst):    q.LackExpiring,
		time.Date(2026, 11, 20, 23, 59, 59, 0, cst): q.LackExpiring,
		time.Date(2026, 11, 21, 0, 0, 0, 0, cst):    q.LackExpired, // in UTC it is still the 20th
	} {
		got := q.LackKind("")
		for _, l := range shelf.Lacks("E1", -1, at) {
			got = l.Kind
		}
		if got != want {
			t.Errorf("at %v: %q, want %q", at, got, want)
		}
	}
}

// TestEditing tells what an edit touches, and what must be reviewed again.
func TestEditing(t *testing.T) {
	one := func(id, rest string) string {
		return fmt.Sprintf("[[qualification]]\nid = %q\nclass = \"ccc\"\nname = \"CCC\"\nproducts = [\"E1\", \"E2\"]\n%s\n", id, rest)
	}
	old := book(t, one("a", `status = "approved"`)+one("b", `status = "under_review"`)+one("c", `status = "approved"`)+one("gone", `status = "draft"`)+one("same", `status = "draft"`))
	now := book(t, one("a", "status = \"approved\"\nexpiry = 2031-01-01")+one("b", "status = \"under_review\"\n[qualification.fields]\n\"编号\" = \"1\"")+
		one("c", "status = \"approved\"\nnote = \"看过\"")+one("same", `status = "draft"`)+one("new", `status = "draft"`))
	var got []string
	for _, c := range now.Changes(old) {
		switch {
		case c.Old == nil:
			got = append(got, "+"+c.New.ID)
		case c.New == nil:
			got = append(got, "-"+c.Old.ID)
		default:
			got = append(got, fmt.Sprintf("%s%v%v", c.New.ID, c.Fields, c.Reviewed))
		}
	}
	want := []string{"a[expiry]true", "b[fields]false", "c[note]false", "+new", "-gone"}
	if !slices.Equal(got, want) {
		t.Errorf("changes %v, want %v", got, want)
	}
	if now.Version() == old.Version() {
		t.Error("two books have one version")
	}
}

// TestMistakes: each is told with its line and what to write.
func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"[[qualification]]\nid = \"x\"\nclass = \"cccc\"\nname = \"n\"\nstatus = \"approved\"\nproducts = [\"*\"]", `book.toml:3: class: "cccc" is not known, did you mean "ccc"?`},
		{"[[qualification]]\nid = \"x\"\nclass = \"ccc\"\nname = \"n\"\nstatus = \"aproved\"\nproducts = [\"*\"]", `did you mean "approved"?`},
		{"[[qualification]]\nid = \"x\"\nclass = \"ccc\"\nname = \"n\"\nstatus = \"draft\"", "products or brands is missing"},
		{"[[qualification]]\nid = \"x\"\nclass = \"ccc\"\nname = \"n\"\nstatus = \"draft\"\nproducts = [\"*\"]\nexpiry = \"soon\"", "book.toml:7: expiry: a day such as 2026-11-20"},
		{"[[qualification]]\nid = \"x\"\nclass = \"ccc\"\nname = \"n\"\nstatus = \"draft\"\nproducts = [\"*\"]\nexpires = 2026-01-01", `did you mean "expiry"?`},
	} {
		_, err := q.LoadBook(needs(t), tomldoc.File{Name: "book.toml", Text: []byte(tt.text)})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: err = %v, want %q", tt.text, err, tt.want)
		}
	}
	for _, tt := range []struct{ text, want string }{
		{"[[need]]\nid = \"n\"\nany = [\"cccc\"]\nsource = \"s\"\nchecked = 2026-11-22", `"cccc" is no class of qualification, did you mean "ccc"?`},
		{"[[need]]\nid = \"n\"\nany = [\"ccc\"]\nsource = \"s\"", "checked is missing"},
		{"[[need]]\nid = \"n\"\nany = [\"ccc\"]\ncategories = [\"toys\"]\nsource = \"s\"\nchecked = 2026-11-22", `"toys" is no category of goods: one of apparel, cosmetics,`},
	} {
		_, err := q.LoadNeeds(needs(t), tomldoc.File{Name: "needs.toml", Text: []byte(tt.text)})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: err = %v, want %q", tt.text, err, tt.want)
		}
	}
}

// TestOwnNeeds: a user's file takes a shipped need back and adds one.
func TestOwnNeeds(t *testing.T) {
	own, err := q.LoadNeeds(needs(t), tomldoc.File{Name: "own.toml", Text: []byte(`
[[need]]
id = "cosmetics"
off = true
[[class]]
id = "house-check"
title = "店内抽检"
title_en = "the house's own check"
words = ["抽检单"]
[[need]]
id = "house"
any = ["house-check"]
source = "our shop"
checked = 2026-11-22
`)})
	if err != nil {
		t.Fatal(err)
	}
	shelf := q.NewShelf(own, nil, goods(t, "C1,精华,,cosmetics,,50\nC2,精华,,cosmetics,抽检单 7 号,50\n"), q.DefaultTerms)
	if got := shelf.Lacks("C1", -1, time.Now()); !slices.Equal(kinds(got), []q.LackKind{q.LackMissing}) || got[0].Why.ZH != "缺少店内抽检" {
		t.Errorf("lacks %+v", got)
	}
	if got := shelf.Lacks("C2", -1, time.Now()); len(got) != 0 {
		t.Errorf("lacks %+v", got)
	}
}

func FuzzBook(f *testing.F) {
	f.Add("[[qualification]]\nid = \"x\"\nclass = \"ccc\"\nname = \"n\"\nstatus = \"draft\"\nproducts = [\"*\"]\nexpiry = 2026-01-01")
	n, err := q.Shipped()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := q.LoadBook(n, tomldoc.File{Name: "f.toml", Text: []byte(text)})
		if err != nil {
			return
		}
		shelf := q.NewShelf(n, b, goods(t, "E1,锅,澄汀,electronics,CCC认证:2026-11-20,50\n"), q.DefaultTerms)
		shelf.Lacks("E1", 0, time.Now())
		b.Changes(nil)
		b.Changes(b)
	})
}
