// Package demo holds the broadcast that the program ships: a recording in our
// own feed's format, its fact sheet, and the truth about it that tests hold the
// program to. All persons, brands, certificates and numbers in it are invented.
//
// The story is told in story.jsonl; `go generate ./demo` makes the recording
// from it.
package demo

import _ "embed" // the recording and the sheet

//go:generate go run ./build -story story.jsonl -out broadcast.jsonl

// Room is the broadcast's room, RoomName its name.
const (
	Room     = "nanzhi"
	RoomName = "南枝小院 · 冬日专场"
)

// Broadcast is the recording, as feed/record reads it.
//
//go:embed broadcast.jsonl
var Broadcast string

// Facts is the fact sheet, as claims/sheet reads it.
//
//go:embed facts.csv
var Facts string
