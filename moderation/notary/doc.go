// Package notary signs what the ledger came to, and keeps the signed heads.
//
// A Notary writes checkpoints into one file, each behind the last: when so many
// leaves came or so much time passed since, and when it is closed. A checkpoint
// is in the file and on disk when Note returns. The head it signs was committed
// before, so a checkpoint never speaks of what a crash took back.
//
// What it promises: who holds a copy of the file, or only its last checkpoint,
// can tell a record that was cut short, put back or rewritten from one that only
// grew. What it cannot promise: somebody who has the machine with the key in it
// can make another record and sign that. That takes a copy kept elsewhere, a
// stamp of a third party (Stamper) or a witness who remembers (Witness). Neither
// is built in: nothing here opens a network connection.
//
// All methods of a Notary may be called at once.
package notary
