// Package condition reads the conditions that people write into rule and policy
// files, expressions in CEL that are true or false.
//
// A condition is compiled once, against the names that its language knows; an
// unknown name is an error that says which one was meant. Evaluating is bounded
// in cost, does no IO, knows no clock, and gives the same answer for the same
// values. A Language and a Condition never change and may be used by any number
// of goroutines.
package condition

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"liveroom/claims/tomldoc"
)

const (
	// costLimit bounds one evaluation, in the units of the language's cost
	// model: a comparison is 1, looking through a sentence some tens.
	costLimit = 10_000
	// maxCondition is how long a condition may be, in bytes.
	maxCondition = 4_000
)

// A Language is what conditions of one kind of file can speak of.
type Language struct {
	env   *cel.Env
	names []string
}

// NewLanguage makes the language of the variables.
func NewLanguage(variables map[string]*cel.Type) (*Language, error) {
	options := []cel.EnvOption{cel.ParserExpressionSizeLimit(maxCondition), cel.ParserRecursionLimit(32)}
	for name, kind := range variables {
		options = append(options, cel.Variable(name, kind))
	}
	env, err := cel.NewEnv(options...)
	if err != nil {
		return nil, fmt.Errorf("prepare conditions: %w", err)
	}
	return &Language{env, slices.Sorted(maps.Keys(variables))}, nil
}

// Names lists the variables, sorted.
func (l *Language) Names() []string { return l.names }

// A Condition is one that has been compiled.
type Condition struct {
	program cel.Program
	names   []string
}

// Names lists the variables that the condition speaks of, sorted.
func (c *Condition) Names() []string { return c.names }

// Compile reads a condition all of whose values will be known. Errors name the
// place in it, line:column.
func (l *Language) Compile(text string) (*Condition, error) {
	return l.compile(text, cel.EvalOptions(cel.OptOptimize))
}

// CompileOpen reads a condition some of whose values may be unknown.
func (l *Language) CompileOpen(text string) (*Condition, error) {
	return l.compile(text, cel.EvalOptions(cel.OptOptimize, cel.OptPartialEval))
}

func (l *Language) compile(text string, how cel.ProgramOption) (*Condition, error) {
	if len(text) > maxCondition {
		return nil, fmt.Errorf("a condition of at most %d bytes is expected, this has %d: make two of it", maxCondition, len(text))
	}
	ast, issues := l.env.Compile(text)
	if issues.Err() != nil {
		return nil, l.explain(issues)
	}
	if !ast.OutputType().IsExactType(cel.BoolType) {
		return nil, fmt.Errorf("a condition that is true or false is expected, this gives %s", ast.OutputType())
	}
	program, err := l.env.Program(ast, cel.CostLimit(costLimit), how)
	if err != nil {
		return nil, fmt.Errorf("the condition cannot be used: %w", err)
	}
	used := map[string]bool{}
	for _, ref := range ast.NativeRep().ReferenceMap() {
		if _, known := slices.BinarySearch(l.names, ref.Name); known {
			used[ref.Name] = true
		}
	}
	return &Condition{program, slices.Sorted(maps.Keys(used))}, nil
}

var undeclared = regexp.MustCompile(`undeclared reference to '([^']+)'`)

func (l *Language) explain(issues *cel.Issues) error {
	first := issues.Errors()[0]
	message := strings.TrimSuffix(first.Message, " (in container '')")
	if m := undeclared.FindStringSubmatch(message); m != nil {
		message = fmt.Sprintf("%q is not known", m[1])
		if near := tomldoc.Nearest(m[1], l.names); near != "" {
			message += fmt.Sprintf("; did you mean %q?", near)
		} else {
			message += "; known: " + strings.Join(l.names, ", ")
		}
	}
	return fmt.Errorf("at %d:%d of the condition: %s", first.Location.Line(), first.Location.Column()+1, message)
}

// Holds evaluates a condition all of whose values are known.
func (c *Condition) Holds(values cel.Activation) (bool, error) {
	v, _, err := c.program.Eval(values)
	if err != nil {
		return false, err
	}
	b, ok := v.Value().(bool)
	if !ok {
		return false, fmt.Errorf("it gave %v", v.Type())
	}
	return b, nil
}

// Decide evaluates a condition of CompileOpen. A variable that values does not
// hold is unknown. Where the answer hangs on unknown ones they come back as
// missing, sorted, and holds says nothing.
func (c *Condition) Decide(values map[string]any) (holds bool, missing []string, err error) {
	var unknown []*cel.AttributePatternType
	for _, name := range c.names {
		if _, ok := values[name]; !ok {
			unknown = append(unknown, cel.AttributePattern(name))
		}
	}
	vars, err := cel.PartialVars(values, unknown...)
	if err != nil {
		return false, nil, fmt.Errorf("read the facts: %w", err)
	}
	v, _, err := c.program.Eval(vars)
	if err != nil {
		return false, nil, err
	}
	switch v := v.(type) {
	case *types.Unknown:
		names := map[string]bool{}
		for _, id := range v.IDs() {
			trails, _ := v.GetAttributeTrails(id)
			for _, t := range trails {
				names[t.Variable()] = true
			}
		}
		return false, slices.Sorted(maps.Keys(names)), nil
	case types.Bool:
		return bool(v), nil, nil
	}
	return false, nil, fmt.Errorf("it gave %v", v.Type())
}
