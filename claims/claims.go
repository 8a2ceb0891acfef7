package claims

// Speaker says whose words an utterance is. Only a host's or an assistant's
// assertion can be a claim.
type Speaker string

// The speakers.
const (
	SpeakerHost      Speaker = "host"
	SpeakerAssistant Speaker = "assistant"
	SpeakerViewer    Speaker = "viewer"
)

// Category is what a claim is about.
type Category string

// The categories of claims.
const (
	CategoryMaterial    Category = "material"
	CategoryBrand       Category = "brand"
	CategoryWeight      Category = "weight"
	CategoryQuantity    Category = "quantity"
	CategorySize        Category = "size"
	CategoryOrigin      Category = "origin"
	CategoryIngredient  Category = "ingredient"
	CategoryPrice       Category = "price"
	CategoryCredential  Category = "credential"
	CategoryEfficacy    Category = "efficacy"
	CategoryEffect      Category = "effect"
	CategoryAbsolute    Category = "absolute"
	CategoryMedical     Category = "medical"
	CategoryPromise     Category = "promise"
	CategoryOffplatform Category = "offplatform"
	CategoryConduct     Category = "conduct"
)

// Verdict is what the check of a claim came to.
type Verdict string

// The verdicts. Contradicted: the sheet says otherwise, to the buyer's harm.
// Unsupported: checkable, and the sheet is silent. Banned: forbidden whatever
// the facts. Supported: the sheet says so itself; only Claims tells of those.
const (
	VerdictContradicted Verdict = "contradicted"
	VerdictUnsupported  Verdict = "unsupported"
	VerdictBanned       Verdict = "banned"
	VerdictSupported    Verdict = "supported"
)

// Severity orders findings for a person: high first.
type Severity string

// The severities.
const (
	SeverityHigh   Severity = "high"
	SeverityMedium Severity = "medium"
	SeverityLow    Severity = "low"
)

// An Utterance is a piece of speech or host text to check.
type Utterance struct {
	ID         string
	Room       string // where it was said; "" when nobody said
	SKU        string // the product on air; "" when nobody said
	Speaker    Speaker
	Host       string // whose words they are, by the source's id; "" when nobody said
	Text       string
	Confidence int // of the recogniser, in thousandths; 0: not told
}

// A Finding is a claim with a verdict and its proof. Start and End count runes
// of the utterance's Text; Said is the text between them, unchanged.
type Finding struct {
	Utterance  string
	SKU        string
	Category   Category
	Verdict    Verdict
	Severity   Severity
	Said       string
	Start, End int
	Value      string // what was said, normalised: "羊毛 100%", "500 g"
	Fact       string // the sheet's value, as it stands there; "" when silent
	FactID     string // "A001·material"
	Arithmetic string // "500 g 对 450 g，+11.1%"; "" where nothing is computed
	// ArithmeticEN is Arithmetic in English: "500 g against 450 g, +11.1%"
	ArithmeticEN string
	Rule         string // id of the rule that fired
	Law          string // law or platform source, with article and edition
	Why          string // for a person, Chinese
	WhyEN        string // the same in English
	Suggest      string // a sentence the host can say to put it right, in the utterance's language
	ListenFirst  bool   // heard weakly: a person listens before judging
	Exempted     []Exemption
	Sheet        string // version of the sheet
	Rules        string // version of the users' rules; "" without any
	Answers      string // the question that the words say yes to; "" where they claim by themselves
	Aside        Aside  // why it raises nothing; "" : it is raised
}

// An Exemption is a condition under which a hit would be no violation, and
// what came of trying it.
type Exemption struct {
	ID     string
	Held   bool
	Reason string // for a person, Chinese
	// ReasonEN is Reason in English.
	ReasonEN string
	Source   string
	Ask      bool // it held, and a person is to look all the same
	Shadow   bool // it would hold, and is on trial: it spares nothing
	Trap     bool // it did not hold, though it looks as if it did
}
