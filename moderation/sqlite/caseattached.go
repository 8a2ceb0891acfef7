package sqlite

import "liveroom/moderation"

// evidenceRow is a piece of evidence of a case in its column.
type evidenceRow struct {
	Kind   moderation.EvidenceKind `json:"kind"`
	Order  string                  `json:"order"`
	Ref    string                  `json:"ref"`
	SHA256 string                  `json:"sha256"`
	Text   string                  `json:"text"`
	By     string                  `json:"by"`
	At     int64                   `json:"at"`
}

// replyRow is what a buyer was answered.
type replyRow struct {
	Complaint int64  `json:"complaint"`
	Template  string `json:"template"`
	Text      string `json:"text"`
	ByHand    bool   `json:"by_hand"`
	By        string `json:"by"`
	At        int64  `json:"at"`
}

func evidenceRows(all []moderation.Evidence) []evidenceRow {
	var out []evidenceRow
	for _, e := range all {
		out = append(out, evidenceRow{e.Kind, e.Order, e.Ref, e.SHA256, e.Text, e.By, moderation.Stamp(e.At)})
	}
	return out
}

func evidenceOf(rows []evidenceRow) []moderation.Evidence {
	var out []moderation.Evidence
	for _, r := range rows {
		out = append(out, moderation.Evidence{
			Kind: r.Kind, Order: r.Order, Ref: r.Ref, SHA256: r.SHA256, Text: r.Text, By: r.By, At: moderation.Unstamp(r.At),
		})
	}
	return out
}

func replyRows(all []moderation.Reply) []replyRow {
	var out []replyRow
	for _, r := range all {
		out = append(out, replyRow{r.Complaint, r.Template, r.Text, r.ByHand, r.By, moderation.Stamp(r.At)})
	}
	return out
}

func repliesOf(rows []replyRow) []moderation.Reply {
	var out []moderation.Reply
	for _, r := range rows {
		out = append(out, moderation.Reply{
			Complaint: r.Complaint, Template: r.Template, Text: r.Text, ByHand: r.ByHand, By: r.By, At: moderation.Unstamp(r.At),
		})
	}
	return out
}
