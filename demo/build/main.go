// Command build makes the demo's recording from its story: each line of the
// story becomes one event of our own feed, numbered so that a console can
// resume. The same story gives the same bytes.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"liveroom/demo"
	"liveroom/feed"
	"liveroom/feed/cloudevent"
	"liveroom/feed/record"
)

// start is when the broadcast of the story began.
var start = time.Date(2026, 11, 20, 20, 0, 0, 0, time.FixedZone("CST", 8*60*60))

func main() {
	log.SetFlags(0)
	from := flag.String("story", "story.jsonl", "the story")
	to := flag.String("out", "broadcast.jsonl", "the recording to write")
	flag.Parse()
	told, err := os.ReadFile(*from)
	if err != nil {
		log.Fatal(err)
	}
	recording, err := build(told)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*to, recording, 0o644); err != nil {
		log.Fatal(err)
	}
}

func build(told []byte) ([]byte, error) {
	story, err := readStory(bytes.NewReader(told))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(told)
	epoch := hex.EncodeToString(sum[:6])
	var out bytes.Buffer
	w, err := record.NewWriter(&out, record.Header{
		Protocol: "cloudevent", Room: demo.Room, Source: "/" + demo.Room, Start: start, Epoch: epoch,
	})
	if err != nil {
		return nil, err
	}
	t := teller{start: start}
	var offset int64
	for _, l := range story {
		e, told, err := t.event(l)
		if err != nil {
			return nil, err
		}
		if !told {
			continue
		}
		offset++
		e.Epoch, e.Offset = epoch, offset
		b, err := cloudevent.Encode(e)
		if err != nil {
			return nil, err
		}
		frame := record.Frame{Frame: feed.Frame{Data: b}, T: time.Duration(l.T) * time.Millisecond, At: e.At}
		if err := w.Write(frame); err != nil {
			return nil, fmt.Errorf("event %s: %w", l.ID, err)
		}
	}
	return out.Bytes(), nil
}
