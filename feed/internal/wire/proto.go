package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

var (
	errProtoEnd   = errors.New("protobuf ends within a field")
	errProtoField = errors.New("protobuf field 0")
)

// A Field is one field of a protobuf message: Val of a varint or a fixed number,
// Data of a string, bytes or message.
type Field struct {
	Num  uint64
	Val  uint64
	Data []byte
}

// Fields calls do for each field of b in order, until an error. It holds
// nothing and goes no deeper by itself: what is a message is do's to know.
func Fields(b []byte, do func(Field) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return errProtoEnd
		}
		b = b[n:]
		f := Field{Num: key >> 3}
		if f.Num == 0 {
			return errProtoField
		}
		switch key & 7 {
		case 0:
			if f.Val, n = binary.Uvarint(b); n <= 0 {
				return errProtoEnd
			}
			b = b[n:]
		case 1:
			if len(b) < 8 {
				return errProtoEnd
			}
			f.Val, b = binary.LittleEndian.Uint64(b), b[8:]
		case 2:
			size, n := binary.Uvarint(b)
			if n <= 0 || size > uint64(len(b)-n) {
				return errProtoEnd
			}
			f.Data, b = b[n:n+int(size)], b[n+int(size):]
		case 5:
			if len(b) < 4 {
				return errProtoEnd
			}
			f.Val, b = uint64(binary.LittleEndian.Uint32(b)), b[4:]
		default:
			return fmt.Errorf("protobuf wire type %d is not in use", key&7)
		}
		if err := do(f); err != nil {
			return err
		}
	}
	return nil
}

// Text is a string field, with bytes that are no UTF-8 replaced.
func (f Field) Text() string { return strings.ToValidUTF8(string(f.Data), "\uFFFD") }

// Number is a varint field as the int64 that the platform declares.
func (f Field) Number() int64 { return int64(f.Val) }
