package moderation

import (
	"context"
	"slices"
	"time"

	"liveroom/feed"
	"liveroom/moderation/triage"
)

// keptSentences is how many sentences of a broadcast, the last, complaints are
// held against: some four hours of talk.
const keptSentences = 3000

// A sorter puts a room's complaints together into problems.
type sorter struct {
	index    *triage.Index
	claims   []triage.Cause
	said     map[int64]sentence // of the flags
	problems map[int64]Problem  // as they stand in the record

	// What was said in the broadcast, read when first needed; nil: not yet.
	speech []sentence
}

// sentence is something said, and when.
type sentence struct {
	triage.Said
	at time.Time
}

// load builds the sorter again from the record.
func (s *sorter) load(ctx context.Context, d *Desk, tx Tx, room string) error {
	*s = sorter{index: triage.NewIndex(), said: make(map[int64]sentence), problems: make(map[int64]Problem)}
	flags, err := tx.Flags(ctx, Page{Room: room})
	if err != nil {
		return err
	}
	for _, f := range flags {
		s.know(f)
	}
	d.noteDismissed(flags)
	problems, err := tx.Problems(ctx, Page{Room: room})
	if err != nil {
		return err
	}
	for _, p := range problems {
		s.problems[p.ID] = p
	}
	complaints, err := tx.Complaints(ctx, Page{Room: room})
	if err != nil {
		return err
	}
	known := d.standing(s.claims)
	for _, c := range complaints {
		if c.Seal.Erased() {
			continue // its words are gone, and two such are not alike
		}
		t := c.triaged()
		place := s.index.Place(t, known)
		if g := place.Group(); c.Problem == 0 && g != nil && g.Problem != 0 {
			continue // it was left out when it came
		}
		s.index.Join(place, t, c.Problem)
	}
	return nil
}

// triaged is the complaint as triage sees it.
func (c Complaint) triaged() triage.Complaint {
	return triage.Complaint{ID: c.ID, SKU: c.SKU, Text: c.Text}
}

// know notes a claim that complaints may go back to.
func (s *sorter) know(f Flag) {
	s.claims = append(s.claims, cause(f))
	s.said[f.ID] = sentence{Said: triage.Said{Event: f.Event}, at: f.At}
}

func cause(f Flag) triage.Cause {
	return triage.NewCause(f.ID, f.Finding.SKU, f.Finding.Category, f.Finding.Said)
}

// noteDismissed keeps which flags no problem can go back to.
func (d *Desk) noteDismissed(flags []Flag) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range flags {
		if f.Status == FlagDismissed {
			d.dismissed[f.ID] = true
		} else {
			delete(d.dismissed, f.ID)
		}
	}
}

// standing are the room's claims but those that a person dismissed.
func (d *Desk) standing(all []triage.Cause) []triage.Cause {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.dismissed) == 0 {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(c triage.Cause) bool { return d.dismissed[c.Flag] })
}

// classify says what a complaint is about and how urgent it is.
func (c *Complaint) classify() {
	r := triage.Classify(triage.Message{ID: c.EventID, Channel: c.Channel, Text: c.Text})
	c.Type, c.Priority, c.Score, c.Why, c.WhyEN = r.Type, r.Priority, int(r.Score*1000+0.5), r.Why, r.WhyEN
}

// sort records a complaint in the problem it belongs to. A problem begins with
// its second complaint.
func (in *intake) sort(room *roomState, c *Complaint) error {
	known := in.desk.standing(room.claims)
	c.classify()
	t := c.triaged()
	place := room.index.Place(t, known)
	g := place.Group()
	if g != nil && len(g.Members) > 0 {
		if g.Problem == 0 {
			if err := in.begin(room, g, known); err != nil {
				return err
			}
		}
		c.Problem = g.Problem
	}
	if err := in.complaint(c); err != nil {
		return err
	}
	t.ID = c.ID
	if g = room.index.Join(place, t, 0); g == nil || g.Problem == 0 {
		return nil
	}
	return in.describe(room, g, known)
}

// begin makes a problem of a group's first complaint, which gets a second.
func (in *intake) begin(room *roomState, g *triage.Group, known []triage.Cause) error {
	p := Problem{Room: room.room.ID, SKU: g.SKU, Title: g.Title(), Flag: g.Cause(known)}
	p.Event, p.SaidAt = room.said[p.Flag].Event, room.said[p.Flag].at
	if err := in.problem(&p); err != nil {
		return err
	}
	room.problems[p.ID] = p
	g.Problem = p.ID
	for _, id := range g.Members {
		c, err := in.tx.Complaint(in.ctx, id)
		if err != nil {
			return found(complaintName(id), err)
		}
		c.Problem = p.ID
		if err := in.complaint(&c); err != nil {
			return err
		}
	}
	return nil
}

// describe brings what is said of a problem up to its newest complaint.
func (in *intake) describe(room *roomState, g *triage.Group, known []triage.Cause) error {
	old := room.problems[g.Problem]
	p := old
	p.Title, p.Flag = g.Title(), g.Cause(known)
	// Members are only ever added behind these.
	p.Complaints = slices.Clip(g.Members)
	if err := in.findSentence(room, g, &p); err != nil {
		return err
	}
	if p.Title != old.Title || p.Flag != old.Flag || p.Event != old.Event {
		if err := in.problem(&p); err != nil {
			return err
		}
	} else {
		in.tellProblem(p)
	}
	room.problems[p.ID] = p
	return nil
}

// findSentence links a problem to the sentence it is about: the flag's, or one
// that nothing was found against and whose words the complaints repeat.
func (in *intake) findSentence(room *roomState, g *triage.Group, p *Problem) error {
	if p.Flag != 0 {
		p.Event, p.SaidAt = room.said[p.Flag].Event, room.said[p.Flag].at
		return nil
	}
	if !g.Due() {
		return nil
	}
	if room.speech == nil {
		if err := in.listen(room); err != nil {
			return err
		}
	}
	all := make([]triage.Said, len(room.speech))
	for i, s := range room.speech {
		all[i] = s.Said
	}
	p.Event, p.SaidAt = g.Sentence(all), noTime
	if i := slices.IndexFunc(room.speech, func(s sentence) bool { return s.Event == p.Event }); i >= 0 {
		p.SaidAt = room.speech[i].at
	}
	return nil
}

// listen reads what was said in the broadcast so far, with the product that was
// on air by the record's order.
func (in *intake) listen(r *roomState) error {
	forever := Unstamp(1<<63 - 1)
	said, err := in.soFar(in.tx.Utterances(in.ctx, r.room.ID, r.room.StartedAt, forever))
	if err != nil {
		return err
	}
	shown, err := in.tx.EventsOf(in.ctx, r.room.ID, []feed.Kind{feed.KindProduct}, Unstamp(-1<<63), forever, 0)
	if err != nil {
		return err
	}
	r.speech = []sentence{}
	onAir := ""
	for _, u := range said {
		for ; len(shown) > 0 && shown[0].Index < u.Index; shown = shown[1:] {
			if p := shown[0].Product; p != nil && p.ID != "" {
				onAir = p.ID
			}
		}
		r.speech = append(r.speech, sentence{triage.NewSaid(u.Index, onAir, u.Text), u.At})
	}
	r.prune()
	return nil
}

// remember adds a sentence to what was said, where that is known.
func (r *roomState) remember(h heard, at time.Time) {
	if r.speech == nil {
		return
	}
	r.speech = append(r.speech, sentence{triage.NewSaid(h.index, h.SKU, h.Text), at})
	r.prune()
}

// prune leaves the last sentences of this broadcast.
func (r *roomState) prune() {
	r.speech = slices.DeleteFunc(r.speech, func(s sentence) bool { return s.at.Before(r.room.StartedAt) })
	if extra := len(r.speech) - keptSentences; extra > 0 {
		r.speech = slices.Delete(r.speech, 0, extra)
	}
}
