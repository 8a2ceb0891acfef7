package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"liveroom/moderation/notary"
)

// LedgerConfig says who signs checkpoints of the ledger, and when.
type LedgerConfig struct {
	Key    string   `toml:"key"`
	Leaves int64    `toml:"leaves"`
	Every  Duration `toml:"every"`
}

func (c LedgerConfig) check() error {
	switch {
	case c.Leaves < 1:
		return fmt.Errorf("leaves: %d: give how many leaves go into a checkpoint, at least 1", c.Leaves)
	case c.Every < Duration(time.Second):
		return fmt.Errorf("every: %s is too short: give at least 1s", time.Duration(c.Every))
	}
	return nil
}

// defaultKey is the key file where nothing names one. It stands beside the
// record, so that who has the record finds what checks it.
const defaultKey = "liveroom.key"

// keyBeside is the key of a record for which no config names another.
func keyBeside(db string) string { return filepath.Join(filepath.Dir(db), defaultKey) }

// checkpointsOf is the file that the checkpoints of a record are kept in.
func checkpointsOf(db string) string { return db + ".checkpoints" }

// lookForCheckpoint is how often the notary looks whether a checkpoint is due:
// often enough that a span in the config is kept to a second or so.
const lookForCheckpoint = time.Second

// sign has checkpoints of the station's record written from now on.
func (s *station) sign(ctx context.Context, db string, c LedgerConfig) error {
	key, _, err := notary.OpenKey(c.Key)
	if err != nil {
		return err
	}
	s.notary, err = notary.Open(ctx, notary.Config{
		Key: key, File: checkpointsOf(db), Log: s.store, Clock: time.Now, Leaves: c.Leaves, Every: time.Duration(c.Every),
		Failed: func(err error) { s.desk.Warn("checkpoint", err.Error()) },
		Wrote:  func() { s.desk.Warn("checkpoint", "") },
	})
	return err
}

// keepSigning writes checkpoints as they get due, until ctx is done.
func (s *station) keepSigning(ctx context.Context) {
	if s.notary == nil {
		return
	}
	ticks := time.NewTicker(lookForCheckpoint)
	defer ticks.Stop()
	s.notary.Run(ctx, ticks.C)
}
