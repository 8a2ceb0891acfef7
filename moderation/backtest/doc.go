// Package backtest holds one set of checks against another over what was said
// before: a record with people's decisions, or a file with labels.
//
// A Run is given utterances in any order and is used by one goroutine. What is
// judged is only what somebody judged: a finding that nobody confirmed,
// dismissed or labelled is counted as not judged, and never as right. Figures
// over few judged findings are no figures: Share says so.
package backtest
