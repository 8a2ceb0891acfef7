package moderation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/reply"
)

// TestEvidenceIsKept: what lies outside the record is named in the case with who
// said so, counts for the policies that ask for it, and can be taken back.
func TestEvidenceIsKept(t *testing.T) {
	d := misled(t)
	c := d.matter()
	before := must(d.Scenarios(t.Context(), c.ID, "LR1", at(7200), guarantee)).Results[0]
	if !slices.Contains(before.Missing, policy.Fact("evidence.proof_images")) {
		t.Fatalf("proof is not missing: %v", before.Missing)
	}
	sum := strings.Repeat("ab", 32)
	attach := moderation.AttachEvidence{Case: c.ID, Version: c.Version, Kind: moderation.EvidenceProof, Ref: "https://shop.example/1.jpg", SHA256: sum, Text: "吊牌"}
	kept := *d.do(lan, attach).Case
	want := moderation.Evidence{Kind: moderation.EvidenceProof, Ref: attach.Ref, SHA256: sum, Text: "吊牌", By: lan.Name, At: kept.ChangedAt}
	if got := d.incident(c.ID).Evidence; len(got) != 1 || got[0] != want {
		t.Errorf("kept %+v, want %+v", got, want)
	}
	after := must(d.Scenarios(t.Context(), c.ID, "LR1", at(7200), guarantee)).Results[0]
	if slices.Contains(after.Missing, policy.Fact("evidence.proof_images")) {
		t.Errorf("proof is still missing: %v", after.Missing)
	}
	for _, wrong := range []struct {
		code   moderation.Code
		change func(c *moderation.AttachEvidence)
	}{
		{moderation.CodeUnchanged, func(*moderation.AttachEvidence) {}},
		{moderation.CodeBadEvidence, func(c *moderation.AttachEvidence) { c.Kind = "selfie" }},
		{moderation.CodeBadHash, func(c *moderation.AttachEvidence) { c.SHA256 = "abc" }},
		{moderation.CodeNeedsText, func(c *moderation.AttachEvidence) { c.Ref = " \u200b" }},
		{moderation.CodeNotFound, func(c *moderation.AttachEvidence) { c.Order = "LR9" }},
	} {
		c := attach
		c.Version = kept.Version
		wrong.change(&c)
		d.refused(wrong.code, lan, c)
	}
	d.do(lan, moderation.Undo{})
	if got := d.incident(c.ID).Evidence; len(got) != 0 {
		t.Errorf("undone, the case holds %+v", got)
	}
	d.verify()
}

// TestBuyersAreAnswered: an answer stands in the case and goes out once the undo
// window is over; by hand nothing goes out.
func TestBuyersAreAnswered(t *testing.T) {
	d := misled(t)
	c := *d.do(you, moderation.OpenCase{Room: "A", Kind: moderation.CaseComplaint, Title: "不是纯羊毛", SKU: "D01", Complaints: []int64{1}}).Case
	answer := moderation.ReplyBuyer{Case: c.ID, Version: c.Version, Complaint: 1, Template: "false_ad.received", Text: "您好"}
	c = *d.do(you, answer).Case
	effects := must(d.store.Effects(t.Context(), time.Time{}))
	if len(effects) != 1 || effects[0].Kind != moderation.EffectReply || effects[0].Target != "complaint-3600" || effects[0].Text != "您好" {
		t.Fatalf("effects %+v", effects)
	}
	answer.Version, answer.ByHand, answer.Text = c.Version, true, "已在平台回复"
	c = *d.do(you, answer).Case
	if n := len(must(d.store.Effects(t.Context(), time.Time{}))); n != 1 {
		t.Errorf("by hand, %d effects", n)
	}
	if got := c.Replies; len(got) != 2 || got[0].ByHand || !got[1].ByHand || got[1].By != you.Name {
		t.Errorf("replies %+v", got)
	}
	answer.Version, answer.Complaint = c.Version, 9
	d.refused(moderation.CodeNotFound, you, answer)
	d.refused(moderation.CodeNotAllowed, lan, answer)
	d.verify()
}

// TestDraftsAreFilledIn: what the record knows is in the answer, and what it does
// not know is told.
func TestDraftsAreFilledIn(t *testing.T) {
	d := misled(t)
	drafts := must(d.Drafts(t.Context(), 1, reply.Shipped(), "zh-CN"))
	i := slices.IndexFunc(drafts, func(d moderation.Draft) bool { return d.Template.ID == "false_ad.granted" })
	if i < 0 || drafts[0].Template.Types == nil {
		t.Fatalf("answers to another type first: %+v", drafts)
	}
	if got := drafts[i]; !strings.Contains(got.Text, "实付 299.00 元") || strings.Contains(got.Text, "LR1") || !slices.Contains(got.Missing, reply.Amount) {
		t.Errorf("%s\nmissing %v", got.Text, got.Missing)
	}
}
