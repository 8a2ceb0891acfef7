package sqlite

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"liveroom/moderation"
	"liveroom/moderation/seal"
)

// keptKeys is how many keys are kept at hand at most, of a kilobyte each: loading one
// costs a microsecond. keptHolders is how many holders are known without the record,
// whose row takes three to be read: as many people as a great crowd has.
const (
	keptKeys    = 20_000
	keptHolders = 128_000
)

// A recent keeps the values that were asked for last: half of most at least, and most
// of them at most.
type recent[K comparable, V any] struct {
	most       int
	young, old map[K]V
}

func (r *recent[K, V]) get(k K) (V, bool) {
	v, ok := r.young[k]
	if !ok {
		if v, ok = r.old[k]; ok {
			r.put(k, v)
		}
	}
	return v, ok
}

func (r *recent[K, V]) put(k K, v V) {
	if r.young == nil || len(r.young) >= r.most/2 {
		r.young, r.old = make(map[K]V), r.young
	}
	r.young[k] = v
}

func (r *recent[K, V]) forget() {
	clear(r.young)
	clear(r.old)
}

// loaded are the keys that rows were opened with, by their secrets. That of one that
// was erased is found by nobody any more, but forget takes it out of the memory too.
var loaded = keyCache{bySecret: recent[[seal.SecretSize]byte, *seal.Key]{most: keptKeys}}

type keyCache struct {
	mu       sync.Mutex
	bySecret recent[[seal.SecretSize]byte, *seal.Key]
}

func (c *keyCache) load(secret []byte) (*seal.Key, error) {
	if len(secret) != seal.SecretSize {
		return seal.Load(secret) // which says what is wrong
	}
	c.mu.Lock()
	k, ok := c.bySecret.get([seal.SecretSize]byte(secret))
	c.mu.Unlock()
	if ok {
		return k, nil
	}
	k, err := seal.Load(secret)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bySecret.put([seal.SecretSize]byte(secret), k)
	return k, nil
}

func (c *keyCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bySecret.forget()
}

// A heldKey is a holder's key with its number, 0 for none.
type heldKey struct {
	number int64
	secret [seal.SecretSize]byte
}

// seal is the parts of a row as they are kept, under the key and a new salt. A row
// that was erased stays so.
func (k *heldKey) seal(s *moderation.Seal, kind string, parts ...string) ([]byte, error) {
	if s.Erased() {
		return []byte{}, nil
	}
	key, err := loaded.load(k.secret[:])
	if err != nil {
		return nil, fmt.Errorf("holder %d: %w", k.number, err)
	}
	*s = moderation.Seal{Holder: k.number, Salt: seal.NewSalt()}
	return key.Seal(seal.Pack(s.Salt, parts...), kind), nil
}

// key is the holder's, made when there is none.
func (t *tx) key(h moderation.Holder) (heldKey, error) {
	keys, err := t.keysOf([]moderation.Holder{h})
	if err != nil {
		return heldKey{}, err
	}
	return keys[0], nil
}

// keysOf are the holders' keys, made where there are none; of nobody there is none.
func (t *tx) keysOf(holders []moderation.Holder) ([]heldKey, error) {
	out := make([]heldKey, len(holders))
	var lacking []string           // holders, each once
	wanted := make(map[string]int) // where they stand in lacking
	at := make([]int, len(holders))
	for i, h := range holders {
		at[i] = -1
		if h == nil {
			continue
		}
		name := strings.Join(h, "\x00")
		k, ok := t.keys.get(name)
		if ok {
			out[i] = k
			continue
		}
		n, ok := wanted[name]
		if !ok {
			n = len(lacking)
			wanted[name] = n
			lacking = append(lacking, name)
		}
		at[i] = n
	}
	if len(lacking) == 0 {
		return out, nil
	}
	keys, err := t.findKeys(lacking)
	if err != nil {
		return nil, fmt.Errorf("keys of buyers: %w", err)
	}
	for n, k := range keys {
		t.keys.put(lacking[n], k)
	}
	for i, n := range at {
		if n >= 0 {
			out[i] = keys[n]
		}
	}
	return out, nil
}

type keyRow struct {
	name   string
	number int64
	secret []byte
}

func scanKey(s scanner) (k keyRow, err error) {
	err = s.Scan(&k.name, &k.number, &k.secret)
	return k, err
}

// findKeys reads the keys of holders from the record, and makes those it lacks.
func (t *tx) findKeys(holders []string) ([]heldKey, error) {
	names := make([]string, len(holders))
	at := make(map[string]int, len(holders))
	for i, h := range holders {
		names[i] = t.namer.Name(strings.Split(h, "\x00")...)
		at[names[i]] = i
	}
	rows, err := collect(context.Background(), &t.reader, scanKey,
		"SELECT name, number, secret FROM json_each(?) AS asked CROSS JOIN buyer_keys ON name = asked.value", nameList(names))
	if err != nil {
		return nil, err
	}
	out := make([]heldKey, len(holders))
	for _, r := range rows {
		if out[at[r.name]], err = newHeldKey(r.number, r.secret); err != nil {
			return nil, err
		}
	}
	var lacking []int
	for i := range out {
		if out[i].number == 0 {
			lacking = append(lacking, i)
		}
	}
	return out, t.makeKeys(names, lacking, out)
}

// nameList is names as a JSON array, for json_each: none of them needs an escape.
func nameList(names []string) string { return `["` + strings.Join(names, `","`) + `"]` }

// makeKeys makes keys of the names that lack one.
func (t *tx) makeKeys(names []string, lacking []int, out []heldKey) error {
	for len(lacking) > 0 {
		n, query := most(len(lacking))
		args := t.args[:0]
		secrets := make([][]byte, n)
		for i := range secrets {
			secrets[i] = seal.NewSecret()
			args = append(args, names[lacking[i]], secrets[i])
		}
		last, err := t.insert(keyBulk.queries[query], args...)
		clear(args)
		t.args = args[:0]
		if err != nil {
			return err
		}
		for i, secret := range secrets {
			// SQLite numbers the rows of a statement one after the other.
			if out[lacking[i]], err = newHeldKey(last-int64(n-1-i), secret); err != nil {
				return err
			}
		}
		lacking = lacking[n:]
	}
	return nil
}

func newHeldKey(number int64, secret []byte) (k heldKey, err error) {
	if len(secret) != seal.SecretSize {
		return k, fmt.Errorf("%w: key %d has %d bytes", moderation.ErrDamaged, number, len(secret))
	}
	return heldKey{number, [seal.SecretSize]byte(secret)}, nil
}

// forgetKeys is for when a key may be gone: it was erased, or never committed.
func (t *tx) forgetKeys() { t.keys.forget() }
