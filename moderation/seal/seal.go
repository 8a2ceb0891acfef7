// Package seal keeps a person's data so that it can be taken back: each person
// has a key, what is theirs is kept as ciphertext under it, and whoever deletes
// the key has deleted the data, in every copy that has none of its own.
//
// A key seals with AES-256-GCM under a nonce of its own for each message. What is
// sealed begins with a salt of its own (NewSalt), and a ledger commits to the
// hash of salt and content: with the key gone the salt is gone, and nothing that
// is left can be tried against a guess. The hash is of the content and not of
// the ciphertext, so that who is shown content and salt can check them with
// nothing but SHA-256.
//
// A person is found again by a keyed hash of who they are (Namer), never by a
// bare one: telephone numbers are few enough to try them all.
//
// A Key and a Namer may be used by any number of goroutines at once. Randomness
// is the system's.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"sync"
)

const (
	nonceSize = 12
	tagSize   = 16

	// SecretSize is how many bytes a key has.
	SecretSize = 32
)

// ErrBroken is for a ciphertext that is not what the key sealed.
var ErrBroken = errors.New("sealed data is not what its key sealed")

// NewSecret is a new key.
func NewSecret() []byte {
	b := make([]byte, SecretSize)
	_, _ = rand.Read(b) // never fails
	return b
}

// A Salt makes the hash of something that could be guessed one that cannot.
type Salt [16]byte

// NewSalt is a new salt.
func NewSalt() (s Salt) {
	_, _ = rand.Read(s[:])
	return s
}

// Sum is the hash of salt and content.
func (s Salt) Sum(content []byte) (sum [32]byte) {
	h := s.Begin()
	h.Write(content)
	h.Sum(sum[:0])
	return sum
}

// Begin is the hash of the salt, to be gone on with.
func (s Salt) Begin() hash.Hash {
	h := sha256.New()
	h.Write(s[:])
	return h
}

// A Key seals and opens what is one person's.
type Key struct{ aead cipher.AEAD }

// Load makes a key of what NewSecret made.
func Load(secret []byte) (*Key, error) {
	if len(secret) != SecretSize {
		return nil, fmt.Errorf("a key has %d bytes, %d expected", len(secret), SecretSize)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, fmt.Errorf("load a key: %w", err)
	}
	k := &Key{}
	if k.aead, err = cipher.NewGCM(block); err != nil {
		return nil, fmt.Errorf("load a key: %w", err)
	}
	return k, nil
}

// Seal is plain as ciphertext. kind is what it is: sealed as one thing, it does
// not open as another.
func (k *Key) Seal(plain []byte, kind string) []byte {
	nonce := make([]byte, nonceSize, nonceSize+len(plain)+tagSize)
	_, _ = rand.Read(nonce)
	return k.aead.Seal(nonce, nonce, plain, []byte(kind))
}

// Open is what was sealed.
func (k *Key) Open(sealed []byte, kind string) ([]byte, error) {
	if len(sealed) < nonceSize+tagSize {
		return nil, ErrBroken
	}
	plain, err := k.aead.Open(nil, sealed[:nonceSize], sealed[nonceSize:], []byte(kind))
	if err != nil {
		return nil, ErrBroken
	}
	return plain, nil
}

var errCut = errors.New("a sealed part ends too early")

// Pack is a salt and parts as one message, to be sealed.
func Pack(salt Salt, parts ...string) []byte {
	n := len(salt)
	for _, p := range parts {
		n += len(p) + 3
	}
	b := append(make([]byte, 0, n), salt[:]...)
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

// Unpack fills in what Pack was given, as many parts as it was given. A nil part
// is passed over.
func Unpack(b []byte, parts ...*string) (salt Salt, err error) {
	if len(b) < len(salt) {
		return salt, errCut
	}
	copy(salt[:], b)
	b = b[len(salt):]
	for _, p := range parts {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return salt, errCut
		}
		if p != nil {
			*p = string(b[size : size+int(n)])
		}
		b = b[size+int(n):]
	}
	if len(b) > 0 {
		return salt, fmt.Errorf("a sealed part has %d bytes too many", len(b))
	}
	return salt, nil
}

// A Namer turns what names somebody into what only its own record can find
// again.
type Namer struct{ pool *sync.Pool }

// NewNamer makes a namer of a record's own secret.
func NewNamer(secret []byte) Namer {
	return Namer{&sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }}}
}

// Name is the keyed hash of the parts, 22 characters that need no quoting. The
// parts are told apart, whatever they hold.
func (n Namer) Name(parts ...string) string {
	h := n.pool.Get().(hash.Hash)
	defer n.pool.Put(h)
	h.Reset()
	var size [4]byte
	for _, p := range parts {
		binary.BigEndian.PutUint32(size[:], uint32(len(p)))
		h.Write(size[:])
		h.Write([]byte(p))
	}
	var sum [32]byte
	return base64.RawURLEncoding.EncodeToString(h.Sum(sum[:0])[:16])
}
