// Package tui is what people see. It is the only room that knows a terminal.
package tui
