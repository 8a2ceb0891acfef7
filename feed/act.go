package feed

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// An ActKind is something that a peer may be asked to do.
type ActKind string

// The kinds of act. Which of them a peer can do is its own matter.
const (
	ActMute    ActKind = "mute"         // Target is the person, Text how long, like "10m"; "" for good
	ActUnmute  ActKind = "unmute"       // Target is the person
	ActDelete  ActKind = "delete"       // Target is the event
	ActPin     ActKind = "pin"          // Target is the event
	ActUnpin   ActKind = "unpin"        // Target is the event
	ActAllow   ActKind = "allow"        // Target is the message that is held, by its own id: it is shown
	ActDeny    ActKind = "deny"         // the same: it is never shown
	ActReply   ActKind = "reply"        // Target is the event or order, Text the words
	ActCorrect ActKind = "correct-host" // Text is what the host should say
	ActFreeze  ActKind = "freeze-order" // Target is the order, Text the reason
	ActRelease ActKind = "release-order"
	ActPenalty ActKind = "penalty" // Target is who it is imposed on, Text JSON of what
)

// ActKinds are all of them.
var ActKinds = []ActKind{ActMute, ActUnmute, ActDelete, ActPin, ActUnpin, ActAllow, ActDeny, ActReply, ActCorrect, ActFreeze, ActRelease, ActPenalty}

// An Act is one thing to be done at a peer. The peer does acts of one ID once,
// however often it is asked.
type Act struct {
	ID     string
	Kind   ActKind
	Room   string
	Source string // that the target came by; "" : not told
	Target string
	Text   string
}

// MuteText is how long a mute lasts as an act's Text tells it: "10m", and "" for
// good.
func MuteText(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	s := d.String()
	if rest, ok := strings.CutSuffix(s, "m0s"); ok {
		s = rest + "m"
	}
	if rest, ok := strings.CutSuffix(s, "h0m"); ok {
		s = rest + "h"
	}
	return s
}

// MuteTime reads what MuteText wrote; 0 is for good.
func MuteTime(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is no time to mute somebody for: write it like 10m, or nothing for good", text)
	}
	return d, nil
}

// An Answer is what a peer says of an act: done, with what it calls the result, or
// refused, with why. Settled tells of a refusal that there is nothing left to be done.
// Both texts are untrusted.
type Answer struct {
	ID      string
	Done    bool
	Result  string
	Refusal string
	Settled bool
}

// A Doer is a Session by whose connection its peer can be asked to do things. What
// it answers comes in Decoded.Answers.
type Doer interface {
	Ask(a Act) (Frame, error)
}

// Errors of acts. The first two did not happen because nobody could be asked;
// ErrPerhaps is what an error wraps that leaves open whether the act was done.
var (
	ErrReadOnly = errors.New("this source only reads: its protocol knows no acts")
	ErrAway     = errors.New("the source is not connected")
	ErrPerhaps  = errors.New("it may be done")
)

// A RefusedError is why a peer will not do what it was asked; asking again does
// not help. Its text is untrusted.
type RefusedError struct{ Reason string }

// Error says who refused.
func (e *RefusedError) Error() string { return "the peer refused: " + e.Reason }

// A SettledError is why there is nothing left to be done about what a peer was asked:
// it was decided there before, or the time for it is over. It is final, and nobody's
// failure. Its text is untrusted.
type SettledError struct{ Reason string }

// Error says what the peer says.
func (e *SettledError) Error() string { return e.Reason }

// No is the error of an answer that says no.
func (a Answer) No() error {
	if a.Settled {
		return &SettledError{a.Refusal}
	}
	return &RefusedError{a.Refusal}
}

const (
	// An act is asked for askTimes times, askEvery apart, before it has failed:
	// the connection may come back, and an answer may have been lost with it.
	askTimes = 3
	askEvery = 8 * time.Second
)

// asking is a source's acts that wait for an answer, and the connection they go by.
type asking struct {
	mu      sync.Mutex
	link    *link // nil: not connected
	changed chan struct{}
	waiting map[string]chan Answer
}

func newAsking() *asking {
	return &asking{changed: make(chan struct{}), waiting: map[string]chan Answer{}}
}

// by tells by which connection acts go from now on.
func (a *asking) by(l *link) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.link = l
	close(a.changed)
	a.changed = make(chan struct{})
}

// answered hands an answer to who waits for it.
func (a *asking) answered(answer Answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.waiting[answer.ID]; c != nil {
		select {
		case c <- answer:
		default: // it was answered before
		}
	}
}

// Act asks the peer to do act and returns what it calls the result. Without a
// connection or an answer it asks again, three times in all, under the same ID;
// then the error says which of the two it was, and wraps ErrPerhaps where it was
// asked at all. ErrReadOnly, a *RefusedError and a
// *SettledError are final. It may be called from
// any goroutine while Run runs.
func (s *Source) Act(ctx context.Context, act Act) (string, error) {
	answers := make(chan Answer, 1)
	s.asking.mu.Lock()
	if s.asking.waiting[act.ID] != nil {
		s.asking.mu.Unlock()
		return "", fmt.Errorf("act %s is being asked for already", act.ID)
	}
	s.asking.waiting[act.ID] = answers
	s.asking.mu.Unlock()
	defer func() {
		s.asking.mu.Lock()
		delete(s.asking.waiting, act.ID)
		s.asking.mu.Unlock()
	}()
	var last error
	asked := false
	for range askTimes {
		answer, err := s.askOnce(ctx, act, answers)
		switch {
		case err == nil && answer.Done:
			return answer.Result, nil
		case err == nil:
			return "", answer.No()
		case ctx.Err() != nil:
			return "", errors.Join(last, ctx.Err())
		case errors.Is(err, ErrReadOnly):
			return "", err
		}
		last, asked = err, asked || errors.Is(err, errUnanswered)
	}
	if asked {
		return "", fmt.Errorf("%w, asked %d times: %w", last, askTimes, ErrPerhaps)
	}
	return "", fmt.Errorf("%w, tried %d times", last, askTimes)
}

var errUnanswered = errors.New("the peer did not answer")

// askOnce asks as soon as there is a connection, and waits for the answer.
func (s *Source) askOnce(ctx context.Context, act Act, answers <-chan Answer) (Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, askEvery)
	defer cancel()
	l, err := s.asking.connection(ctx)
	if err != nil {
		return Answer{}, err
	}
	if err := l.ask(act); err != nil {
		if errors.Is(err, errGone) { // the next try finds another connection
			err = ErrAway
		}
		return Answer{}, err
	}
	select {
	case answer := <-answers:
		return answer, nil
	case <-ctx.Done():
		return Answer{}, errUnanswered
	}
}

// connection waits for one until ctx ends.
func (a *asking) connection(ctx context.Context) (*link, error) {
	for {
		a.mu.Lock()
		l, changed := a.link, a.changed
		a.mu.Unlock()
		if l != nil {
			return l, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ErrAway
		}
	}
}

// ask sends what the session makes of an act.
func (l *link) ask(act Act) error {
	doer, ok := as[Doer](l.session)
	if !ok {
		return ErrReadOnly
	}
	l.mu.Lock()
	frame, err := doer.Ask(act)
	l.mu.Unlock()
	if err != nil {
		return fmt.Errorf("ask for %s: %w", act.Kind, err)
	}
	return l.send([]Frame{frame})
}
