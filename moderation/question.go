package moderation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"liveroom/feed"
	"liveroom/moderation/triage"
)

const (
	// DefaultAnswerWithin is how long a viewer may wait for an answer where
	// nothing else is said.
	DefaultAnswerWithin = 3 * time.Minute
	// keptQuestions is how many open questions of a room, the last, are held
	// against what is said: more than a host could ever answer.
	keptQuestions = 200
	// answeredBy is how long after it was last asked a line can answer a
	// question. What is said later has another cause.
	answeredBy = 15 * time.Minute
)

// open is a question that was not answered yet.
type openQuestion struct {
	Question
	asking triage.Asking
	again  bool // it was asked again in the batch, and is written with its end
}

// loadQuestions fills in the room's open questions from the record.
func (r *roomState) loadQuestions(ctx context.Context, tx Tx) error {
	open, err := tx.Questions(ctx, Page{Room: r.room.ID, Open: true, Before: lastPage, Limit: keptQuestions})
	if err != nil {
		return err
	}
	r.asked = nil
	for _, q := range open {
		if q.Seal.Erased() {
			continue
		}
		r.asked = append(r.asked, openQuestion{Question: q, asking: triage.NewAsking(q.Text)})
	}
	return nil
}

// ask keeps what a viewer asks, once for all who ask it.
func (in *intake) ask(room *roomState, index int64, e *feed.Event, read *reading) error {
	if !read.question {
		return nil
	}
	sku := room.room.OnAir
	i := slices.IndexFunc(room.asked, func(o openQuestion) bool { return o.SKU == sku && o.asking.Like(read.asking) })
	if i >= 0 {
		q := &room.asked[i].Question
		q.Times++
		q.LastAt, room.asked[i].again = later(q.LastAt, e.At), true
		return nil
	}
	q := Question{
		Room: e.Room, Event: index, EventID: e.ID, At: e.At, LastAt: e.At, Asker: e.User, SKU: sku, Text: e.Text, Times: 1,
	}
	if err := in.question(&q); err != nil {
		return err
	}
	room.asked = append(room.asked, openQuestion{Question: q, asking: read.asking})
	if extra := len(room.asked) - keptQuestions; extra > 0 {
		if err := in.askedAgain(room.asked[:extra]); err != nil {
			return err
		}
		room.asked = slices.Delete(room.asked, 0, extra)
	}
	return nil
}

// askedAgain writes the questions that were asked again in the batch, each once:
// in a crowd everybody asks the same, and a row and a leaf for each of them were a
// third of what a batch cost.
func (in *intake) askedAgain(asked []openQuestion) error {
	for i := range asked {
		if !asked[i].again {
			continue
		}
		asked[i].again = false
		if err := in.question(&asked[i].Question); err != nil {
			return err
		}
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// answer marks the open questions that a line of the host or an assistant
// answers.
func (in *intake) answer(room *roomState, index int64, e *feed.Event) error {
	if len(room.asked) == 0 {
		return nil
	}
	line := triage.NewLine(e.Text)
	left := room.asked[:0]
	for _, o := range room.asked {
		late := e.At.Before(o.At) || e.At.Sub(o.LastAt) > answeredBy
		if late || !line.Answers(o.asking) && !line.Names(o.Asker.Name) {
			left = append(left, o)
			continue
		}
		q := o.Question
		q.AnsweredAt, q.Answer = e.At, index
		if err := in.question(&q); err != nil {
			return err
		}
	}
	clear(room.asked[len(left):])
	room.asked = left
	return nil
}

// Unanswered lists the questions of the room's present broadcast that wait for
// an answer longer than they should, by the room's clock, oldest first.
func (d *Desk) Unanswered(ctx context.Context, room string) ([]Question, error) {
	rooms, err := d.store.Rooms(ctx)
	if err != nil {
		return nil, fmt.Errorf("unanswered questions: %w", err)
	}
	i := slices.IndexFunc(rooms, func(r Room) bool { return r.ID == room })
	if i < 0 {
		return nil, nil
	}
	open, err := d.store.Questions(ctx, Page{Room: room, Open: true, Since: rooms[i].StartedAt})
	if err != nil {
		return nil, fmt.Errorf("unanswered questions of %s: %w", room, err)
	}
	now := d.now()
	return slices.DeleteFunc(open, func(q Question) bool { return now.Sub(q.At) < d.answerWithin }), nil
}

func (t *deed) answerQuestion(c AnswerQuestion) error {
	old, err := t.tx.Question(t.ctx, c.Question)
	if err != nil {
		return found(questionName(c.Question), err)
	}
	if !old.AnsweredAt.IsZero() {
		return refuse(CodeUnchanged, "row", questionName(old.ID))
	}
	q := old
	q.AnsweredAt, q.AnsweredBy = t.now, t.actor.Name
	if note := tidy(c.Text); note != "" {
		if q.Note, err = written(note); err != nil {
			return err
		}
	}
	return t.changeQuestion(old, q)
}

func questionName(id int64) string { return fmt.Sprintf("question #%d", id) }

func (t *deed) changeQuestion(old, q Question) error {
	if err := t.question(&q); err != nil {
		return err
	}
	t.desk.stale(q.Room)
	t.before.Questions = append(t.before.Questions, old.open().(Question))
	t.after.Questions = append(t.after.Questions, q.open().(Question))
	return nil
}

// restoreQuestions takes an answer back. That the question was asked again
// meanwhile stays.
func (t *deed) restoreQuestions(a Action, before, after rowSet) error {
	was := make(map[int64]Question)
	for _, q := range before.Questions {
		was[q.ID] = q
	}
	for _, q := range after.Questions {
		current, err := t.tx.Question(t.ctx, q.ID)
		if err != nil {
			return found(questionName(q.ID), err)
		}
		if !current.AnsweredAt.Equal(q.AnsweredAt) || current.AnsweredBy != q.AnsweredBy {
			return changedSince(a, questionName(q.ID), current.AnsweredBy)
		}
		old, restored := was[q.ID], current
		restored.AnsweredAt, restored.AnsweredBy, restored.Answer, restored.Note = old.AnsweredAt, old.AnsweredBy, old.Answer, old.Note
		if err := t.changeQuestion(current, restored); err != nil {
			return err
		}
	}
	return nil
}
