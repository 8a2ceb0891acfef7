package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"

	"liveroom/claims/condition"
	"liveroom/claims/tomldoc"
)

// kindCalendar is the kind of a file that holds no policy but working days.
const kindCalendar Kind = "calendar"

var kinds = []Kind{Compensation, Return, PriceProtection, Appeal, Statutory, Penalty, ServiceClock, kindCalendar}

// Load reads policy and calendar files over the base, which may be nil: a
// policy or a year that stands in a file replaces the base's of that id or year,
// all versions of it. An error is a tomldoc.Errors with every mistake of all
// files.
func Load(base *Set, files ...tomldoc.File) (*Set, error) {
	var policies []*Policy
	var years []*year
	var errs tomldoc.Errors
	for _, f := range files {
		l := loader{file: f.Name, text: string(f.Text)}
		errs = append(errs, tomldoc.Read(f, func(root *tomldoc.Table) {
			kind := tomldoc.OneOf(root, "kind", "", kinds...)
			if kind == kindCalendar {
				years = append(years, readYears(root, l.text)...)
				return
			}
			policies = append(policies, l.policy(root, kind))
		})...)
	}
	if len(errs) == 0 {
		errs = clashes(policies, years, files)
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return newSet(base, policies, years), nil
}

// clashes finds policies of one id that are in force on the same day, and years
// that two files give.
func clashes(policies []*Policy, years []*year, files []tomldoc.File) tomldoc.Errors {
	var errs tomldoc.Errors
	for i, p := range policies {
		for _, q := range policies[:i] {
			if p.ID == q.ID && !(p.To != 0 && p.To < q.From || q.To != 0 && q.To < p.From) {
				errs = append(errs, tomldoc.Error{File: p.File, Line: 1, Text: fmt.Sprintf("%s is in force on the same days in %s: give one of them an effective_to", p.ID, q.File)})
			}
		}
	}
	for i, y := range years {
		for _, z := range years[:i] {
			if y.year == z.year {
				errs = append(errs, tomldoc.Error{File: fileOf(files, y.text), Line: 1, Text: fmt.Sprintf("the calendar of %d stands in %s too: leave one out", y.year, fileOf(files, z.text))})
			}
		}
	}
	return errs
}

func fileOf(files []tomldoc.File, text string) string {
	for _, f := range files {
		if string(f.Text) == text {
			return f.Name
		}
	}
	return ""
}

// A loader reads one policy.
type loader struct {
	file, text string
	language   *condition.Language
	lists      map[string][]string
	ids        map[string]int // lines of the clauses' and clocks' ids
	choices    []Choice
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,79}$`)

func (l *loader) policy(t *tomldoc.Table, kind Kind) *Policy {
	l.ids = map[string]int{}
	p := &Policy{
		ID: l.id(t), Title: needText(t, "title", "what the policy is called"), Kind: kind,
		Version: hash(l.text), File: l.file, Content: l.text,
		Source: t.Need("source", "the document that says so"), Checked: t.Day("checked"),
	}
	if p.Checked == "" && !t.Has("checked") {
		t.Failf("", "checked is missing: the day somebody last held the policy against its source, such as 2026-11-20")
	}
	l.force(t, p)
	p.Governs = l.fact(t, "governs", KindMoment)
	l.readLists(t.Table("lists"))
	for _, c := range t.Tables("choice") {
		l.choice(c)
	}
	p.Choices, p.lists = l.choices, l.lists
	p.Clauses = l.clauses(t)
	p.Payers = l.payers(t, kind)
	p.payees = l.payees(t, kind)
	p.amount = l.amount(t.Table("amount"), kind)
	for _, c := range t.Tables("clock") {
		p.Clocks = append(p.Clocks, l.clock(c))
	}
	p.Ladder = l.ladder(t, kind)
	if base := t.Table("facts"); base != nil {
		p.base = l.facts(base)
	}
	for _, e := range t.Tables("example") {
		p.tests = append(p.tests, l.example(e, p))
	}
	if len(p.tests) == 0 {
		t.Failf("", "[[example]] is missing: at least one matter with what comes of it")
	}
	return p
}

// force reads the days on which the policy is in force: where it names no first
// one, always.
func (l *loader) force(t *tomldoc.Table, p *Policy) {
	from, to := t.Day("effective_from"), t.Day("effective_to")
	if from != "" {
		p.From, _ = ParseDate(from)
	}
	if to != "" {
		if p.To, _ = ParseDate(to); p.To < p.From {
			t.Failf("effective_to", "a day on or after effective_from is expected")
		}
	}
}

// id takes the id of the policy.
func (l *loader) id(t *tomldoc.Table) string {
	id := t.Text("id")
	if !idForm.MatchString(id) {
		t.Failf("id", "an id of small letters, digits, dots and dashes is expected, such as house.guarantee")
	}
	return id
}

// own takes the id of a clause or a clock, which is its own in the file.
func (l *loader) own(t *tomldoc.Table) string {
	id := l.id(t)
	if line := l.ids[id]; line > 0 {
		t.Failf("id", "%q stands on line %d already; each id once", id, line)
	} else if id != "" {
		l.ids[id] = t.LineOf("id")
	}
	return id
}

// fact takes the name of a fact of one of the kinds; "" where there is none.
func (l *loader) fact(t *tomldoc.Table, key string, of ...ValueKind) Fact {
	name := t.Text(key)
	if name == "" {
		return ""
	}
	info, ok := factIndex[Fact(name)]
	switch {
	case !ok && tomldoc.Nearest(name, factNames()) != "":
		t.Failf(key, "%q is no fact; did you mean %q?", name, tomldoc.Nearest(name, factNames()))
	case !ok:
		t.Failf(key, "%q is no fact; `liveroom policy facts` lists them", name)
	case !slices.Contains(of, info.Kind):
		t.Failf(key, "%s is %s, and %s is expected here", name, info.Kind, of[0])
	}
	return Fact(name)
}

// readLists takes the lists that conditions name as list.NAME, and makes the
// language of the policy's conditions.
func (l *loader) readLists(t *tomldoc.Table) {
	variables := map[string]*cel.Type{}
	for _, f := range factSet {
		variables[string(f.Name)] = f.Kind.celType()
	}
	l.lists = map[string][]string{}
	if t != nil {
		for _, key := range t.Keys() {
			if !listForm.MatchString(key) {
				t.Failf(key, "a list's name is small letters, digits and underscores, and begins with a letter")
				t.Know(key)
				continue
			}
			list := []string{}
			for _, line := range t.Texts(key) {
				list = append(list, line.Text)
			}
			l.lists["list."+key] = list
			variables["list."+key] = cel.ListType(cel.StringType)
		}
	}
	language, err := condition.NewLanguage(variables)
	if err != nil {
		t.Failf("", "%v", err)
		return
	}
	l.language = language
}

var listForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// when takes a condition, nil where there is none.
func (l *loader) when(t *tomldoc.Table) *condition.Condition {
	text := t.Text("when")
	if text == "" || l.language == nil {
		return nil
	}
	c, err := l.language.CompileOpen(text)
	if err != nil {
		t.Failf("when", "%v", err)
		return nil
	}
	return c
}

func (l *loader) choice(t *tomldoc.Table) {
	c := Choice{ID: l.own(t), Text: needText(t, "text", "what the source contradicts itself about"), Use: t.Need("use", "the option that decides")}
	for _, o := range t.Texts("options") {
		c.Options = append(c.Options, o.Text)
	}
	if len(c.Options) < 2 {
		t.Failf("", "options is missing: at least two")
	}
	if c.Use != "" && !slices.Contains(c.Options, c.Use) {
		t.Failf("use", "%q is no option; one of %s", c.Use, strings.Join(c.Options, ", "))
	}
	l.choices = append(l.choices, c)
}

func (l *loader) payers(t *tomldoc.Table, kind Kind) []Party {
	var out []Party
	for _, line := range t.Texts("payer") {
		out = append(out, party(t, "payer", line.Text))
	}
	if kind == Statutory && t.Has("payer") {
		t.Failf("payer", "a statutory scenario is shown to people and paid by nobody: leave the payer out")
	}
	return out
}

func (l *loader) payees(t *tomldoc.Table, kind Kind) []payee {
	var out []payee
	for _, p := range t.Tables("payee") {
		out = append(out, payee{party(p, "to", p.Text("to")), l.when(p)})
	}
	if kind == Statutory && len(out) > 0 {
		t.Failf("payee", "a statutory scenario is shown to people and paid to nobody: leave the payee out")
	}
	return out
}

func party(t *tomldoc.Table, key, name string) Party {
	var known []string
	for p := range partyTexts {
		known = append(known, string(p))
	}
	if !slices.Contains(known, name) {
		slices.Sort(known)
		t.Failf(key, "%q is nobody known; one of %s", name, strings.Join(known, ", "))
	}
	return Party(name)
}

func (l *loader) clock(t *tomldoc.Table) *ClockRule {
	c := &ClockRule{
		ID: l.own(t), Text: needText(t, "text", "what is to be done in that time"), From: l.fact(t, "from", KindMoment),
		Within: span(t, "within"), Earliest: span(t, "earliest"), Met: l.fact(t, "met", KindMoment), when: l.when(t),
	}
	if c.From == "" {
		t.Failf("", "from is missing: the fact that starts the clock, such as claim.applied_at")
	}
	if c.Within == (Span{}) && !t.Has("within") {
		t.Failf("", `within is missing: such as "48 hours"`)
	}
	return c
}

// span takes a span of time, zero where there is none.
func span(t *tomldoc.Table, key string) Span {
	text := t.Text(key)
	if text == "" {
		return Span{}
	}
	s, err := ParseSpan(text)
	if err != nil {
		t.Failf(key, "%v", err)
	}
	return s
}
