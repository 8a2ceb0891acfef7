package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"liveroom/moderation/ledger"
)

// The files of a bundle that its manifest is about, or that are the manifest.
const (
	manifestFile   = "manifest.txt"
	signatureFile  = "manifest.sig"
	evidenceFile   = "evidence.json"
	checkpointFile = "checkpoint.txt"
	stampFile      = "checkpoint.tsr"
	keyFile        = "key.pub"
)

// manifest lists every file but itself and its signature: SHA-256, size, name.
func manifest(files map[string][]byte) []byte {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name != manifestFile && name != signatureFile {
			sum := sha256.Sum256(files[name])
			fmt.Fprintf(&b, "%s %d %s\n", hex.EncodeToString(sum[:]), len(files[name]), name)
		}
	}
	return []byte(b.String())
}

// manifestText is what the key signs: it can be taken for no checkpoint, whose
// second line is a number.
func manifestText(manifest []byte) string {
	sum := sha256.Sum256(manifest)
	return "liveroom bundle 1\nmanifest " + hex.EncodeToString(sum[:]) + "\n"
}

// seal adds the manifest and its signature.
func seal(files map[string][]byte, key note.Signer) error {
	files[manifestFile] = manifest(files)
	msg, err := note.Sign(&note.Note{Text: manifestText(files[manifestFile])}, key)
	if err != nil {
		return fmt.Errorf("sign the bundle: %w", err)
	}
	files[signatureFile] = msg
	return nil
}

// checkSeal finds what differs from the manifest, and whether the key signed it.
func checkSeal(files map[string][]byte, key note.Verifier) error {
	var errs []error
	text, err := ledger.OpenNote(files[signatureFile], key)
	switch {
	case err != nil:
		errs = append(errs, fmt.Errorf("%s: %w", signatureFile, err))
	case text != manifestText(files[manifestFile]):
		errs = append(errs, fmt.Errorf("%s is not the one that was signed", manifestFile))
	}
	listed := make(map[string]string)
	for line := range strings.Lines(string(files[manifestFile])) {
		if f := strings.Fields(line); len(f) == 3 {
			listed[f[2]] = line
		}
	}
	is := make(map[string]string)
	for line := range strings.Lines(string(manifest(files))) {
		is[strings.Fields(line)[2]] = line
	}
	for _, name := range slices.Sorted(maps.Keys(is)) {
		switch was, ok := listed[name]; {
		case !ok:
			errs = append(errs, fmt.Errorf("%s was put in", name))
		case was != is[name]:
			errs = append(errs, fmt.Errorf("%s was changed", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		if is[name] == "" {
			errs = append(errs, fmt.Errorf("%q was taken out", name))
		}
	}
	if len(errs) == 0 && string(manifest(files)) != string(files[manifestFile]) {
		errs = append(errs, fmt.Errorf("%s is not written as it was", manifestFile))
	}
	return errors.Join(errs...)
}
