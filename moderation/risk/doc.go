// Package risk tells which orders and which words in the chat look like bad
// faith: many orders or refunds of one buyer, one address or device
// behind several accounts, orders in bursts, accounts offered for sale, calls to raid a shop.
//
// It explains and never decides. A signal carries its number, the number from
// which on it counts, and the orders or events behind it; what is done about
// it is a person's business. Thresholds and cues are data, shipped with source
// and check date; users lay files of their own over them, by id.
//
// The package is pure: no IO, no clock, no goroutine. Rules never change once
// loaded and may be used by any number of goroutines. Weighing an order costs
// time by how many orders its buyer, its address and its device have, at
// most MaxOrders each, and none by how many there are in all.
package risk
