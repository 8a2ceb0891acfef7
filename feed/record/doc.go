// Package record saves what a source sent to a file and plays it back over a
// real websocket.
//
// A recording is JSON lines. The first is the header:
//
//	{"liveroom_record":1,"protocol":"cloudevent","room":"r","source":"s","start":"2026-11-20T20:00:00+08:00","epoch":"e1"}
//
// and each further line one message:
//
//	{"t":2158,"at":"2026-11-20T20:00:02.158+08:00","dir":"in","op":"text","text":"…"}
//
// t is milliseconds since the start on the playback clock and never falls; at
// is the time in the story where it is not start+t; dir is in (from the peer)
// or out; op is text or binary; bytes stand in text, or in b64 where they are
// no valid text.
//
// Playing a recording twice sends the same messages in the same order. A
// [Server] sends nothing late joiners miss: a client without a position gets
// everything from the start. A [Writer] and a Server may be used by several
// goroutines at once, a [Reader] by one.
package record
