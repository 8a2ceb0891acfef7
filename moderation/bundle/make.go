package bundle

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/ledger"
	"liveroom/moderation/privacy"
)

//go:embed verify.py
var verifier []byte

//go:embed README.txt
var manual []byte

// Options say who takes which case out, and how.
type Options struct {
	Case   int64
	Key    note.Signer
	Public string // the key's public half
	Now    time.Time
	Actor  moderation.Actor
	Tool   string // name and version of the program
	Veil   moderation.Veil
	Reason string // why something was revealed
	Zone   *time.Location
	// Stamped are checkpoints that have a time stamp, oldest first; the newest
	// that covers the case is taken, else one is signed now.
	Stamped []Stamped
}

// Stamped is a signed checkpoint with the time stamp of its SHA-256.
type Stamped struct {
	Checkpoint ledger.Checkpoint
	Note       []byte
	Token      []byte
}

// ErrNotAllowed is for who may not take evidence out of the record.
var ErrNotAllowed = errors.New("taking out evidence is a supervisor's")

// Make takes a case's evidence out of the record.
func Make(ctx context.Context, s moderation.Store, o Options) ([]byte, error) {
	if !o.Actor.Role.May(moderation.RightBundle) {
		return nil, fmt.Errorf("bundle of case %d: %w, not a %s's", o.Case, ErrNotAllowed, o.Actor.Role)
	}
	var files map[string][]byte
	err := s.Snapshot(ctx, func(r moderation.Record) error {
		f, err := collect(ctx, r, o.Case)
		if err != nil {
			return err
		}
		m := &maker{Options: o, findings: f, files: make(map[string][]byte)}
		if err := m.checkpoint(ctx, r); err != nil {
			return err
		}
		files = m.files
		return m.all()
	})
	if err != nil {
		return nil, fmt.Errorf("bundle of case %d: %w", o.Case, err)
	}
	if err := seal(files, o.Key); err != nil {
		return nil, err
	}
	return pack(files)
}

// A maker fills the files of one bundle.
type maker struct {
	Options
	*findings
	files    map[string][]byte
	point    ledger.Checkpoint
	stamped  bool
	evidence evidence
	withheld int
	erased   int
}

// evidence is what evidence.json holds.
type evidence struct {
	Version int    `json:"version"`
	Case    int64  `json:"case"`
	Leaves  []leaf `json:"leaves"`
}

// leaf is one leaf with its proof. Data is the exact text of the leaf's data; a
// leaf that names an order is hidden itself, and Hash stands for it.
// Raw and Row name the files that its hashes raw and row are of, where they are
// in the bundle; Salt is hashed before each. Of what was erased nothing is given.
type leaf struct {
	Index    int64         `json:"index"` // from 0, as RFC 6962 counts
	Kind     string        `json:"kind"`
	Ref      string        `json:"ref"`
	Data     string        `json:"data,omitzero"`
	Hash     ledger.Hash   `json:"hash,omitzero"`
	Proof    []ledger.Hash `json:"proof"`
	Raw      string        `json:"raw,omitzero"`
	Row      string        `json:"row,omitzero"`
	Salt     []byte        `json:"salt,omitzero"`
	Withheld string        `json:"withheld,omitzero"`
}

// checkpoint signs the ledger's head, unless an earlier one with a stamp covers
// all leaves.
func (m *maker) checkpoint(ctx context.Context, r moderation.Record) error {
	need := m.leaves[len(m.leaves)-1].Index
	for _, s := range slices.Backward(m.Stamped) {
		if s.Checkpoint.Size >= need && s.Checkpoint.Size <= m.head.Size {
			m.point, m.stamped = s.Checkpoint, true
			m.files[checkpointFile], m.files[stampFile] = s.Note, s.Token
			return m.prove(ctx, r, m.point.Size)
		}
	}
	m.point = ledger.Checkpoint{Origin: m.Key.Name(), Size: m.head.Size, Root: m.head.Root, At: m.Now.UTC().Truncate(time.Second)}
	msg, err := m.point.Sign(m.Key)
	if err != nil {
		return err
	}
	m.files[checkpointFile] = msg
	return m.prove(ctx, r, m.point.Size)
}

func (m *maker) all() error {
	m.files[keyFile] = []byte(m.Public + "\n")
	m.files["verify.py"], m.files["README.txt"] = verifier, manual
	if err := m.proofs(); err != nil {
		return err
	}
	for name, write := range map[string]func(*page) error{
		"transcript.txt": m.transcript, "flags.txt": m.flagged, "orders.txt": m.ordered, "complaints.txt": m.complained,
		"connection.txt": m.connection, "actions.txt": m.acted,
	} {
		p := &page{zone: m.Zone}
		if err := write(p); err != nil {
			return err
		}
		m.files[name] = p.Bytes()
	}
	p := &page{zone: m.Zone}
	m.extraction(p)
	m.files["extraction.txt"] = p.Bytes()
	return nil
}

// proofs writes evidence.json and the frames and rows that leaves commit to. Of
// a row only the newest leaf's hash is that of the row as it is.
func (m *maker) proofs() error {
	m.evidence = evidence{Version: 1, Case: m.Case, Leaves: []leaf{}}
	byIndex := make(map[string]*moderation.Recorded)
	for i := range m.events {
		byIndex[fmt.Sprint(m.events[i].Index)] = &m.events[i]
	}
	newest := make(map[leafKey]int64)
	for _, l := range m.leaves {
		newest[leafKey{l.Kind, l.Ref}] = l.Index
	}
	for _, l := range m.leaves {
		out := leaf{Index: l.Index - 1, Kind: l.Kind, Ref: l.Ref, Data: string(l.Data), Proof: l.proof}
		if out.Proof == nil {
			out.Proof = []ledger.Hash{}
		}
		var err error
		switch e := byIndex[l.Ref]; {
		case len(l.Data) == 0:
			out.Hash, out.Data, out.Withheld = l.hash, "", erasedPart
			m.erased++
		case l.Kind == moderation.LeafEvent && e != nil:
			err = m.frame(&out, e)
		case newest[leafKey{l.Kind, l.Ref}] == l.Index:
			err = m.row(&out)
		}
		if err != nil {
			return err
		}
		if err := m.hideLeaf(&out, byIndex[l.Ref]); err != nil {
			return err
		}
		m.evidence.Leaves = append(m.evidence.Leaves, out)
	}
	b, err := json.Marshal(&m.evidence, jsontext.WithIndent(" "), json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write %s: %w", evidenceFile, err)
	}
	m.files[evidenceFile] = append(b, '\n')
	return nil
}

// Why a part is not in the bundle.
const (
	hiddenPart = "personal data"
	erasedPart = "erased"
)

// ofTheRoom are the events that are the broadcast's own: frames of the others
// are about buyers.
func ofTheRoom(e *moderation.Recorded) bool {
	return moderation.IsUtterance(&e.Event) || e.Kind == feed.KindGap || e.Kind == feed.KindSystem || e.Kind == feed.KindProduct
}

// frame adds an event's raw bytes and its row.
func (m *maker) frame(out *leaf, e *moderation.Recorded) error {
	if e.Seal.Erased() {
		out.Withheld = erasedPart
		m.erased++
		return nil
	}
	row, err := moderation.EventRow(&e.Event)
	if err != nil {
		return err
	}
	if !m.Veil.Lifts(moderation.FieldRaw) && (!ofTheRoom(e) || !privacy.Clean(e.Text) || !privacy.CleanFrame(string(e.Raw)) || !privacy.CleanFrame(string(row))) {
		out.Withheld = hiddenPart
		m.withheld++
		return nil
	}
	out.Raw, out.Row = fmt.Sprintf("frames/%08d.bin", e.Index), fmt.Sprintf("rows/event-%08d.json", e.Index)
	m.files[out.Raw], m.files[out.Row] = slices.Concat([]byte{}, e.Raw), row
	out.Salt, err = moderation.EventSalt(e, []byte(out.Data))
	return err
}

// hideLeaf puts the hash in the place of a leaf that tells an order's number: an
// order's own, and those of events, whose ids shops make of it.
func (m *maker) hideLeaf(l *leaf, e *moderation.Recorded) error {
	named := l.Kind == moderation.LeafOrder || l.Kind == moderation.LeafEvent && e != nil && !ofTheRoom(e)
	if !named || l.Data == "" || m.Veil.Lifts(moderation.FieldOrder) {
		return nil
	}
	record, err := ledger.Record(l.Kind, l.Ref, []byte(l.Data))
	if err != nil {
		return err
	}
	l.Hash, l.Data = tlog.RecordHash(record), ""
	l.Salt = nil
	l.Withheld = cmp.Or(l.Withheld, hiddenPart)
	if l.Kind == moderation.LeafOrder {
		l.Ref = m.Veil.Order(l.Ref)
	}
	return nil
}

// row adds a row. Only flags are about the host alone.
func (m *maker) row(out *leaf) error {
	if out.Kind == moderation.LeafEffect || out.Kind == moderation.LeafPolicy {
		return nil
	}
	if m.Erased(out.Kind, out.Ref) {
		out.Withheld = erasedPart
		m.erased++
		return nil
	}
	row, err := m.Row(out.Kind, out.Ref)
	if err != nil {
		return err
	}
	if !m.Veil.Lifts(moderation.FieldRaw) && (out.Kind != moderation.LeafFlag || !privacy.CleanFrame(string(row))) {
		out.Withheld = hiddenPart
		m.withheld++
		return nil
	}
	// An order's number is the shop's and no name for a file.
	sum := sha256.Sum256([]byte(out.Ref))
	name := out.Ref
	if out.Kind == moderation.LeafOrder {
		name = hex.EncodeToString(sum[:8])
	}
	out.Row = fmt.Sprintf("rows/%s-%s.json", out.Kind, name)
	m.files[out.Row] = bytes.Clone(row)
	out.Salt, err = m.Salt(out.Kind, out.Ref, []byte(out.Data))
	return err
}
