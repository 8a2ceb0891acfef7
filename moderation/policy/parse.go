package policy

import (
	"strconv"
	"strings"
	"time"
)

// forms tell how a person writes a value of each kind.
var forms = map[ValueKind]string{
	KindBool:   "write 是 or 否, yes or no",
	KindNumber: "write a whole number, such as 2",
	KindFen:    "write an amount in yuan, such as 299 or 299.50",
	KindWord:   "write one of its words",
	KindWords:  "write its words with commas between them, or 无 for none",
	KindMoment: "write a time such as 2026-03-10 09:30",
}

var parsers = map[ValueKind]func(text string, zone *time.Location) (Value, bool){
	KindBool:   parseBool,
	KindNumber: parseNumber,
	KindFen:    parseYuan,
	KindWord:   func(text string, _ *time.Location) (Value, bool) { return Word(text), text != "" },
	KindWords:  parseWords,
	KindMoment: parseMoment,
}

func parseBool(text string, _ *time.Location) (Value, bool) {
	switch strings.ToLower(text) {
	case "是", "yes", "y", "true":
		return Bool(true), true
	case "否", "不是", "no", "n", "false":
		return Bool(false), true
	}
	return Value{}, false
}

func parseNumber(text string, _ *time.Location) (Value, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return Number(n), err == nil
}

// parseYuan reads 299, 299.5 or 1,299.50, with or without a sign of the
// currency.
func parseYuan(text string, _ *time.Location) (Value, bool) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimLeft(text, "¥￥"), "元"))
	whole, fraction, dotted := strings.Cut(strings.ReplaceAll(text, ",", ""), ".")
	if dotted && (fraction == "" || len(fraction) > 2) {
		return Value{}, false
	}
	n, err := strconv.ParseUint(whole+(fraction + "00")[:2], 10, 63)
	return Number(int64(n)), err == nil && whole != ""
}

func parseWords(text string, _ *time.Location) (Value, bool) {
	if text == "无" || strings.EqualFold(text, "none") {
		return Words(), true
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,，、", r) })
	return Words(words...), len(words) > 0
}

func parseMoment(text string, zone *time.Location) (Value, bool) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return Moment(t), true
	}
	for _, layout := range []string{time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return Moment(t), true
		}
	}
	return Value{}, false
}
