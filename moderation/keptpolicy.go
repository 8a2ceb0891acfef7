package moderation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/go-json-experiment/json"

	"liveroom/moderation/ledger"
	"liveroom/moderation/policy"
)

// LeafPolicy is the leaf that holds a policy and the working days, so that what
// was decided under them can be asked again whatever became of the files. Its
// ref is their version.
const LeafPolicy = "policy"

// keptPolicies are the leaves of this run that hold policies, by version. A new
// run keeps a policy once more rather than read the whole ledger for its leaf.
type keptPolicies struct {
	mu    sync.Mutex
	leafs map[string]int64
}

func (k *keptPolicies) leaf(version string) int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.leafs[version]
}

// note remembers leaves that are committed.
func (k *keptPolicies) note(fresh map[string]int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for version, leaf := range fresh {
		if k.leafs == nil {
			k.leafs = make(map[string]int64)
		}
		k.leafs[version] = leaf
	}
}

// keepPolicy puts a policy into the ledger, where it is not yet, and returns its
// leaf.
func (t *deed) keepPolicy(k policy.Kept) (int64, error) {
	version := k.Version()
	if leaf := t.desk.kept.leaf(version); leaf != 0 {
		return leaf, nil
	}
	data, err := ledger.Canonical(&k)
	if err != nil {
		return 0, fmt.Errorf("keep policy: %w", err)
	}
	if err := t.append(Leaf{Kind: LeafPolicy, Ref: version, Data: data}); err != nil {
		return 0, fmt.Errorf("keep policy: %w", err)
	}
	if err := t.settle(); err != nil {
		return 0, err
	}
	if t.policies == nil {
		t.policies = make(map[string]int64)
	}
	t.policies[version] = t.leaves
	return t.leaves, nil
}

// keptAt reads the policy that a leaf holds.
func keptAt(ctx context.Context, r Reader, leaf int64) (policy.Kept, error) {
	var k policy.Kept
	some, err := r.Leaves(ctx, leaf-1, 1)
	switch {
	case err != nil:
		return k, err
	case len(some) == 0 || some[0].Index != leaf || some[0].Kind != LeafPolicy:
		return k, fmt.Errorf("leaf %d holds no policy: %w", leaf, ErrDamaged)
	}
	if err := json.Unmarshal(some[0].Data, &k); err != nil {
		return k, fmt.Errorf("policy of leaf %d: %w", leaf, errors.Join(ErrDamaged, err))
	}
	return k, nil
}

// keptSet is what a payment was proposed under: the policies in force, where
// they are the same still, or those that the record kept.
func (d *Desk) keptSet(ctx context.Context, r Reader, p Payment) (*policy.Set, error) {
	k, err := keptAt(ctx, r, p.Kept)
	if err != nil {
		return nil, err
	}
	set := d.Policies()
	if now, ok := set.Keep(p.Policy); ok && now.Version() == k.Version() {
		return set, nil
	}
	return k.Set()
}

// AskAgain asks what a payment was proposed on again, under the policy and the
// working days that the record kept, and at that moment. An answer that is not
// what it was then is ErrDamaged.
func AskAgain(ctx context.Context, r Reader, p Payment) (policy.Result, error) {
	k, err := keptAt(ctx, r, p.Kept)
	if err != nil {
		return policy.Result{}, err
	}
	set, err := k.Set()
	if err != nil {
		return policy.Result{}, err
	}
	m, err := policy.DecodeMatter([]byte(p.Matter))
	if err != nil {
		return policy.Result{}, err
	}
	again, err := set.Evaluate(m, p.AsOf, p.Policy)
	if err != nil {
		return policy.Result{}, err
	}
	sum, err := answerSum(again[0])
	if err == nil && sum != p.Answer {
		err = fmt.Errorf("asked again, %s answers %s (%.16s), and answered %.16s: %w", p.Policy, again[0].Summary.EN, sum, p.Answer, ErrDamaged)
	}
	return again[0], err
}

// answerSum tells an answer from any other.
func answerSum(r policy.Result) (string, error) {
	b, err := json.Marshal(&r, json.Deterministic(true))
	if err != nil {
		return "", fmt.Errorf("answer of %s: %w", r.Policy, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
