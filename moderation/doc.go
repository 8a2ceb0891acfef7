// Package moderation is what people decide: rooms, flags, complaints, cases,
// orders and the desk.
package moderation
