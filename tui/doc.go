// Package tui is what people see. It is the only room that knows a terminal.
//
// A screen shows one room of several, in the panes of four workspaces that stand
// on one clock, and turns keys into commands of the desk. How the panes are
// arranged is a value (layout), which a person changes and a Memory keeps; what
// stands where is told by it alone (lay), and so is what is at a cell (hit). It
// promises:
//
//   - Delivery. Nothing is shown as done before Desk.Do returned. Updates come
//     one after another, at most one in 50 ms, fewer on a slow line; a key is
//     answered by a frame of its own, however slow the feed is made.
//   - Ordering. Feeds stand in the order of the record. What a person selected
//     is held by its id and keeps its row while things come and go; a key acts
//     on what is selected and in view, a click on what the terminal had been
//     showing where it fell, neither on what slid under it.
//   - Dropping. A room's feeds hold 5,000 entries, its tables some thousands of
//     rows, those that wait for someone longest; what fell off is read from the
//     record when a person goes there. The desk may leave events out for the
//     screen; they are counted where they are missing.
//   - Text. Everything that came from outside reaches the terminal through
//     feed.Display. No row is wider than the terminal less its last column, and
//     panes are placed by absolute column.
//   - Locking. Update and View run on the framework's one goroutine and do no
//     IO. Commands run on goroutines of their own and touch no state of the
//     screen.
//
// The framework's types stay at the root: Model, the keys of input and dialogs,
// and Run.
package tui
