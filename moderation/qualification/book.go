package qualification

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"time"

	"liveroom/claims/tomldoc"
)

// Status is how far a qualification is.
type Status string

// The states. An approved one whose expiry has passed counts as expired
// whatever its file says.
const (
	StatusDraft       Status = "draft"
	StatusUnderReview Status = "under_review"
	StatusApproved    Status = "approved"
	StatusRejected    Status = "rejected"
	StatusExpired     Status = "expired"
)

// AllProducts stands for all products of the sheet.
const AllProducts = "*"

// A Qualification is a permit, a certificate or an authorisation.
type Qualification struct {
	ID       string
	Class    string // id of a class of Needs
	Name     string
	Status   Status
	Expiry   time.Time // its last day, midnight UTC; zero: without end
	Products []string  // SKUs, or AllProducts
	Brands   []string  // all products of these brands
	Fields   []Field   // number, holder, …, by name
	Files    []string
	Note     string
	Line     int // in its file
}

// A Field is what a qualification says.
type Field struct{ Name, Value string }

// On is how far the qualification is on a day.
func (q *Qualification) On(day time.Time) Status {
	if q.Status == StatusApproved && q.expired(day) {
		return StatusExpired
	}
	return q.Status
}

func (q *Qualification) expired(day time.Time) bool {
	return !q.Expiry.IsZero() && Day(day).After(q.Expiry)
}

// Day is the day that a moment lies on in its own zone, as midnight UTC.
func Day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// A Book holds the qualifications of a shop.
type Book struct {
	list    []Qualification
	version string
}

// All lists the qualifications in the order of the file.
func (b *Book) All() []Qualification {
	if b == nil {
		return nil
	}
	return slices.Clone(b.list)
}

// Version is the hash of the book's file.
func (b *Book) Version() string {
	if b == nil {
		return ""
	}
	return b.version
}

// LoadBook reads a book; needs tells the classes there are. An error is a
// tomldoc.Errors with every mistake of the file.
func LoadBook(needs *Needs, f tomldoc.File) (*Book, error) {
	b := &Book{}
	errs := tomldoc.Read(f, func(root *tomldoc.Table) {
		seen := make(map[string]int)
		for _, t := range root.Tables("qualification") {
			b.list = append(b.list, readQualification(t, needs, seen))
		}
	})
	if len(errs) > 0 {
		return nil, errs
	}
	sum := sha256.Sum256(f.Text)
	b.version = hex.EncodeToString(sum[:8])
	return b, nil
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,79}$`)

func readID(t *tomldoc.Table, seen map[string]int) string {
	id := t.Need("id", "a name of its own, such as ccc-cooker")
	if id != "" && !idForm.MatchString(id) {
		t.Failf("id", "%q: small letters, digits, dots and dashes are expected, such as ccc-cooker", id)
	}
	if at, twice := seen[id]; twice && id != "" {
		t.Failf("id", "%q stands in line %d already", id, at)
	}
	seen[id] = t.Line
	return id
}

func readQualification(t *tomldoc.Table, needs *Needs, seen map[string]int) Qualification {
	q := Qualification{
		ID: readID(t, seen), Name: t.Need("name", "what it is called, as on its paper"), Note: t.Text("note"), Line: t.Line,
		Class:  tomldoc.OneOf(t, "class", "", needs.classIDs()...),
		Status: tomldoc.OneOf(t, "status", "", StatusDraft, StatusUnderReview, StatusApproved, StatusRejected, StatusExpired),
	}
	if day := t.Day("expiry"); day != "" {
		q.Expiry, _ = time.Parse(time.DateOnly, day)
	}
	q.Products, q.Brands, q.Files = texts(t, "products"), texts(t, "brands"), texts(t, "files")
	if len(q.Products)+len(q.Brands) == 0 {
		t.Failf("", `products or brands is missing: which products it is of; ["*"] for all`)
	}
	if fields := t.Table("fields"); fields != nil {
		for _, name := range fields.Keys() {
			q.Fields = append(q.Fields, Field{name, fields.Text(name)})
		}
	}
	return q
}

func texts(t *tomldoc.Table, key string) []string {
	var out []string
	for _, l := range t.Texts(key) {
		out = append(out, l.Text)
	}
	return out
}

// A Change is a qualification that differs between two books.
type Change struct {
	Old, New *Qualification // nil: it is not there
	Fields   []string       // which parts differ
	// Reviewed tells that what was approved was changed and is still called
	// approved: somebody must look at it again.
	Reviewed bool
}

// Changes lists what differs from an older book.
func (b *Book) Changes(old *Book) []Change {
	was := make(map[string]*Qualification)
	for i, q := range old.All() {
		was[q.ID] = &old.list[i]
	}
	var out []Change
	for i := range b.list {
		q := &b.list[i]
		o := was[q.ID]
		delete(was, q.ID)
		if o == nil {
			out = append(out, Change{New: q})
			continue
		}
		if fields := differ(o, q); len(fields) > 0 {
			still := o.Status == StatusApproved && q.Status == StatusApproved
			out = append(out, Change{o, q, fields, still && !slices.Equal(fields, []string{"note"})})
		}
	}
	for _, q := range old.All() {
		if o := was[q.ID]; o != nil {
			out = append(out, Change{Old: o})
		}
	}
	return out
}

func differ(a, b *Qualification) []string {
	var out []string
	for _, part := range []struct {
		name string
		of   func(q *Qualification) string
	}{
		{"class", func(q *Qualification) string { return q.Class }},
		{"name", func(q *Qualification) string { return q.Name }},
		{"status", func(q *Qualification) string { return string(q.Status) }},
		{"expiry", func(q *Qualification) string { return q.Expiry.Format(time.DateOnly) }},
		{"products", func(q *Qualification) string { return fmt.Sprintf("%q", q.Products) }},
		{"brands", func(q *Qualification) string { return fmt.Sprintf("%q", q.Brands) }},
		{"fields", func(q *Qualification) string { return fmt.Sprintf("%q", q.Fields) }},
		{"files", func(q *Qualification) string { return fmt.Sprintf("%q", q.Files) }},
		{"note", func(q *Qualification) string { return q.Note }},
	} {
		if part.of(a) != part.of(b) {
			out = append(out, part.name)
		}
	}
	return out
}
