package report

import (
	"fmt"
	"io"
	"math"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/moderation/agreement"
	"liveroom/moderation/backtest"
	"liveroom/moderation/policy"
)

// jsonRate is a share in JSON; percent and interval are null where it is of too
// few.
type jsonRate struct {
	K       int  `json:"k"`
	N       int  `json:"n"`
	Percent *int `json:"percent"`
	Low     *int `json:"low"`
	High    *int `json:"high"`
}

// WriteJSONL writes each row of each table as an object a line. Its members are
// "section" and the columns, in words of the program and not of a language; money
// is in fen, times are RFC 3339 in the room's zone, what has no data is null.
func (r *Report) WriteJSONL(w io.Writer) error {
	enc := jsontext.NewEncoder(w, jsontext.AllowInvalidUTF8(true))
	for _, t := range r.Tables() {
		for _, row := range t.Rows {
			if err := r.encodeRow(enc, t, row); err != nil {
				return fmt.Errorf("write %s: %w", t.Name, err)
			}
		}
	}
	return nil
}

func (r *Report) encodeRow(enc *jsontext.Encoder, t *Table, row []Cell) error {
	tokens := []jsontext.Token{jsontext.BeginObject, jsontext.String("section"), jsontext.String(t.Name)}
	for _, token := range tokens {
		if err := enc.WriteToken(token); err != nil {
			return err
		}
	}
	for i, c := range row {
		if err := enc.WriteToken(jsontext.String(t.Columns[i].ID)); err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, r.jsonCell(c)); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

func (r *Report) jsonCell(c Cell) any {
	switch c := c.(type) {
	case Text:
		return show(string(c))
	case Word:
		return wordKey(string(c))
	case Both:
		return policy.Text{ZH: show(c.ZH), EN: show(c.EN)}
	case Count:
		return int64(c)
	case Fen:
		return int64(c)
	case Moment:
		return time.Time(c).In(r.Zone).Format(time.RFC3339Nano)
	case Span:
		return math.Round(time.Duration(c).Seconds()*1000) / 1000
	case Rate:
		s := backtest.Share(c)
		out := jsonRate{K: s.K, N: s.N}
		if s.Known() {
			percent := s.Percent()
			low, high := s.Interval()
			out.Percent, out.Low, out.High = &percent, &low, &high
		}
		return out
	case Kappa:
		return jsonKappaOf(agreement.Figure(c))
	}
	return nil
}
