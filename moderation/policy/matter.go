package policy

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// matterJSON is a matter as JSON.
type matterJSON struct {
	Facts   Facts    `json:"facts"`
	Strikes []Strike `json:"strikes,omitempty"`
	Zone    string   `json:"zone,omitzero"`
}

// Encode is the matter as DecodeMatter reads it, always in the same bytes.
func (m Matter) Encode() ([]byte, error) {
	doc := matterJSON{Facts: m.Facts, Strikes: m.Strikes}
	if m.Zone != nil {
		doc.Zone = m.Zone.String()
	}
	b, err := json.Marshal(&doc, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("write matter: %w", err)
	}
	return b, nil
}

// DecodeMatter reads a matter:
// {"facts": {"order.paid_fen": 29900}, "strikes": [], "zone": "Asia/Shanghai"}.
func DecodeMatter(data []byte) (Matter, error) {
	var doc matterJSON
	if err := json.Unmarshal(data, &doc, json.RejectUnknownMembers(true)); err != nil {
		return Matter{}, fmt.Errorf("read matter: %w", err)
	}
	m := Matter{Facts: doc.Facts, Strikes: doc.Strikes}
	if doc.Zone == "" {
		return m, nil
	}
	zone, err := time.LoadLocation(doc.Zone)
	if err != nil {
		return m, fmt.Errorf("read matter: zone %q is not known: write a name such as Asia/Shanghai", doc.Zone)
	}
	m.Zone = zone
	return m, nil
}
