package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"liveroom/claims"
	"liveroom/claims/sheet"
	"liveroom/moderation"
	"liveroom/moderation/policy"
	"liveroom/moderation/sqlite"
	"liveroom/tui/text"
)

// exposedOptions are the flags of exposed.
type exposedOptions struct {
	flag          int64
	db, as, facts string
	window        time.Duration
	open          bool
	reveal        revealOptions
}

func newExposed() *cobra.Command {
	var o exposedOptions
	cmd := &cobra.Command{
		Use:   "exposed FLAG [--db FILE] [--facts SHEET] [--open --by NAME]",
		Short: "Which orders a confirmed claim reached, and the money in them",
		Long: "Which orders were paid from when a confirmed flag's claim was said until it was put right, or the\n" +
			"goods or the broadcast were gone, each once however often it was said; the money in them, and\n" +
			"what each policy would make of it were all of them applied for now. With --facts the host is\n" +
			"heard who puts it right on air; without, it counts when he was told to. --open puts the orders\n" +
			"into one case, which the ledger keeps: close the console first. Done again it adds what came since.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := wordsOrJSON(cmd, o.as)
			if err != nil {
				return err
			}
			if o.flag, err = strconv.ParseInt(args[0], 10, 64); err != nil {
				return fmt.Errorf("%q is no number of a flag: `liveroom flags` lists them", args[0])
			}
			return o.run(cmd, lang)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.db, "db", "liveroom.db", "database file of the record")
	f.StringVar(&o.as, "format", "text", "text or jsonl")
	f.StringVar(&o.facts, "facts", "", "fact sheet (default: the config's)")
	f.DurationVar(&o.window, "window", 0, "how long what was said sells on after the goods are gone (default: the config's speech_window, else 10m)")
	f.BoolVar(&o.open, "open", false, "open a case for them, or add them to the one there is")
	o.reveal.flags(f)
	return cmd
}

// exposing is what the question is asked with.
type exposing struct {
	inquiry   moderation.Inquiry
	listening moderation.Listening
	checker   moderation.Checker // nil: there is no sheet
}

// load reads the sheet and the policies: the config's, and what flags name.
func (o *exposedOptions) load() (exposing, error) {
	x := exposing{listening: moderation.Listening{Window: o.window}}
	files, facts := &policyFiles{}, o.facts
	var err error
	if o.reveal.config != "" {
		c, err := loadConfig(o.reveal.config)
		if err != nil {
			return x, err
		}
		if files, err = c.policyFiles(); err != nil {
			return x, err
		}
		facts = firstSet(facts, c.beside(c.Facts.File))
		if x.inquiry.Hosts, err = c.hostFacts(); err != nil {
			return x, err
		}
		if o.window == 0 {
			x.listening.Window = time.Duration(c.Desk.SpeechWindow)
		}
	} else if files.base, err = policy.Shipped(); err != nil {
		return x, err
	}
	if x.inquiry.Policies, err = files.load(); err != nil {
		return x, err
	}
	s, err := loadSheet(facts)
	if err != nil || s == nil {
		return x, err
	}
	checker := claims.New(s)
	x.checker, x.listening.Claimer = checker, checker
	x.inquiry.Product = func(sku string) *sheet.Product { return s.Product(sku) }
	return x, nil
}

func (o *exposedOptions) run(cmd *cobra.Command, lang text.Lang) error {
	if o.window < 0 {
		return fmt.Errorf("--window %s: give a time, like 10m", o.window)
	}
	x, err := o.load()
	if err != nil {
		return err
	}
	if err := isThere(o.db); err != nil {
		return err
	}
	var opened *moderation.Result
	if o.open {
		if opened, err = o.openAll(cmd.Context(), x); err != nil {
			return err
		}
	}
	if err := o.reveal.ask(cmd.Context(), o.db); err != nil {
		return err
	}
	store, err := sqlite.OpenReadOnly(cmd.Context(), o.db)
	if err != nil {
		return err
	}
	defer store.Close()
	v, err := o.reveal.veil(cmd.Context(), store)
	if err != nil {
		return err
	}
	x.inquiry.Record = store
	found, err := x.inquiry.BlastRadius(cmd.Context(), o.flag, x.listening, time.Now())
	if err != nil {
		return err
	}
	page := exposedPage{Writer: bufio.NewWriter(cmd.OutOrStdout()), veil: v, found: found, opened: opened}
	if o.as == "jsonl" {
		err = page.rows()
	} else {
		page.text(lang)
	}
	return errors.Join(err, page.Flush())
}

// openAll opens the case for all of them.
func (o *exposedOptions) openAll(ctx context.Context, x exposing) (_ *moderation.Result, err error) {
	who, err := o.reveal.actor()
	if err != nil {
		return nil, err
	}
	store, err := sqlite.Open(ctx, o.db)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	desk, err := moderation.NewDesk(ctx, moderation.Config{
		Store: store, Checker: x.checker, Policies: x.inquiry.Policies, SpeechWindow: x.listening.Window,
	})
	if err != nil {
		return nil, err
	}
	r, err := desk.Do(ctx, who, moderation.OpenExposed{Flag: o.flag})
	return &r, err
}
