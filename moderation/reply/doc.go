// Package reply holds the words that all staff answer buyers with: templates by
// type of complaint, in Chinese and English, and what is filled into them.
//
// It is pure: no IO, no clock, no goroutine. A Set never changes after Load. What
// a template asks for and nobody knows stays in the text as it was written and is
// told, so that no half-filled answer goes out unseen.
package reply
