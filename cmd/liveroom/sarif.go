package main

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/claims"
	"liveroom/claims/script"
	"liveroom/feed"
	"liveroom/tui/text"
)

// SARIF 2.1.0 (OASIS), as far as a checker needs it: editors and code hosts
// show it beside the lines of a script.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID   string    `json:"id"`
		Help sarifText `json:"help"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID     string          `json:"ruleId"`
		Level      string          `json:"level"`
		Message    sarifText       `json:"message"`
		Locations  []sarifLocation `json:"locations"`
		Properties jsonFinding     `json:"properties"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndColumn   int `json:"endColumn"`
	}
)

// sarifPrinter gathers findings; its close writes the one document.
type sarifPrinter struct {
	out   io.Writer
	lang  text.Lang
	run   sarifRun
	rules map[string]bool
}

func newSARIF(out io.Writer, lang text.Lang) *sarifPrinter {
	p := &sarifPrinter{out: out, lang: lang, rules: map[string]bool{}}
	p.run.Tool.Driver = sarifDriver{Name: "liveroom", Rules: []sarifRule{}}
	p.run.ColumnKind = "unicodeCodePoints"
	p.run.Results = []sarifResult{}
	return p
}

func (p *sarifPrinter) print(file string, l script.Line, f claims.Finding) error {
	if !p.rules[f.Rule] {
		p.rules[f.Rule] = true
		p.run.Tool.Driver.Rules = append(p.run.Tool.Driver.Rules, sarifRule{ID: f.Rule, Help: sarifText{f.Law}})
	}
	level := map[claims.Severity]string{claims.SeverityHigh: "error", claims.SeverityMedium: "warning", claims.SeverityLow: "note"}[f.Severity]
	p.run.Results = append(p.run.Results, sarifResult{
		RuleID: f.Rule, Level: level, Message: sarifText{reasonIn(p.lang, f)},
		Locations: []sarifLocation{{sarifPhysical{
			Artifact: sarifArtifact{file},
			Region:   sarifRegion{StartLine: l.Number, StartColumn: l.Column + f.Start, EndColumn: l.Column + f.End},
		}}},
		Properties: findingJSON(l.ID, f),
	})
	return nil
}

func (p *sarifPrinter) close() error {
	b, err := json.Marshal(sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{p.run},
	}, jsontext.WithIndent("  "))
	if err != nil {
		return fmt.Errorf("encode findings: %w", err)
	}
	_, err = p.out.Write(append(feed.PlainJSON(b), '\n'))
	return err
}
