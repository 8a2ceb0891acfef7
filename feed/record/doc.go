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
// no valid text. Where a peer was connected to again conn counts its connections from
// 0, which is left out: what a decoder remembers ends with its connection. Sound that
// we sent is not kept but for when it began, in an empty message with "sound":true.
//
// What a shop posts is no message of a websocket. Its op is http, and its line says
// more; the answer to it is a line of its own:
//
//	{"t":7,"dir":"in","op":"http","proto":"shopify","method":"POST","path":"/hook/shop","headers":{"X-Shopify-Topic":"orders/paid"},"body":"…"}
//	{"t":9,"dir":"out","op":"http","status":200,"body":""}
//
// The body is as it came, in body or in b64; where the platform encrypts it, plain is
// what it decrypts to. The path has no query, and of the headers stand those that say
// what the body is and prove it. What is decoded, and what a [Server] sends, is the
// line. Programs that know text and binary alone refuse such a file by its first such
// line; files without one are as they were.
//
// Playing a recording twice sends the same messages in the same order. A
// [Server] sends nothing late joiners miss: a client without a position gets
// everything from the start. A [Writer] and a Server may be used by several
// goroutines at once, a [Reader] by one.
package record
