package conformance

import (
	"fmt"
	"sync"
	"testing"

	"liveroom/feed"
	"liveroom/feed/asr"
	"liveroom/feed/asr/asrtest"
	"liveroom/feed/barrage"
	"liveroom/feed/door/doortest"
)

// voiceID is what the recognisers of the suite call the audio.
const voiceID = "orchid-2000"

// DoorSpeech is a recogniser's results, copied to the door by whoever sends it the
// audio.
func DoorSpeech(format string) Subject {
	cannot := comes(map[Ability]string{
		Times:    "offsets count from the audio's beginning, which nobody tells at the door",
		Roles:    "a recogniser does not know who speaks",
		Retracts: "what was said aloud is not taken back",
		Clears:   "what was said aloud is not taken back",
	})
	if format == "tencent" {
		cannot[Odds] = "an answer is a result, the end or an error: there are no commands"
	}
	numbered := format == "nls" || format == "tencent"
	if !numbered {
		cannot[IDs] = "an utterance has no number that outlasts the connection"
	}
	return Subject{
		Name: format + " at the door", Way: DialsIn, Pace: comersPace,
		Open:   func(_ testing.TB, s Stage) Room { return newDoorSpeech(s, format) },
		Cannot: cannot, Secrets: []string{doorToken},
		Expect: func(m Message, e *feed.Event) { said(m, e, numbered) },
		Key:    func(e feed.Event) string { return spoken(e, numbered) },
	}
}

// said is the final result of what m was.
func said(m Message, e *feed.Event, numbered bool) {
	*e = feed.Event{Kind: feed.KindTranscript, Text: m.Text}
	if numbered {
		e.ID = voiceID + "/" + m.ID
	}
}

// spoken names a final result. Partial ones are not part of the story: there are as
// many of them as a recogniser likes.
func spoken(e feed.Event, numbered bool) string {
	switch {
	case e.Speech != nil && e.Speech.Partial, e.Kind != feed.KindTranscript && e.Kind != feed.KindGap:
		return ""
	case numbered:
		return e.ID
	}
	return e.Text
}

func newDoorSpeech(s Stage, format string) Room {
	// A recogniser begins anew on each connection.
	var mu sync.Mutex
	connections := 0
	voice := asrtest.NewVoice(format, voiceID)
	with := func(say func(v *asrtest.Voice) []feed.Frame) []feed.Frame {
		mu.Lock()
		defer mu.Unlock()
		return say(voice)
	}
	room := newDoor(s, way{
		protocol: func() (feed.Protocol, error) { return asr.New(asr.Options{Format: format}) },
		greet: func() []feed.Frame {
			return with(func(*asrtest.Voice) []feed.Frame {
				connections++
				id := voiceID
				if format == "dashscope" { // each task has its own, and what it hears no number
					id = fmt.Sprint(voiceID, "-", connections)
				}
				voice = asrtest.NewVoice(format, id)
				return voice.Ready()
			})
		},
		say: func(m Message) []feed.Frame {
			return with(func(v *asrtest.Voice) []feed.Frame { return v.Hear(m.ID, m.Text) })
		},
		last: func() []feed.Frame { return with((*asrtest.Voice).Leave) },
	})
	if format == "tencent" {
		return &breakingRoom{room, voice.Broken}
	}
	return &sayingRoom{room, voice.Odd, voice.Broken}
}

// A breakingRoom has no commands that could be odd.
type breakingRoom struct {
	*doorRoom
	broken func() feed.Frame
}

// Break says what cannot be read.
func (r *breakingRoom) Break() error { r.tool.Say(r.broken()); return nil }

// Dycast is the page that shows a Douyin room and hands on what it shows.
func Dycast() Subject {
	const page = "http://localhost:5173"
	return Subject{
		Name: "dycast", Way: DialsIn, Pace: comersPace,
		Open: func(_ testing.TB, s Stage) Room {
			return &sayingRoom{newDoor(s, way{
				protocol: func() (feed.Protocol, error) { return barrage.New(""), nil },
				options:  doortest.Options{Path: "/in/tool?token=" + doorTokenInQuery, Header: map[string][]string{"Origin": {page}}},
				origins:  []string{page},
				greet: func() []feed.Frame {
					return []feed.Frame{{Data: []byte(`{"roomNum":"741","roomId":"7301","uniqueId":"u","avatar":"","cover":"","nickname":"南枝","title":"今晚八点","status":2}`)}}
				},
				say: func(m Message) []feed.Frame { return []feed.Frame{{Data: dycastChat(m)}} },
			}), fixed(`[{"id":"1","method":"WebcastWishMessage"}]`), fixed(`[{"id":"1","method":"Webc`)}
		},
		Cannot: comes(map[Ability]string{
			Times:    "the page hands no times on",
			Roles:    "the page hands no roles on",
			Retracts: "the page hands on nothing of what is taken back",
			Clears:   "the page hands on nothing of what is taken back",
		}),
		Secrets: []string{doorToken},
	}
}

const doorTokenInQuery = "a%20token%20of%20the%20tests'%20door"

// dycastChat is one message in an array, as the page hands it on.
func dycastChat(m Message) []byte {
	return []byte(`[{"id":"` + m.ID + `","method":"WebcastChatMessage","user":{"id":"` + m.Author + `","name":` + quote(m.Name) +
		`,"avatar":"","gender":0},"content":` + quote(m.Text) + `,"rtfContent":[{"type":1,"text":` + quote(m.Text) + `}]}]`)
}
