package conformance

import (
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/asr/asrtest"
	"liveroom/feed/audio"
)

// silence is a command that prints sound in which nobody speaks, as fast as life.
var silence = []string{"sh", "-c", "while :; do head -c 9600 /dev/zero; sleep 0.3; done"}

// Audio is a recogniser that the program sends a broadcast's sound to.
func Audio(format string) Subject {
	return Subject{
		Name: format + " that is sent sound", Pace: comersPace,
		Open: func(_ testing.TB, _ Stage) Room { return &audioRoom{asrtest.NewServer(format), format} },
		Cannot: map[Ability]string{
			Resumes:  "a recogniser hears only what is sent to it",
			IDs:      "an utterance has no number that outlasts the connection",
			Times:    "offsets count from the first sound; package audio tests what they come to",
			Roles:    "a recogniser does not know who speaks",
			Retracts: "what was said aloud is not taken back",
			Clears:   "what was said aloud is not taken back",
			Logins:   "a recogniser of one's own asks for nothing",
			Beats:    "sound and the websocket's own pings keep the connection",
			HandsOff: "a recogniser knows no other",
			Acks:     "a recogniser is told nothing",
		},
		Expect: func(m Message, e *feed.Event) { said(m, e, false) },
		Key:    func(e feed.Event) string { return spoken(e, false) },
	}
}

type audioRoom struct {
	*asrtest.Server
	format string
}

// Source sends it sound.
func (r *audioRoom) Source(*feed.Config) (feed.Protocol, error) {
	return audio.New(audio.Options{Format: r.format, URL: r.URL(), Command: silence, Name: "orchid"})
}

// WaitJoined counts connections over which sound came.
func (r *audioRoom) WaitJoined(n int, patience time.Duration) error { return r.WaitHeard(n, patience) }

// Say speaks.
func (r *audioRoom) Say(messages ...Message) error {
	for _, m := range messages {
		r.Each(func(v *asrtest.Voice) []feed.Frame { return v.Hear(m.ID, m.Text) })
	}
	return nil
}

// Kick ends the connection in the recogniser's words.
func (r *audioRoom) Kick() error { r.Server.Kick(); return nil }

// Odd says what nobody knows.
func (r *audioRoom) Odd() error {
	r.Each(func(v *asrtest.Voice) []feed.Frame { return []feed.Frame{v.Odd()} })
	return nil
}

// Break says what cannot be read.
func (r *audioRoom) Break() error {
	r.Each(func(v *asrtest.Voice) []feed.Frame { return []feed.Frame{v.Broken()} })
	return nil
}

// recognisers are those that the program sends sound to.
func recognisers() []Subject {
	var all []Subject
	for _, format := range audio.Formats {
		all = append(all, Audio(format))
	}
	return all
}
