package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/bundle"
	"liveroom/moderation/ledger"
	"liveroom/moderation/notary"
	"liveroom/moderation/sqlite"
)

type bundleOptions struct {
	db, out, key string
	reveal       revealOptions
}

func newBundle() *cobra.Command {
	var o bundleOptions
	cmd := &cobra.Command{
		Use:   "bundle CASE --db FILE -o FILE.zip",
		Short: "Take a case's evidence out of the record, to be checked elsewhere",
		Long: "Writes a case's evidence into one zip: the frames as they arrived, what was said, flags, orders,\n" +
			"complaints, who did what, the connection and its holes, proofs that all of it stands in the ledger,\n" +
			"a signed checkpoint, and a verifier that needs nothing but Python. Personal data is hidden, and\n" +
			"frames with any in them are left out, unless --reveal raw is given with a --reason.\n" +
			"`liveroom verify FILE.zip` checks it.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := strconv.ParseInt(strings.TrimPrefix(args[0], "#"), 10, 64)
			if err != nil {
				return fmt.Errorf("case %q is no number: `liveroom cases` lists them", args[0])
			}
			o.reveal.incident = id
			if o.out == "" {
				return errors.New("name the file to write: -o FILE.zip")
			}
			return o.run(cmd.Context(), cmd.OutOrStdout())
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.db, "db", "liveroom.db", "database file of the record")
	f.StringVarP(&o.out, "output", "o", "", "zip file to write; it must not be there yet")
	f.StringVar(&o.key, "key", "", "key file that signs (default: liveroom.key beside the record)")
	o.reveal.bundleFlags(f)
	return cmd
}

func (o *bundleOptions) run(ctx context.Context, out io.Writer) error {
	if err := isThere(o.db); err != nil {
		return err
	}
	who, err := o.reveal.actor()
	if err != nil {
		return err
	}
	if !who.Role.May(moderation.RightBundle) {
		return fmt.Errorf("%w: the config's role is %s", bundle.ErrNotAllowed, who.Role)
	}
	if who.Name == "" {
		return errors.New("who takes the evidence out? name them with --by")
	}
	key, _, err := notary.OpenKey(firstSet(o.key, keyBeside(o.db)))
	if err != nil {
		return err
	}
	if err := o.reveal.ask(ctx, o.db); err != nil {
		return err
	}
	store, err := sqlite.OpenReadOnly(ctx, o.db)
	if err != nil {
		return err
	}
	defer store.Close()
	stamped, err := stampedOf(o.db, key)
	if err != nil {
		return err
	}
	zip, err := bundle.Make(ctx, store, bundle.Options{
		Case: o.reveal.incident, Key: key.Signer(), Public: key.Public(), Now: time.Now(), Actor: who, Tool: toolName(),
		Veil: o.reveal.fieldsAsked(), Reason: o.reveal.reason, Zone: chinaTime(), Stamped: stamped,
	})
	if err != nil {
		return err
	}
	if err := writeOnce(o.out, zip); err != nil {
		return err
	}
	sum := sha256.Sum256(zip)
	return printf(out, "%x  %s\n", sum, feed.Sanitise(o.out))
}

// writeOnce writes a file that must not be there: evidence is not written over.
func writeOnce(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: name another file", path)
	}
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write bundle: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

// stampedOf reads the checkpoints of a record that a time stamp lies beside.
func stampedOf(db string, key *notary.Key) ([]bundle.Stamped, error) {
	file := checkpointsOf(db)
	b, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read checkpoints: %w", err)
	}
	v, err := key.Verifier()
	if err != nil {
		return nil, err
	}
	notes, _ := ledger.SplitCheckpoints(b)
	chain, err := ledger.CheckChain(notes, v)
	if err != nil {
		return nil, fmt.Errorf("checkpoints %s: %w: run liveroom verify", file, err)
	}
	var out []bundle.Stamped
	for i, c := range chain {
		if token, err := os.ReadFile(notary.StampPath(file, c.Size)); err == nil {
			out = append(out, bundle.Stamped{Checkpoint: c, Note: notes[i], Token: token})
		}
	}
	return out, nil
}

// toolName is the program with the version it was built from.
func toolName() string {
	version := "unversioned"
	if info, ok := debug.ReadBuildInfo(); ok {
		i := slices.IndexFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "vcs.revision" })
		if version = info.Main.Version; i >= 0 {
			version += " " + info.Settings[i].Value
		}
	}
	return fmt.Sprintf("liveroom %s (%s %s/%s)", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// chinaTime is the zone that evidence is written in: that of the courts it is for.
func chinaTime() *time.Location { return time.FixedZone("CST", 8*60*60) }

// verifyBundle checks a bundle and says what holds.
func verifyBundle(out io.Writer, name, givenKey string) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read bundle: %w", err)
	}
	var trusted note.Verifier
	if givenKey != "" {
		if trusted, err = verifierKey(givenKey); err != nil {
			return err
		}
	}
	r := bundle.Verify(b, trusted)
	var lines []string
	for _, f := range r.Faults {
		for l := range strings.SplitSeq(f, "\n") {
			lines = append(lines, name+": "+l)
		}
	}
	if len(r.Faults) == 0 {
		lines = append(lines,
			fmt.Sprintf("case %d: %d leaves, %d frames and rows, %d left out for personal data", r.Case, r.Leaves, r.Parts, r.Withheld),
			fmt.Sprintf("all stand in a ledger of %d leaves, signed %s by the signer's clock", r.Checkpoint.Size, r.Checkpoint.At.Format(time.RFC3339)),
			"key: "+r.Key)
		if r.Stamp {
			lines = append(lines, "there is a time stamp of the checkpoint; its authority was not asked: use openssl ts -verify")
		}
		if trusted == nil {
			lines = append(lines, "by the key in the bundle only: whoever made it anew would sign with their own; pass the key you were given with --key")
		}
	}
	for _, l := range lines {
		if err := printf(out, "%s\n", feed.Sanitise(l)); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	if len(r.Faults) > 0 {
		return errFound
	}
	return nil
}
