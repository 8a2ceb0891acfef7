//go:build race

package hostile

// Harmless is twice what it is elsewhere: the race detector asks for memory too.
const Harmless = 16 << 20
