package corpus

import (
	"reflect"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		fuzzing    bool
		want       [][]any
		err        string
	}{
		{name: "one argument a line", text: "[]byte(\"a\\n\")\n[]byte(\"\")\n", want: [][]any{{[]byte("a\n")}, {[]byte{}}}},
		{name: "arguments of every type", text: "string(\"x\")\tint(-3)\tbool(true)\n", want: [][]any{{"x", -3, true}}},
		{name: "the last line is cut short", text: "int(1)\nint(2)", want: [][]any{{1}, {2}}},
		{name: "an empty corpus replays nothing", err: "run make fuzz"},
		{name: "fuzzing begins with nothing", fuzzing: true},
		{name: "an empty line", text: "int(1)\n\n", err: "no argument"},
		{name: "no argument", text: "int 1\n", fuzzing: true, err: "no argument"},
		{name: "a type that no target takes", text: "float64(1)\n", err: "not supported"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read([]byte(tt.text), tt.fuzzing)
			if (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatalf("error %v, want %q", err, tt.err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%#v, want %#v", got, tt.want)
			}
		})
	}
}
