package rules

import (
	"fmt"
	"slices"
	"strings"

	"liveroom/claims/tomldoc"
)

const onTrial = `state = "shadow"`

// OnTrial tells what in a file's text is more than a rule or an exemption in
// shadow: what is added without anybody reading the file may change nothing.
func OnTrial(f File) error {
	var errs tomldoc.Errors
	doc, err := tomldoc.Open(f.Name, f.Text)
	if err != nil {
		return fmt.Errorf("read a rule on trial: %w", err)
	}
	root, n := doc.Root(), 0
	for _, key := range root.Keys() {
		if key != "rule" && key != "exempt" {
			errs = append(errs, tomldoc.Error{File: f.Name, Line: root.LineOf(key), Text: key + ": only rules and exemptions are put on trial"})
		}
	}
	for _, t := range slices.Concat(root.Tables("rule"), root.Tables("exempt")) {
		n++
		if t.Text("state") != string(StateShadow) {
			errs = append(errs, tomldoc.Error{File: f.Name, Line: t.Line, Text: "it is not in shadow: " + onTrial + " is expected"})
		}
	}
	if n == 0 {
		errs = append(errs, tomldoc.Error{File: f.Name, Line: 1, Text: "there is no rule and no exemption in it"})
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// Counting is a draft's text as if it were on, and no other were.
func Counting(d Draft) string { return strings.Replace(d.TOML(), onTrial, `state = "on"`, 1) }
