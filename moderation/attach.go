package moderation

import (
	"encoding/hex"
	"slices"
	"time"

	"liveroom/moderation/policy"
)

// EvidenceKind is what a piece of evidence shows.
type EvidenceKind string

// The kinds of evidence that people keep with a case.
const (
	EvidenceProof      EvidenceKind = "proof_image"    // what the buyer sent
	EvidencePacking    EvidenceKind = "packing_photo"  // of the goods being packed
	EvidenceShipping   EvidenceKind = "shipping_photo" // of the parcel that was sent
	EvidenceHandover   EvidenceKind = "handover"       // record of handing it to the carrier
	EvidenceVideo      EvidenceKind = "video_call"
	EvidenceInspection EvidenceKind = "inspection" // report of a laboratory or an office
	EvidenceDocument   EvidenceKind = "document"
)

// EvidenceKinds are the kinds of evidence.
var EvidenceKinds = []EvidenceKind{
	EvidenceProof, EvidencePacking, EvidenceShipping, EvidenceHandover, EvidenceVideo, EvidenceInspection, EvidenceDocument,
}

// Evidence is something outside the record that a case rests on. The program
// keeps where it lies and, where the person gave it, its hash; it never fetches
// or opens it.
type Evidence struct {
	Kind   EvidenceKind
	Order  string // the order it is about; "" : the whole case
	Ref    string // address or file name
	SHA256 string // of its bytes, in hexadecimal; "" : not given
	Text   string
	By     string
	At     time.Time
}

// Reply is what a buyer was answered.
type Reply struct {
	Complaint int64
	Template  string // id; "" : in the person's own words
	Text      string
	ByHand    bool // the person sent it themselves; else an effect sends it, and says whether it arrived
	By        string
	At        time.Time
}

// AttachEvidence keeps a piece of evidence with a case.
type AttachEvidence struct {
	Case    int64
	Kind    EvidenceKind
	Order   string
	Ref     string
	SHA256  string
	Text    string
	Version int64
}

// ReplyBuyer answers a complaint of a case: through the source it came by, once
// the undo window is over, or, with ByHand, as the person did it elsewhere.
type ReplyBuyer struct {
	Case      int64
	Complaint int64
	Template  string
	Text      string
	ByHand    bool
	Version   int64
}

// Name implements Command.
func (AttachEvidence) Name() string { return "attach-evidence" }

// Name implements Command.
func (ReplyBuyer) Name() string { return "reply-buyer" }

// EffectReply is the effect of an answer. Target is the source's id of the
// message that is answered.
const EffectReply = "reply"

func (t *deed) attachEvidence(c AttachEvidence, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	ref, err := written(c.Ref)
	if err != nil {
		return err
	}
	switch sum, err := hex.DecodeString(c.SHA256); {
	case !slices.Contains(EvidenceKinds, c.Kind):
		return refuse(CodeBadEvidence, "value", tidy(string(c.Kind)))
	case c.SHA256 != "" && (err != nil || len(sum) != 32):
		return refuse(CodeBadHash, "value", tidy(c.SHA256))
	case c.Order != "" && !slices.Contains(old.Orders, c.Order):
		return refuse(CodeNotFound, "row", orderName(c.Order))
	case slices.ContainsFunc(old.Evidence, func(e Evidence) bool { return e.Kind == c.Kind && e.Ref == ref && e.Order == c.Order }):
		return refuse(CodeUnchanged, "row", caseName(old.ID))
	}
	text := tidy(c.Text)
	if text != "" {
		if text, err = written(c.Text); err != nil {
			return err
		}
	}
	kept := old
	kept.Evidence = append(slices.Clone(old.Evidence), Evidence{
		Kind: c.Kind, Order: c.Order, Ref: ref, SHA256: c.SHA256, Text: text, By: t.actor.Name, At: t.now,
	})
	kept, err = t.work(old, kept)
	r.Case = &kept
	return err
}

func (t *deed) replyBuyer(c ReplyBuyer, r *Result) error {
	old, err := t.readMine(c.Case, c.Version)
	if err != nil {
		return err
	}
	text, err := written(c.Text)
	if err != nil {
		return err
	}
	to, err := t.readComplaint(c.Complaint)
	switch {
	case err != nil:
		return err
	case to.Case != old.ID:
		return refuse(CodeNotInCase, "row", complaintName(to.ID), "case", number(old.ID))
	}
	answered := old
	answered.Replies = append(slices.Clone(old.Replies), Reply{
		Complaint: to.ID, Template: c.Template, Text: text, ByHand: c.ByHand, By: t.actor.Name, At: t.now,
	})
	if !c.ByHand {
		came, err := t.tx.Events(t.ctx, Page{Keys: []int64{to.Event}})
		if err != nil {
			return err
		}
		e := &Effect{Key: number(to.ID), Room: to.Room, Kind: EffectReply, Target: to.EventID, Text: text}
		for i := range came {
			e.Source, e.Event = came[i].Source, to.Event
		}
		t.effects = append(t.effects, e)
	}
	answered, err = t.work(old, answered)
	r.Case = &answered
	return err
}

// proofs notes how many images of proof are kept with a case for an order; where
// there is none nobody knows yet whether the buyer has any.
func (m *matter) proofs(c Case, o Order) {
	n, newest := int64(0), time.Time{}
	for _, e := range c.Evidence {
		if e.Kind == EvidenceProof && (e.Order == "" || e.Order == o.ID) && !e.At.After(m.asOf) {
			n, newest = n+1, later(newest, e.At)
		}
	}
	if n > 0 {
		m.know("evidence.proof_images", policy.Number(n), FromCase, number(c.ID), newest)
	}
}
