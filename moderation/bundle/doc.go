// Package bundle takes a case's evidence out of the record into one file, and
// checks such a file without the record.
//
// A bundle is a zip of plain files: the frames the case is about as they
// arrived, the rows that follow from them, texts for people, the leaves of all
// of these with proofs that they stand in the ledger, a signed checkpoint of the
// ledger, a signed list of all files, and a verifier in Python that shares no
// code with this one. README.txt in it is its manual.
//
// What it promises: a bundle that was changed in any byte is found by Verify,
// and by verify.py once unpacked. Both need the public key from elsewhere to
// tell that it was this record's keeper who signed; by the key in the bundle
// alone they tell only that all parts fit together.
//
// Personal data is hidden: texts for people by the veil; a frame or a row with
// anything in it to hide is left out, while its leaf stays, so that who gets it
// later can prove it. With moderation.FieldRaw revealed nothing is left out.
//
// The same record, moment and key make the same bytes.
package bundle
