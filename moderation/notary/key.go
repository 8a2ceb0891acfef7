package notary

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// keyLimit bounds what is read of a key file; a key takes about 150 bytes.
const keyLimit = 4096

// A Key signs for one record. It prints as its public half.
type Key struct {
	signer note.Signer
	public string
}

// Signer signs notes.
func (k *Key) Signer() note.Signer { return k.signer }

// Public is the verifier key, for whoever is to check signatures: name, number
// and public half, as golang.org/x/mod/sumdb/note writes them.
func (k *Key) Public() string { return k.public }

// Verifier checks what the key signed.
func (k *Key) Verifier() (note.Verifier, error) { return ParsePublic(k.public) }

// String implements fmt.Stringer; the secret half never prints.
func (k *Key) String() string { return k.public }

// GoString implements fmt.GoStringer.
func (k *Key) GoString() string { return k.public }

// LogValue implements slog.LogValuer.
func (k *Key) LogValue() slog.Value { return slog.StringValue(k.public) }

// ParsePublic reads a verifier key.
func ParsePublic(text string) (note.Verifier, error) {
	v, err := note.NewVerifier(strings.TrimSpace(text))
	if err != nil {
		return nil, fmt.Errorf("verifier key %.80q: %w: it is the one line of the .pub file", text, err)
	}
	return v, nil
}

// PublicPath is the file beside a key's that holds its public half.
func PublicPath(key string) string { return key + ".pub" }

// OpenKey reads the key in a file, or makes one where there is no file. Its
// public half is written beside it. A file that others may read is refused:
// what they could sign proves nothing.
func OpenKey(path string) (k *Key, fresh bool, err error) {
	k, err = readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		k, err = makeKey(path)
		fresh = true
	}
	if err != nil {
		return nil, false, err
	}
	if b, err := os.ReadFile(PublicPath(path)); err == nil && strings.TrimSpace(string(b)) == k.public {
		return k, fresh, nil
	}
	if err := os.WriteFile(PublicPath(path), []byte(k.public+"\n"), 0o644); err != nil {
		return nil, false, fmt.Errorf("write the public half of the ledger key: %w", err)
	}
	return k, fresh, nil
}

func readKey(path string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open ledger key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open ledger key: %w", err)
	}
	// Windows has no such bits: its files say 0666 whoever may read them.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("ledger key %s can be read by others: run chmod 600 %s, and take another key if somebody may have copied it", path, path)
	}
	b := make([]byte, min(info.Size(), keyLimit))
	if _, err := f.Read(b); err != nil && len(b) > 0 {
		return nil, fmt.Errorf("read ledger key: %w", err)
	}
	return parseKey(path, strings.TrimSpace(string(b)))
}

// parseKey never quotes what it was given: it may be a secret.
func parseKey(path, secret string) (*Key, error) {
	bad := fmt.Errorf("ledger key %s cannot be read: put the old file back, or move it away and a new key is made", path)
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, bad
	}
	public, err := publicOf(secret)
	if err != nil {
		return nil, bad
	}
	return &Key{signer: signer, public: public}, nil
}

func makeKey(path string) (*Key, error) {
	id := make([]byte, 6)
	if _, err := rand.Read(id); err != nil {
		return nil, fmt.Errorf("make ledger key: %w", err)
	}
	secret, public, err := note.GenerateKey(rand.Reader, "liveroom.local/"+hex.EncodeToString(id))
	if err != nil {
		return nil, fmt.Errorf("make ledger key: %w", err)
	}
	if err := writeNew(path, secret+"\n"); err != nil {
		return nil, fmt.Errorf("write ledger key: %w", err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, fmt.Errorf("make ledger key: %w", err)
	}
	return &Key{signer: signer, public: public}, nil
}

// writeNew writes a file that must not be there yet, on disk when it returns.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir brings a new file's name to disk, where the system can do so.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// publicOf is the verifier key of a signer key: PRIVATE+KEY+name+number+base64
// of an algorithm byte and the seed.
func publicOf(secret string) (string, error) {
	parts := strings.SplitN(secret, "+", 5)
	if len(parts) != 5 {
		return "", errors.New("malformed key")
	}
	seed, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return "", errors.New("malformed key")
	}
	public, ok := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return "", errors.New("malformed key")
	}
	return note.NewEd25519VerifierKey(parts[2], public)
}
