//go:build !race

package hostile

// Harmless is how much memory one connection to a hostile peer may ask for in all,
// which is more than it holds at once.
const Harmless = 8 << 20
