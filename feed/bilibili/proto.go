package bilibili

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

var (
	errProtoEnd   = errors.New("protobuf ends within a field")
	errProtoField = errors.New("protobuf field 0")
)

// A field is one field of a protobuf message: val of a varint or a fixed
// number, data of a string, bytes or message.
type field struct {
	num  uint64
	val  uint64
	data []byte
}

// fields calls do for each field of b in order, until an error. It holds
// nothing and goes no deeper by itself: what is a message is do's to know.
func fields(b []byte, do func(field) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return errProtoEnd
		}
		b = b[n:]
		f := field{num: key >> 3}
		if f.num == 0 {
			return errProtoField
		}
		switch key & 7 {
		case 0:
			if f.val, n = binary.Uvarint(b); n <= 0 {
				return errProtoEnd
			}
			b = b[n:]
		case 1:
			if len(b) < 8 {
				return errProtoEnd
			}
			f.val, b = binary.LittleEndian.Uint64(b), b[8:]
		case 2:
			size, n := binary.Uvarint(b)
			if n <= 0 || size > uint64(len(b)-n) {
				return errProtoEnd
			}
			f.data, b = b[n:n+int(size)], b[n+int(size):]
		case 5:
			if len(b) < 4 {
				return errProtoEnd
			}
			f.val, b = uint64(binary.LittleEndian.Uint32(b)), b[4:]
		default:
			return fmt.Errorf("protobuf wire type %d is not in use", key&7)
		}
		if err := do(f); err != nil {
			return err
		}
	}
	return nil
}

// text is a string field, with bytes that are no UTF-8 replaced.
func (f field) text() string { return strings.ToValidUTF8(string(f.data), "\uFFFD") }

// number is a varint field as the int64 that the platform declares.
func (f field) number() int64 { return int64(f.val) }

// decodePB undoes the base64 that wraps a protobuf in JSON.
func decodePB(pb string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(pb)
	if err != nil {
		return nil, fmt.Errorf("pb is no base64: %w", err)
	}
	if len(b) == 0 {
		return nil, errors.New("pb is missing or empty")
	}
	return b, nil
}
