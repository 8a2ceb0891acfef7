package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"liveroom/claims"
	"liveroom/claims/rules"
	"liveroom/claims/sheet"
	"liveroom/feed"
	"liveroom/feed/door"
	"liveroom/moderation"
	"liveroom/moderation/notary"
	"liveroom/moderation/notify"
	"liveroom/moderation/policy"
	"liveroom/moderation/qualification"
	"liveroom/moderation/risk"
	"liveroom/moderation/rulebook"
	"liveroom/moderation/sqlite"
	"liveroom/tui"
)

// A station is everything of one set-up that runs: the record, the desk and
// the sources that feed it.
type station struct {
	store    *sqlite.Store
	desk     *moderation.Desk
	ground   *ground
	policies *policyFiles
	goods    *goodsFiles
	book     *rulebook.Book // nil: no rule file is written from here
	notary   *notary.Notary // nil: nothing is signed
	clock    func() time.Time
	sources  []*feed.Source
	door     *door.Door // nil: closed
	ways     *ways      // nil: nothing leaves
	// temporary tells that the record is deleted when the program ends.
	temporary bool
}

// stationConfig is what a station is built from.
type stationConfig struct {
	db         string
	ground     *ground
	clock      func() time.Time
	undoWindow time.Duration
	// answerWithin is how long a viewer may wait for an answer; 0: the default.
	answerWithin time.Duration
	// lease is how long a case stays with who took it; 0: the default.
	lease time.Duration
	// speechWindow is how long before the payment words count; 0: the default.
	speechWindow time.Duration
	rooms        []moderation.Room
	hosts        []moderation.HostFacts
	// atRisk is how long before it runs out the screen tells of a clock; 0: the default.
	atRisk time.Duration
	// notify are the ways of telling people beside the screen, and notifier them.
	notify   []moderation.Notify
	notifier moderation.Effector
	// ways are where effects leave by; nil: nowhere.
	ways *ways
	// policies are those in force; nil: the shipped ones.
	policies *policyFiles
	// goods tell what goods on air lack; nil: nothing is looked at.
	goods *goodsFiles
	// risk weighs orders; nil: nothing does.
	risk *risk.Rules
	// ledger says who signs; without a key nobody does.
	ledger LedgerConfig
}

// openStation opens the record and the desk. Close must follow.
func openStation(ctx context.Context, c stationConfig) (*station, error) {
	var policies *policy.Set
	if c.policies != nil {
		var err error
		if policies, err = c.policies.load(); err != nil {
			return nil, err
		}
	}
	var shelf *qualification.Shelf
	if c.goods != nil {
		var err error
		if shelf, err = c.goods.load(); err != nil {
			return nil, err
		}
	}
	store, err := sqlite.Open(ctx, c.db)
	if err != nil {
		return nil, err
	}
	var out moderation.Effector
	if c.ways != nil {
		out = c.ways
	}
	book, written := c.ground.book()
	start := time.Now() // the monotonic clock beside the one that people set
	desk, err := moderation.NewDesk(ctx, moderation.Config{
		Uptime: func() time.Duration { return time.Since(start) },
		Store:  store, Checker: c.ground.checker(), Clock: c.clock, Wall: time.Now, UndoWindow: c.undoWindow, AnswerWithin: c.answerWithin, Lease: c.lease,
		SpeechWindow: c.speechWindow, Rooms: c.rooms, Policies: policies, Product: c.ground.product, Hosts: c.hosts,
		Shelf: shelf, Risk: c.risk, AtRisk: c.atRisk, Notify: c.notify, Notifier: c.notifier, Rules: written, Effector: out,
	})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	s := &station{store: store, desk: desk, ground: c.ground, policies: c.policies, goods: c.goods, book: book, clock: c.clock, ways: c.ways}
	if c.ledger.Key != "" {
		if err := s.sign(ctx, c.db, c.ledger); err != nil {
			return nil, errors.Join(err, store.Close())
		}
	}
	return s, nil
}

// openConfigured opens the station that a config describes, and its door. refused is
// told what a source sent that could not be read; it may be nil.
func openConfigured(ctx context.Context, c Config, refused func(source string, err error)) (*station, error) {
	s, err := setUp(ctx, c, refused)
	if err != nil {
		return nil, err
	}
	if s.door != nil {
		if _, err := s.door.Listen(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

// setUp makes the station that a config describes, with its door closed: nobody is
// dialled and nobody can come in.
func setUp(ctx context.Context, c Config, refused func(source string, err error)) (*station, error) {
	var ruleFiles []string
	for _, name := range c.Rules.Files {
		ruleFiles = append(ruleFiles, c.beside(name))
	}
	g, err := openGround(c.beside(c.Facts.File), ruleFiles)
	if err != nil {
		return nil, err
	}
	g.staleAfter = time.Duration(c.Facts.StaleAfter)
	policies, err := c.policyFiles()
	if err != nil {
		return nil, err
	}
	sc := stationConfig{
		db: c.beside(c.Record.File), ground: g, clock: time.Now, undoWindow: time.Duration(c.Desk.UndoWindow), answerWithin: time.Duration(c.Desk.AnswerWithin),
		lease: time.Duration(c.Desk.Lease), atRisk: time.Duration(c.Desk.AtRisk), speechWindow: time.Duration(c.Desk.SpeechWindow), ledger: c.Ledger, policies: policies,
	}
	sc.ways = &ways{}
	if err := sc.ways.addOut(c.Out); err != nil {
		return nil, err
	}
	if sc.notify, sc.notifier, err = newGroups(c.Notify, notify.Options{}); err != nil {
		return nil, err
	}
	sc.goods = c.goods(g)
	if sc.risk, err = c.riskRules(); err != nil {
		return nil, err
	}
	sc.ledger.Key = firstSet(c.beside(c.Ledger.Key), keyBeside(sc.db))
	if sc.hosts, err = c.hostFacts(); err != nil {
		return nil, err
	}
	for _, r := range c.Rooms {
		sc.rooms = append(sc.rooms, moderation.Room{ID: r.ID, Name: r.Name, TimeZone: r.TimeZone})
	}
	s, err := openStation(ctx, sc)
	if err != nil {
		return nil, err
	}
	if s.door, err = c.openDoor(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	for _, r := range c.Rooms {
		for i, src := range r.Sources {
			if err := s.watch(r.ID, sourceName(r.ID, i, src), src, refused); err != nil {
				return nil, errors.Join(fmt.Errorf("room %q: source %d: %w", r.ID, i+1, err), s.Close())
			}
		}
	}
	s.ways.settle()
	return s, nil
}

// sourceName is what a source's position is kept under: it must not change
// when sources are added behind it.
func sourceName(room string, index int, c SourceConfig) string {
	return fmt.Sprintf("%s/%d/%s", room, index+1, c.Protocol)
}

// watch adds a source.
func (s *station) watch(room, name string, c SourceConfig, refused func(source string, err error)) error {
	protocol, err := newProtocol(c, room)
	if err != nil {
		return err
	}
	// A platform's decoder names the source itself; its position goes by the
	// same name, so that what was received before is known again.
	if named, ok := protocol.(interface{ Source() string }); ok {
		name = named.Source()
	}
	config := feed.Config{
		Source: name, Room: room, ReadLimit: c.ReadLimit, AllowPlain: c.AllowInsecure,
		Clock: s.clock, Status: s.desk.SourceStatus,
	}
	if refused != nil {
		config.Refused = func(err error) { refused(name, err) }
	}
	if s.ways != nil {
		s.ways.note(room, name, c.Protocol)
	}
	if c.Door != "" {
		if hook, err := s.letIn(c, &config); hook || err != nil {
			return err
		}
	}
	src, err := feed.NewSource(config, protocol)
	if err != nil {
		return err
	}
	s.sources = append(s.sources, src)
	if s.ways != nil {
		return s.ways.addSource(room, name, c, src)
	}
	return nil
}

// open keeps the desk at work while fn runs: the outbox goes out, a record that
// could not be written is tried again, changed sheets and rules are taken in.
func (s *station) open(ctx context.Context, fn func(ctx context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ticks := time.NewTicker(lookAgain)
	defer ticks.Stop()
	var work sync.WaitGroup
	work.Go(func() { s.desk.Run(ctx) })
	work.Go(func() { s.keepSigning(ctx) })
	work.Go(func() {
		onEvery(ctx, ticks.C, func() {
			s.ground.look(func(c *claims.Checker) { s.desk.UseChecker(c) }, s.desk.Warn)
			s.policies.look(s.desk.UsePolicies, s.desk.Warn)
			s.goods.look(s.desk.UseShelf, s.desk.Warn)
		})
	})
	err := fn(ctx)
	stop()
	work.Wait()
	return err
}

// receive feeds the desk until every source has ended or ctx is done. It
// returns the errors of sources that cannot go on.
func (s *station) receive(ctx context.Context) error {
	errs := make([]error, len(s.sources)+1)
	var running sync.WaitGroup
	if s.door != nil {
		running.Go(func() { errs[len(s.sources)] = s.door.Serve(ctx) })
	}
	for i, src := range s.sources {
		running.Go(func() { errs[i] = src.Run(ctx, s.desk) })
	}
	running.Wait()
	return errors.Join(errs...)
}

// product is what the sheet in force says, for the screen.
func (s *station) product() func(sku string) *sheet.Product {
	if s.ground.sheet.Load() == nil {
		return nil
	}
	return s.ground.product
}

// tried tries what somebody wants to add to the rule file on the station's record.
type tried struct {
	*rulebook.Book
	store *sqlite.Store
}

// Try implements tui.Rules.
func (t tried) Try(ctx context.Context, d rules.Draft, room string, from, to time.Time) (trial rulebook.Trial, err error) {
	err = t.store.Snapshot(ctx, func(r moderation.Record) error {
		trial, err = t.Book.Try(ctx, r, d, room, from, to)
		return err
	})
	return trial, err
}

// rules are for the screen; nil where the config names no rule file.
func (s *station) rules() tui.Rules {
	if s.book == nil {
		return nil
	}
	return tried{s.book, s.store}
}

// Close writes a last checkpoint and closes the record. It is called when
// whatever the station ran under is over.
func (s *station) Close() error {
	var err error
	if s.door != nil {
		err = s.door.Close()
	}
	if s.notary != nil {
		err = errors.Join(err, s.notary.Close(context.Background()))
	}
	return errors.Join(err, s.store.Close())
}
