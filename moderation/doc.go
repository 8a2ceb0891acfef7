// Package moderation is what people decide: rooms, flags, complaints, cases,
// orders and the desk where they work.
//
// A Desk stands between what arrives and who decides. Commit takes batches of
// events in, and what follows from them: flags from what the host said,
// complaints and the problems they make, orders, the room's state. Do performs
// a person's command by the role table and the table of case moves. Each is one
// transaction of the Store, and each row that changes leaves a leaf in the
// ledger in that same transaction, so that Verify can hold every row against
// it.
//
// A case is held by lease, so that nobody's leaving keeps it from others, and
// every promise about it is a clock that ends by being met or missed.
//
// Delivery: Commit returns nil only when the batch is on disk; the same events
// offered again change nothing. What a room remembers between two batches is
// read back from the record after a failure or a restart, so that a crash
// changes no flag and no problem. Outward effects wait in an outbox as long as
// their action can be undone; each is marked begun before it is carried out,
// and carried again if the program died in between: effectors are idempotent
// by key.
//
// Order: the record's own index is the order of events, whatever clocks say.
// Batches of one room are taken one after the other, rooms side by side.
//
// Dropping: the record drops nothing. Subscribers may: each thing reaches them
// in its newest state, and of a room's events the last two thousand, the rest
// counted.
//
// Locking: all of a Desk may be called at once. A row changed by two people is
// decided by its version, and the second is refused with the name of the first.
package moderation
