// Package script reads what is to be checked: scripts (.txt), subtitles (.srt,
// .vtt) and utterances (.jsonl).
//
// Read returns every utterance of a file in its order, or an error that names
// file and line; never a part of a file. Text is returned as it stands in the
// file but for a leading byte-order mark, line ends and the markup of .vtt.
// Nothing here keeps state between calls.
package script

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"liveroom/claims"
)

// maxLine bounds one line: a script's longest paragraph is far below it.
const maxLine = 4 << 20

// A Line is one utterance and where it stands.
type Line struct {
	claims.Utterance
	Number int    // line of the file, from 1
	Column int    // where Text begins in it, in runes from 1; 1 where it is only part of the line
	Time   string // start time as subtitles write it; "" elsewhere
}

// Format is how a file is written.
type Format int

// The formats.
const (
	Text Format = iota
	SRT
	VTT
	JSONL
)

// FormatOf tells the format from a file's name; what has no known ending is
// text.
func FormatOf(name string) Format {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".srt":
		return SRT
	case ".vtt":
		return VTT
	case ".jsonl":
		return JSONL
	default:
		return Text
	}
}

// Follows tells whether a line may be read in the light of the one before it.
// The lines of a script follow each other in one broadcast. Lines of JSON may
// have been gathered from anywhere: those next to each other do that name the
// same product.
func (f Format) Follows(prev, next claims.Utterance) bool {
	return f != JSONL || next.SKU != "" && prev.SKU == next.SKU
}

// Read reads all utterances of r. name is used in errors and, when the format
// is not told otherwise, in ids.
func Read(name string, format Format, r io.Reader) ([]Line, error) {
	s := &scanner{name: name, scan: bufio.NewScanner(r)}
	s.scan.Buffer(make([]byte, 0, 64<<10), maxLine)
	var lines []Line
	var err error
	switch format {
	case JSONL:
		lines, err = readJSONL(s)
	case SRT, VTT:
		lines, err = readSubtitles(s, format)
	default:
		lines, err = readText(s)
	}
	if err == nil {
		err = s.scanError()
	}
	if err != nil {
		return nil, err
	}
	return lines, nil
}

// scanner reads lines and knows where it is.
type scanner struct {
	name   string
	number int
	scan   *bufio.Scanner
	line   string
	broken error
}

func (s *scanner) next() bool {
	if s.broken != nil || !s.scan.Scan() {
		return false
	}
	s.number++
	s.line = strings.TrimSuffix(s.scan.Text(), "\r")
	if s.number == 1 {
		s.line = strings.TrimPrefix(s.line, "\ufeff")
	}
	if !utf8.ValidString(s.line) {
		s.broken = s.errorf("not UTF-8: save the file as UTF-8")
		return false
	}
	return true
}

func (s *scanner) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", s.name, s.number, fmt.Sprintf(format, args...))
}

func (s *scanner) scanError() error {
	if s.broken != nil {
		return s.broken
	}
	err := s.scan.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		s.number++
		return s.errorf("line is longer than %d MiB: is this a text file?", maxLine>>20)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", s.name, err)
	}
	return nil
}

func readText(s *scanner) ([]Line, error) {
	var lines []Line
	for s.next() {
		if text := strings.TrimSpace(s.line); text != "" {
			l := s.spoken(text, "")
			l.Column += utf8.RuneCountInString(s.line[:strings.Index(s.line, text)])
			lines = append(lines, l)
		}
	}
	return lines, nil
}

func (s *scanner) spoken(text, at string) Line {
	return Line{
		Utterance: claims.Utterance{ID: strconv.Itoa(s.number), Speaker: claims.SpeakerHost, Text: text},
		Number:    s.number, Time: at,
	}
}

var (
	cueTime   = regexp.MustCompile(`^((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}) +--> +(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}(?: .*)?$`)
	vttMarkup = regexp.MustCompile(`</?[a-zA-Z0-9][^<>]*>`)
)

// readSubtitles takes each cue as one utterance; the lines of a cue are joined
// by a space.
func readSubtitles(s *scanner, format Format) ([]Line, error) {
	var lines []Line
	inCue, skipping := false, false
	for s.next() {
		text := strings.TrimSpace(s.line)
		switch {
		case text == "":
			inCue, skipping = false, false
		case skipping:
		case inCue:
			cue := &lines[len(lines)-1]
			if format == VTT {
				text = vttMarkup.ReplaceAllString(text, "")
			}
			cue.Text = strings.TrimSpace(cue.Text + " " + text)
		case strings.Contains(text, "-->"):
			m := cueTime.FindStringSubmatch(text)
			if m == nil {
				return nil, s.errorf("%q is no cue time: expected 00:00:01,000 --> 00:00:02,500", text)
			}
			lines = append(lines, s.spoken("", m[1]))
			inCue = true
		case format == VTT && (strings.HasPrefix(text, "WEBVTT") || strings.HasPrefix(text, "NOTE") ||
			strings.HasPrefix(text, "STYLE") || strings.HasPrefix(text, "REGION")):
			skipping = true
		}
	}
	kept := lines[:0]
	for _, l := range lines {
		if l.Text != "" {
			kept = append(kept, l)
		}
	}
	if s.broken == nil && s.scan.Err() == nil && len(lines) == 0 && s.number > 0 {
		return nil, fmt.Errorf("%s: no cue found: subtitles have lines like 00:00:01,000 --> 00:00:02,500", s.name)
	}
	return kept, nil
}

// jsonUtterance is a line as the labelled sets write it.
type jsonUtterance struct {
	ID         string  `json:"id"`
	SKU        string  `json:"sku"`
	Speaker    string  `json:"speaker"`
	Text       string  `json:"text"`
	Confidence float64 `json:"confidence"`
}

func readJSONL(s *scanner) ([]Line, error) {
	var lines []Line
	for s.next() {
		if strings.TrimSpace(s.line) == "" {
			continue
		}
		var u jsonUtterance
		if err := json.Unmarshal([]byte(s.line), &u); err != nil {
			return nil, s.errorf("not an utterance: %v (expected {\"id\",\"sku\",\"speaker\",\"text\"})", err)
		}
		l := s.spoken(u.Text, "")
		l.SKU = u.SKU
		l.Confidence = int(u.Confidence * 1000)
		if u.ID != "" {
			l.ID = u.ID
		}
		switch sp := claims.Speaker(u.Speaker); sp {
		case "":
		case claims.SpeakerHost, claims.SpeakerAssistant, claims.SpeakerViewer:
			l.Speaker = sp
		default:
			return nil, s.errorf("speaker %q is not known: use host, assistant or viewer", u.Speaker)
		}
		lines = append(lines, l)
	}
	return lines, nil
}
