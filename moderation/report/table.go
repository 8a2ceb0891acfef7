package report

import (
	"strings"
	"time"

	"liveroom/moderation/agreement"
	"liveroom/moderation/backtest"
	"liveroom/moderation/policy"
)

// A Cell is one value of a table. What it is says its type; each format writes
// it in its own way.
type Cell interface{ cell() }

// The kinds of cell.
type (
	// Text is somebody's words, to be made fit for the format.
	Text string
	// Word is a key of the catalogue.
	Word string
	// Both is a text in both languages.
	Both policy.Text
	// Count is a number of things.
	Count int64
	// Fen is money.
	Fen int64
	// Moment is a time; the zero time is empty.
	Moment time.Time
	// Span is how long something took.
	Span time.Duration
	// Rate is a share with its interval, or that it is of too few.
	Rate backtest.Share
	// Kappa is how far two people agree beyond chance, or why nobody can tell.
	Kappa agreement.Figure
	// None is that there is no data.
	None struct{}
)

func (Text) cell()   {}
func (Word) cell()   {}
func (Both) cell()   {}
func (Count) cell()  {}
func (Fen) cell()    {}
func (Moment) cell() {}
func (Span) cell()   {}
func (Rate) cell()   {}
func (Kappa) cell()  {}
func (None) cell()   {}

// A Column is a column of a table. Its ID is the member's name in JSON and the
// key of its heading; money's ends in _fen, a span's in _seconds.
type Column struct {
	ID   string
	Kind Kind
}

// Kind is what the cells of a column are, where they are not None.
type Kind int

// The kinds of column.
const (
	Texts Kind = iota
	Words
	Counts
	Money
	Moments
	Spans
	Shares
	Agreements
)

// numeric tells whether a column is set to the right.
func (k Kind) numeric() bool { return k == Counts || k == Money || k == Spans }

// A Table is one section of the report, row by row. All formats write the same
// tables.
type Table struct {
	Name    string // key of its title and of what is said when it is empty
	Columns []Column
	Rows    [][]Cell
	// Shown is how many rows a page for people has, the weightiest; 0: all. Files
	// for machines have all.
	Shown int
}

func (t *Table) add(cells ...Cell) { t.Rows = append(t.Rows, cells) }

// orNone is a cell, or None where there was nothing to make it of.
func orNone(known bool, c Cell) Cell {
	if !known {
		return None{}
	}
	return c
}

func words(s string) Cell { return orNone(s != "", Text(s)) }

// wordKey is what a word is called in the program: the last part of its key.
func wordKey(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// word is a word of the catalogue's section, or None.
func word[T ~string](section string, key T) Cell {
	return orNone(key != "", Word(section+"."+string(key)))
}

func moment(t time.Time) Cell { return orNone(!t.IsZero(), Moment(t)) }

func both(t policy.Text) Cell { return orNone(t.ZH != "" || t.EN != "", Both(t)) }
