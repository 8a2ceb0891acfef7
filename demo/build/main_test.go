package main

import (
	"os"
	"testing"

	"liveroom/demo"
)

// TestTheRecordingIsThatOfTheStory: what ships is what the story tells.
func TestTheRecordingIsThatOfTheStory(t *testing.T) {
	story, err := os.ReadFile("../story.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	want, err := build(story)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != demo.Broadcast {
		t.Error("demo/broadcast.jsonl is not what demo/story.jsonl tells: run go generate ./demo")
	}
}
