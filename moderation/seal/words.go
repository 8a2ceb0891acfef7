package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// maxWord is how many characters of a word count: who looks for a longer one
// finds what begins so, and looks at it.
const maxWord = 12

// wordDigits are what hidden words are written in: nothing that a tokenizer
// would part or fold.
const wordDigits = "abcdefghijklmnopqrstuvwxyz234567"

// Words hides the words that a search index is made of. Each character becomes
// four of twenty bits that depend on it and on all before it, so that what
// begins alike is hidden alike, and nobody reads an index. A word that is not
// there is found now and then: what is found must be looked at.
type Words struct{ block cipher.Block }

// NewWords makes it of a record's own secret.
func NewWords(secret []byte) Words {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("words"))
	block, err := aes.NewCipher(mac.Sum(nil))
	if err != nil {
		panic("seal: 32 bytes are an AES key: " + err.Error())
	}
	return Words{block}
}

// Append appends the word, hidden, to dst.
func (w Words) Append(dst []byte, word string) []byte {
	// The cipher takes what it is given out of the stack: the state lies behind what
	// will be appended.
	const longest = 4 * maxWord
	dst = slices.Grow(dst, longest+aes.BlockSize)
	state := dst[len(dst)+longest : len(dst)+longest+aes.BlockSize]
	clear(state)
	n := 0
	for _, r := range word {
		if n++; n > maxWord {
			break
		}
		binary.LittleEndian.PutUint32(state[12:], binary.LittleEndian.Uint32(state[12:])^uint32(r))
		w.block.Encrypt(state, state)
		bits := binary.LittleEndian.Uint32(state[:4])
		for range 4 {
			dst = append(dst, wordDigits[bits&31])
			bits >>= 5
		}
	}
	return dst
}
