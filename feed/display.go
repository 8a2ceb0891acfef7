package feed

// Display is text fit for a terminal: the only text a view accepts.
type Display struct {
	s      string
	width  int
	hidden int
}
