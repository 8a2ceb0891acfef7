// Package feed turns what arrives over websockets into ordered, clean events.
//
// A [Source] keeps one connection to one peer, which a [Protocol] knows how to
// talk to, and hands what arrives to a [Sink] in batches.
//
// Delivery: every event that was read is offered to the sink until the sink
// takes it; what the sink did not take is not acknowledged to the peer. A peer
// that can resume is asked to go on after the last event received, and after
// the last event committed when the program was restarted. Where events may
// have been missed, a gap event says between which times.
//
// Ordering: a source's events are committed in the order in which they arrived.
// Nothing is promised between two sources.
//
// Dropping: nothing is dropped but what cannot be read (counted as refused) and
// what was received before (counted as duplicate). When the sink does not keep
// up the source stops reading; its memory is bounded.
//
// Locking: a Sink is called from one goroutine per source. Calls of a Session's
// methods never overlap. Status callbacks of one source never overlap and must
// return soon. Everything else stands in its own comment.
package feed
