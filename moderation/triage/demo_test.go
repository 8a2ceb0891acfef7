package triage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
)

// What was reached on the demonstration broadcast, a little rounded down. The
// words of the topics were written with its complaints in view: on others
// expect less.
const (
	floorPrecision = 0.93
	floorRecall    = 0.88
	floorCauses    = 10
)

const demoDir = "../../../shared/demo"

type demoEvent struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"`
	Text    string `json:"text"`
	Product string `json:"product"`
	Order   struct {
		ID  string `json:"id"`
		SKU string `json:"sku"`
	} `json:"order"`
}

type demoProblem struct {
	Key        string   `json:"key"`
	One        bool     `json:"one_problem"`
	Complaints []string `json:"complaints"`
	CausedBy   string   `json:"caused_by"`
}

type demoClaim struct {
	Event    string          `json:"event"`
	SKU      string          `json:"sku"`
	Category claims.Category `json:"category"`
	Quote    string          `json:"quote"`
}

type demo struct {
	events   []demoEvent
	Problems []demoProblem `json:"problems"`
	Claims   []demoClaim   `json:"false_claims"`
}

func readDemo(t *testing.T) demo {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(demoDir, "broadcast.jsonl"))
	if err != nil {
		t.Skipf("NOT RUN: the demonstration broadcast is not at %s: %v", demoDir, err)
	}
	var d demo
	for line := range strings.Lines(string(raw)) {
		var e demoEvent
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		d.events = append(d.events, e)
	}
	raw, err = os.ReadFile(filepath.Join(demoDir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDemonstrationBroadcast(t *testing.T) {
	d := readDemo(t)
	var all []Cause
	for i, c := range d.Claims {
		all = append(all, NewCause(int64(i+1), c.SKU, c.Category, c.Quote))
	}
	x := NewIndex()
	group := make(map[string]*Group)
	products := make(map[string]string)
	var names []string
	for _, e := range d.events {
		if e.Kind == "order" {
			products[e.Order.ID] = e.Product
		}
		if e.Kind != "complaint" {
			continue
		}
		sku := e.Product
		if sku == "" {
			sku = products[e.Order.ID]
		}
		names = append(names, e.ID)
		c := Complaint{ID: int64(len(names)), SKU: sku, Text: e.Text}
		group[e.ID] = x.Join(x.Place(c, all), c, 0)
	}
	truth := make(map[string]string)
	for _, p := range d.Problems {
		for _, id := range p.Complaints {
			if p.One {
				truth[id] = p.Key
			}
		}
	}
	var both, found, wanted int
	for i, a := range names {
		for _, b := range names[:i] {
			same := truth[a] != "" && truth[a] == truth[b]
			together := group[a] != nil && group[a] == group[b]
			switch {
			case same && together:
				both++
				fallthrough
			case together:
				found++
			}
			if same {
				wanted++
			}
		}
	}
	precision, recall := float64(both)/float64(found), float64(both)/float64(wanted)
	t.Logf("pairs: %d of %d found are right (precision %.3f), of %d wanted (recall %.3f)", both, found, precision, wanted, recall)
	if precision < floorPrecision || recall < floorRecall {
		t.Errorf("precision %.3f and recall %.3f, at least %.2f and %.2f wanted", precision, recall, floorPrecision, floorRecall)
	}
	right := 0
	for _, p := range d.Problems {
		if !p.One {
			continue
		}
		votes := make(map[*Group]int)
		var most *Group
		for _, id := range p.Complaints {
			if g := group[id]; g != nil {
				if votes[g]++; votes[g] > votes[most] {
					most = g
				}
			}
		}
		got := ""
		if i := most.Cause(all); i > 0 {
			got = d.Claims[i-1].Event
		}
		if got == p.CausedBy {
			right++
		}
		t.Logf("%-8s %-30s %3d of %3d in a group of %3d; goes back to %q, told %q", p.Key, most.Title(), votes[most], len(p.Complaints), len(most.Members), got, p.CausedBy)
	}
	if right < floorCauses {
		t.Errorf("%d problems go back to the right claim, at least %d wanted", right, floorCauses)
	}
}
