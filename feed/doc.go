// Package feed turns what arrives over websockets into ordered, clean events.
package feed
