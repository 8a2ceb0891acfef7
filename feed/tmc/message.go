package tmc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"liveroom/feed"
	"liveroom/feed/internal/wire"
)

// version is the only protocol version in use.
const version = 2

// Message types.
const (
	typeConnect    = 0
	typeConnectAck = 1
	typeSend       = 2
	typeSendAck    = 3
)

// Kinds of a message, as the custom value named by keyKind tells.
const (
	kindPull    = 1
	kindConfirm = 2
	kindData    = 3
	kindFailed  = 20
)

const keyKind = "__kind"

// Headers.
const (
	headerEnd    = 0
	headerCustom = 1
	headerStatus = 2
	headerPhrase = 3
	headerFlag   = 4
	headerToken  = 5
)

// Formats of a custom value.
const (
	formatVoid   = 0
	formatString = 1
	formatInt8   = 2
	formatInt16  = 3
	formatInt32  = 4
	formatInt64  = 5
	formatDate   = 6 // int64, milliseconds
	formatBytes  = 7
)

// maxHeaders is far above what a message carries; each takes work and memory.
const maxHeaders = 256

var (
	errEnd     = errors.New("the message ends within a value")
	errHeaders = fmt.Errorf("more than %d headers", maxHeaders)
)

// A message is one frame: version, type, headers, all numbers little-endian.
type message struct {
	kind   byte
	status int32
	phrase string
	token  string
	custom map[string]value
}

// A value is a custom value; num is what a number or date holds, text what a
// string or bytes hold.
type value struct {
	format byte
	num    int64
	text   string
}

// scalar is a value as its text, as wire reads those of JSON.
func (v value) scalar() wire.Scalar {
	switch v.format {
	case formatInt8, formatInt16, formatInt32, formatInt64, formatDate:
		return wire.Scalar(strconv.FormatInt(v.num, 10))
	}
	return wire.Scalar(strings.ToValidUTF8(v.text, "\uFFFD"))
}

// A reader takes values off the front of a message. After an error it yields
// zeroes.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) take(n int) []byte {
	if r.err != nil || n < 0 || n > len(r.rest) {
		if r.err == nil {
			r.err = errEnd
		}
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// number reads an integer of so many bytes.
func (r *reader) number(size int) int64 {
	b := r.take(size)
	if b == nil {
		return 0
	}
	switch size {
	case 1:
		return int64(int8(b[0]))
	case 2:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case 4:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	}
	return int64(binary.LittleEndian.Uint64(b))
}

// counted reads an int32 length and as many bytes.
func (r *reader) counted() string {
	n := r.number(4)
	if n < 0 && r.err == nil {
		r.err = fmt.Errorf("a value is %d bytes long", n)
	}
	return string(r.take(int(n)))
}

func (r *reader) value() value {
	v := value{format: byte(r.number(1))}
	switch v.format {
	case formatVoid:
	case formatString, formatBytes:
		v.text = r.counted()
	case formatInt8:
		v.num = r.number(1)
	case formatInt16:
		v.num = r.number(2)
	case formatInt32:
		v.num = r.number(4)
	case formatInt64, formatDate:
		v.num = r.number(8)
	default:
		if r.err == nil {
			r.err = fmt.Errorf("value format %d is not in use", v.format)
		}
	}
	return v
}

// readMessage reads one frame.
func readMessage(data []byte) (message, error) {
	r := &reader{rest: data}
	if v := r.number(1); r.err == nil && v != version {
		return message{}, fmt.Errorf("protocol version %d, expected %d", v, version)
	}
	m := message{kind: byte(r.number(1)), custom: map[string]value{}}
	for range maxHeaders {
		header := r.number(2)
		if r.err != nil {
			return message{}, r.err
		}
		switch header {
		case headerEnd:
			return m, nil
		case headerCustom:
			key := r.counted()
			m.custom[key] = r.value()
		case headerStatus:
			m.status = int32(r.number(4))
		case headerPhrase:
			m.phrase = r.counted()
		case headerFlag:
			r.number(4)
		case headerToken:
			m.token = r.counted()
		default:
			return message{}, fmt.Errorf("header %d is not in use", header)
		}
	}
	return message{}, errHeaders
}

// A writer builds one frame of ours.
type writer []byte

func newWriter(kind byte) writer { return writer{version, kind} }

func (w writer) text(s string) writer {
	w = binary.LittleEndian.AppendUint32(w, uint32(min(len(s), math.MaxInt32)))
	return append(w, s...)
}

func (w writer) header(h uint16) writer { return binary.LittleEndian.AppendUint16(w, h) }

func (w writer) token(s string) writer {
	if s == "" {
		return w
	}
	return w.header(headerToken).text(s)
}

func (w writer) customText(key, v string) writer {
	return append(w.header(headerCustom).text(key), formatString).text(v)
}

func (w writer) customKind(kind byte) writer {
	return append(w.header(headerCustom).text(keyKind), formatInt8, kind)
}

func (w writer) customID(id int64) writer {
	w = append(w.header(headerCustom).text("id"), formatInt64)
	return binary.LittleEndian.AppendUint64(w, uint64(id))
}

func (w writer) frame() feed.Frame {
	return feed.Frame{Binary: true, Data: w.header(headerEnd)}
}

// connect is the login.
func connect(o Options, now time.Time) feed.Frame {
	stamp := strconv.FormatInt(now.UnixMilli(), 10)
	return newWriter(typeConnect).
		customText("app_key", o.AppKey).customText("group_name", o.Group).customText("timestamp", stamp).
		customText("sign", sign(o, stamp)).customText("sdk", "liveroom").customText("intranet_ip", "127.0.0.1").
		frame()
}

// pull asks for what waits at the server.
func pull(token string) feed.Frame {
	return newWriter(typeSend).token(token).customKind(kindPull).frame()
}

// confirm takes a message off the server's queue.
func confirm(token string, id int64) feed.Frame {
	return newWriter(typeSend).token(token).customKind(kindConfirm).customID(id).frame()
}

// failed asks for a message again.
func failed(token string, id int64, why string) feed.Frame {
	return newWriter(typeSendAck).token(token).customKind(kindFailed).customID(id).customText("msg", why).frame()
}
