package main

import (
	"errors"
	"fmt"
	"maps"
	"os"

	"liveroom/claims/sheet"
	"liveroom/claims/tomldoc"
	"liveroom/moderation/qualification"
	"liveroom/moderation/risk"
)

// GoodsConfig says what goods need before they are shown, and what they have.
type GoodsConfig struct {
	Qualifications string   `toml:"qualifications"`
	Needs          []string `toml:"needs"`
	LowStock       int64    `toml:"low_stock"`
	ExpiringDays   int      `toml:"expiring_days"`
}

func (c GoodsConfig) check() error {
	switch {
	case c.LowStock < 0:
		return fmt.Errorf("low_stock: %d is less than nothing: give a number of pieces", c.LowStock)
	case c.ExpiringDays < 0:
		return fmt.Errorf("expiring_days: %d lies in the past: give a number of days", c.ExpiringDays)
	}
	return nil
}

// RiskConfig names the users' own rules of order risk.
type RiskConfig struct {
	Files []string `toml:"files"`
}

// goodsFiles are the file of qualifications and the users' own needs. They are
// read again when they change; a mistake leaves the last good version in force.
type goodsFiles struct {
	book    string // path; "": none
	needs   []string
	terms   qualification.Terms
	product func(sku string) *sheet.Product
	seen    map[string]stamp
}

// goods are the files that a config names, on the sheet of a ground.
func (c *Config) goods(g *ground) *goodsFiles {
	f := &goodsFiles{
		book: c.beside(c.Goods.Qualifications), product: g.product,
		terms: qualification.Terms{ExpiringDays: c.Goods.ExpiringDays, LowStock: c.Goods.LowStock},
	}
	for _, name := range c.Goods.Needs {
		f.needs = append(f.needs, c.beside(name))
	}
	return f
}

func (f *goodsFiles) stamps() map[string]stamp {
	out := map[string]stamp{}
	for _, name := range append([]string{f.book}, f.needs...) {
		if name != "" {
			out[name] = stampOf(name)
		}
	}
	return out
}

// read reads what goods need, and the book, which may be nil.
func (f *goodsFiles) read() (*qualification.Needs, *qualification.Book, error) {
	needs, err := loadNeeds(f.needs)
	if err != nil || f.book == "" {
		return needs, nil, err
	}
	book, err := loadBook(needs, f.book)
	return needs, book, err
}

func loadNeeds(names []string) (*qualification.Needs, error) {
	needs, err := qualification.Shipped()
	if err != nil || len(names) == 0 {
		return needs, err
	}
	files, err := readTOML("needs", names)
	if err != nil {
		return nil, err
	}
	return qualification.LoadNeeds(needs, files...)
}

func loadBook(needs *qualification.Needs, name string) (*qualification.Book, error) {
	files, err := readTOML("qualifications", []string{name})
	if err != nil {
		return nil, err
	}
	return qualification.LoadBook(needs, files[0])
}

func readTOML(what string, names []string) ([]tomldoc.File, error) {
	var out []tomldoc.File
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("open %s file: %w", what, err)
		}
		out = append(out, tomldoc.File{Name: name, Text: text})
	}
	return out, nil
}

// load makes the shelf and remembers how the files were.
func (f *goodsFiles) load() (*qualification.Shelf, error) {
	f.seen = f.stamps()
	needs, book, err := f.read()
	if err != nil {
		return nil, err
	}
	return qualification.NewShelf(needs, book, f.product, f.terms), nil
}

// look reads the files again if they changed. A nil goodsFiles has none.
func (f *goodsFiles) look(use func(*qualification.Shelf), warn func(topic, text string)) {
	if f == nil || maps.Equal(f.seen, f.stamps()) {
		return
	}
	shelf, err := f.load()
	if err == nil {
		use(shelf)
	}
	warn("qualifications", firstMistake(err))
}

// riskRules are the rules of order risk in force.
func (c *Config) riskRules() (*risk.Rules, error) {
	var names []string
	for _, name := range c.Risk.Files {
		names = append(names, c.beside(name))
	}
	return loadRisk(names)
}

// loadRisk lays the users' rules of order risk over the shipped ones.
func loadRisk(names []string) (*risk.Rules, error) {
	rules, err := risk.Shipped()
	if err != nil || len(names) == 0 {
		return rules, err
	}
	files, err := readTOML("risk", names)
	if err != nil {
		return nil, err
	}
	if rules, err = risk.Load(rules, files...); err != nil {
		return nil, err
	}
	var wrong []error
	for _, f := range rules.Test() {
		wrong = append(wrong, errors.New(f.String()))
	}
	return rules, errors.Join(wrong...)
}
