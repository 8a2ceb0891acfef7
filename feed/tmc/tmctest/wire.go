package tmctest

import (
	"encoding/binary"
	"strconv"

	"github.com/gorilla/websocket"

	"liveroom/feed/feedtest"
)

// This is a second hand at the wire format, so that a mistake of the decoder's
// is not repeated by the server that tests it.

func send(conn *websocket.Conn, b []byte) { feedtest.Send(conn, websocket.BinaryMessage, b) }

func end(b []byte) []byte { return append(b, 0, 0) }

func counted(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
}

func token(b []byte, t string) []byte { return counted(append(b, 5, 0), t) }

func custom(b []byte, key string, format byte) []byte {
	return append(counted(append(b, 1, 0), key), format)
}

// Data is the frame that carries m.
func Data(tok string, m Message) []byte {
	b := []byte{2, typeSend}
	if tok != "" {
		b = token(b, tok)
	}
	b = append(custom(b, "__kind", 2), kindData)
	if m.ID != 0 {
		b = binary.LittleEndian.AppendUint64(custom(b, "id", 5), uint64(m.ID))
	}
	if m.Topic != "" {
		b = counted(custom(b, "topic", 1), m.Topic)
	}
	if m.Content != "" {
		b = counted(custom(b, "content", 1), m.Content)
	}
	if !m.Time.IsZero() {
		b = binary.LittleEndian.AppendUint64(custom(b, "time", 6), uint64(m.Time.UnixMilli()))
	}
	return end(counted(custom(b, "dataid", 1), strconv.FormatInt(m.ID, 10)))
}

// A parsed is what the server needs of a client's message.
type parsed struct {
	kind  byte
	token string
	text  map[string]string
	num   map[string]int64
}

// read takes a client's message apart. Clients are ours, so a message that
// is wrong comes out empty and is refused.
func read(b []byte) (p parsed) {
	defer func() {
		if recover() != nil {
			p = parsed{kind: 0xff}
		}
	}()
	p = parsed{kind: b[1], text: map[string]string{}, num: map[string]int64{}}
	str := func() string {
		n := binary.LittleEndian.Uint32(b)
		s := string(b[4 : 4+n])
		b = b[4+n:]
		return s
	}
	b = b[2:]
	for {
		h := b[0]
		switch b = b[2:]; h {
		case 0:
			return p
		case 5:
			p.token = str()
		case 1:
			key := str()
			format := b[0]
			switch b = b[1:]; format {
			case 1:
				p.text[key] = str()
			case 2:
				p.num[key], b = int64(b[0]), b[1:]
			case 5:
				p.num[key], b = int64(binary.LittleEndian.Uint64(b)), b[8:]
			}
		}
	}
}
