package backtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
)

// A Label is a category with a verdict.
type Label struct {
	Category claims.Category `json:"category"`
	Verdict  claims.Verdict  `json:"verdict"`
}

// An Expectation is met by any of its labels.
type Expectation []Label

// Labels say what is to be found in an utterance, and what may be.
type Labels struct {
	Expect []Expectation
	AlsoOK []Label
}

type labelled struct {
	ID      string          `json:"id"`
	Room    string          `json:"room"`
	SKU     string          `json:"sku"`
	Speaker claims.Speaker  `json:"speaker"`
	Text    string          `json:"text"`
	Expect  *[]expectedJSON `json:"expect"`
	AlsoOK  []Label         `json:"also_ok"`
}

type expectedJSON struct {
	Category claims.Category `json:"category"`
	Verdict  claims.Verdict  `json:"verdict"`
	AnyOf    []Label         `json:"any_of"`
}

const maxLine = 4 << 20

// ReadLabelled reads utterances with labels, one JSON object a line: {"id",
// "sku", "speaker", "text", "expect": [{"category", "verdict"} or {"any_of":
// […]}], "also_ok": […]}. Errors name the line.
func ReadLabelled(name string, r io.Reader) ([]Utterance, error) {
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 0, 64<<10), maxLine)
	var out []Utterance
	for n := 1; scan.Scan(); n++ {
		if len(scan.Bytes()) == 0 {
			continue
		}
		var l labelled
		if err := json.Unmarshal(scan.Bytes(), &l); err != nil {
			return nil, fmt.Errorf("%s:%d: no labelled utterance: %w", name, n, err)
		}
		u, err := l.utterance()
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if u.ID == "" {
			u.ID = fmt.Sprintf("%s:%d", name, n)
		}
		out = append(out, u)
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no utterance: one JSON object a line is expected", name)
	}
	return out, nil
}

func (l *labelled) utterance() (Utterance, error) {
	var u Utterance
	if l.Expect == nil {
		return u, errors.New(`the line has no "expect": write what is to be found in it, [] for nothing`)
	}
	switch l.Speaker {
	case "":
		l.Speaker = claims.SpeakerHost
	case claims.SpeakerHost, claims.SpeakerAssistant, claims.SpeakerViewer:
	default:
		return u, fmt.Errorf("speaker %q is not known: use host, assistant or viewer", l.Speaker)
	}
	labels := &Labels{AlsoOK: l.AlsoOK}
	for _, e := range *l.Expect {
		if len(e.AnyOf) > 0 {
			labels.Expect = append(labels.Expect, e.AnyOf)
			continue
		}
		labels.Expect = append(labels.Expect, Expectation{{e.Category, e.Verdict}})
	}
	u.Utterance = claims.Utterance{ID: l.ID, Room: l.Room, SKU: l.SKU, Speaker: l.Speaker, Text: l.Text}
	u.Labels = labels
	return u, nil
}
