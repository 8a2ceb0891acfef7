package kuaishou

import (
	"fmt"
	"strconv"
	"time"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// The feeds of one push.
const (
	pushComments = 5
	pushGifts    = 9
	pushNotices  = 11
)

// passedOver are the fields of a push that are counters, cursors, intervals, or
// combos and likes and shares, of which only the number matters.
var passedOver = map[uint64]bool{1: true, 2: true, 3: true, 4: true, 6: true, 7: true, 8: true, 10: true, 12: true}

// push reads the feeds of one push in the order of its fields.
func (s *session) push(d *feed.Decoded, b []byte) error {
	return wire.Fields(b, func(f wire.Field) error {
		var e feed.Event
		var err error
		told := true
		switch {
		case passedOver[f.Num]:
			return nil
		case f.Num != pushComments && f.Num != pushGifts && f.Num != pushNotices:
			name := fmt.Sprintf("feed %d", f.Num)
			return leaveOut(d, feed.Unknown(name, fmt.Errorf("%s is not known", name)))
		case len(f.Data) == 0: // there is nothing that could be kept of it
			return leaveOut(d, fmt.Errorf("feed of field %d is empty", f.Num))
		case f.Num == pushComments:
			e, err = comment(f.Data)
		case f.Num == pushGifts:
			e, told, err = s.gift(f.Data)
		default:
			e, err = notice(f.Data)
		}
		if err != nil {
			return fmt.Errorf("feed of field %d: %w", f.Num, err)
		}
		if !told {
			return nil
		}
		if len(d.Events) == maxFeeds {
			return errFeeds
		}
		e.Raw = f.Data
		d.Events = append(d.Events, e)
		return nil
	})
}

// leaveOut refuses one feed and lets the others stand. A refusal takes a hundred
// times as much as an empty feed, so they are bounded too.
func leaveOut(d *feed.Decoded, err error) error {
	if len(d.Refused) == maxFeeds {
		return errFeeds
	}
	d.Refused = append(d.Refused, fmt.Errorf("kuaishou: %w", err))
	return nil
}

// user reads a user{1 principalId, 2 userName}.
func user(b []byte) (feed.User, error) {
	var id, name string
	err := wire.Fields(b, func(f wire.Field) error {
		switch f.Num {
		case 1:
			id = f.Text()
		case 2:
			name = f.Text()
		}
		return nil
	})
	return wire.Viewer(id, wire.Scalar(name)), err
}

func millis(f wire.Field) time.Time {
	return wire.Millis(wire.Scalar(strconv.FormatInt(f.Number(), 10)))
}

// comment reads a comment{1 id, 2 user, 3 content, 8 senderState, 9 time}.
func comment(b []byte) (feed.Event, error) {
	e := feed.Event{Kind: feed.KindChat}
	assistant := false
	err := wire.Fields(b, func(f wire.Field) (err error) {
		switch f.Num {
		case 1:
			e.ID = f.Text()
		case 2:
			e.User, err = user(f.Data)
		case 3:
			e.Text = f.Text()
		case 8:
			assistant, err = isAssistant(f.Data)
		case 9:
			e.At = millis(f)
		}
		return err
	})
	if assistant {
		e.User.Role = feed.RoleModerator
	}
	return e, err
}

// isAssistant reads a senderState{3 assistantType}: 1 super, 2 junior.
func isAssistant(b []byte) (yes bool, err error) {
	err = wire.Fields(b, func(f wire.Field) error {
		if f.Num == 3 {
			yes = f.Number() == 1 || f.Number() == 2
		}
		return nil
	})
	return yes, err
}

// gift reads a gift{1 id, 2 user, 3 time, 4 giftId, 6 mergeKey, 7 batchSize,
// 8 comboCount}. Its name is not told. It is not told at all where it adds
// nothing to its streak.
func (s *session) gift(b []byte) (e feed.Event, told bool, err error) {
	e.Kind = feed.KindGift
	var giftID, batch, combo int64
	var streak string
	err = wire.Fields(b, func(f wire.Field) (err error) {
		switch f.Num {
		case 1:
			e.ID = f.Text()
		case 2:
			e.User, err = user(f.Data)
		case 3:
			e.At = millis(f)
		case 4:
			giftID = f.Number()
		case 6:
			streak = f.Text()
		case 7:
			batch = f.Number()
		case 8:
			combo = f.Number()
		}
		return err
	})
	if err != nil {
		return e, false, err
	}
	batch, combo = min(max(batch, 1), maxCount), min(max(combo, 1), maxCount)
	e.Count = s.p.added(streak, combo) * batch
	e.Text = fmt.Sprintf("gift %d x%d", giftID, e.Count)
	return e, e.Count > 0, nil
}

// notice reads a notice{1 id, 2 user, 3 time, 4 content}.
func notice(b []byte) (feed.Event, error) {
	e := feed.Event{Kind: feed.KindSystem, Code: "notice"}
	err := wire.Fields(b, func(f wire.Field) (err error) {
		switch f.Num {
		case 1:
			e.ID = f.Text()
		case 2:
			e.User, err = user(f.Data)
		case 3:
			e.At = millis(f)
		case 4:
			e.Text = f.Text()
		}
		return err
	})
	return e, err
}

const (
	// maxCount bounds a product of two numbers that the frame chose.
	maxCount = 1 << 30
	// maxStreaks is how many streaks are followed at a time; one lasts seconds.
	maxStreaks = 1024
)

// streaks remember how far each streak of gifts had come.
type streaks struct {
	reached map[string]int64
	ring    []string
	next    int
}

// added is what combo adds to a streak. One that counts less than before was
// begun again.
func (s *streaks) added(streak string, combo int64) int64 {
	before, known := s.reached[streak]
	if s.reached == nil {
		s.reached = make(map[string]int64)
	}
	s.reached[streak] = combo
	switch {
	case known && streak != "" && combo >= before:
		return combo - before
	case known:
		return combo
	}
	if len(s.ring) < maxStreaks {
		s.ring = append(s.ring, streak)
		return combo
	}
	delete(s.reached, s.ring[s.next])
	s.ring[s.next] = streak
	s.next = (s.next + 1) % maxStreaks
	return combo
}
