package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"liveroom/moderation"
	"liveroom/moderation/sqlite"
)

// A veil hides personal data in rows. What it lets through are the fields that
// were revealed, of the rows of one case.
type veil struct {
	fields     moderation.Veil
	events     map[int64]bool
	complaints map[int64]bool
	orders     map[string]bool
	incident   int64
}

// of is the veil over one row.
func (v *veil) of(inCase bool) moderation.Veil {
	if !inCase {
		return nil
	}
	return v.fields
}

// revealOptions are the flags by which a person asks for personal data.
type revealOptions struct {
	fields   []string
	incident int64
	reason   string
	config   string
	by       string
}

func (o *revealOptions) flags(f *pflag.FlagSet) {
	f.Int64Var(&o.incident, "case", 0, "the case whose rows --reveal is about")
	o.bundleFlags(f)
}

// bundleFlags are the flags of a command that is about one case anyway.
func (o *revealOptions) bundleFlags(f *pflag.FlagSet) {
	f.StringSliceVar(&o.fields, "reveal", nil, "personal data to give in full: "+fieldNames()+"; for one case and with a reason, which the ledger keeps")
	f.StringVar(&o.reason, "reason", "", "why --reveal is needed")
	f.StringVar(&o.config, "config", "", "config that names the person at the desk and their role")
	f.StringVar(&o.by, "by", "", "who asks, for the ledger (default: the config's person, or the name of the account)")
}

func fieldNames() string {
	var names []string
	for _, f := range moderation.PersonalFields {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// actor is who runs a command on a record.
func (o *revealOptions) actor() (moderation.Actor, error) {
	a := moderation.Actor{Name: o.by, Role: moderation.RoleSupervisor}
	if o.config != "" {
		c, err := loadConfig(o.config)
		if err != nil {
			return a, err
		}
		a = moderation.Actor{Name: firstSet(o.by, c.Desk.Name), Role: moderation.Role(c.Desk.Role)}
	}
	a.Name = firstSet(a.Name, os.Getenv("USER"))
	return a, nil
}

// ask has the desk allow what is to be revealed, and write it down, before
// anything is read.
func (o *revealOptions) ask(ctx context.Context, db string) (err error) {
	if len(o.fields) == 0 {
		return nil
	}
	if o.incident == 0 || strings.TrimSpace(o.reason) == "" {
		return errors.New("--reveal needs a case and a reason, which the ledger keeps: add --case ID --reason WHY")
	}
	for _, f := range o.fields {
		if !slices.Contains(moderation.PersonalFields, moderation.PersonalField(f)) {
			return fmt.Errorf("--reveal %q is not known: use %s", f, fieldNames())
		}
	}
	who, err := o.actor()
	if err != nil {
		return err
	}
	store, err := sqlite.Open(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	desk, err := moderation.NewDesk(ctx, moderation.Config{Store: store})
	if err != nil {
		return err
	}
	for _, f := range o.fields {
		if _, err := desk.Do(ctx, who, moderation.Reveal{Case: o.incident, Field: moderation.PersonalField(f), Reason: o.reason}); err != nil {
			return err
		}
	}
	return nil
}

func (o *revealOptions) fieldsAsked() moderation.Veil {
	var v moderation.Veil
	for _, f := range o.fields {
		v = append(v, moderation.PersonalField(f))
	}
	return v
}

// openVeiled opens a record to read it, with the veil over its rows. What is to be
// revealed is asked for and written down before.
func (o *revealOptions) openVeiled(ctx context.Context, db string) (*sqlite.Store, *veil, error) {
	if err := isThere(db); err != nil {
		return nil, nil, err
	}
	if err := o.ask(ctx, db); err != nil {
		return nil, nil, err
	}
	store, err := openRecord(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	v, err := o.veil(ctx, store)
	if err != nil {
		return nil, nil, errors.Join(err, store.Close())
	}
	return store, v, nil
}

// veil is what hides the rest.
func (o *revealOptions) veil(ctx context.Context, r moderation.Record) (*veil, error) {
	v := &veil{}
	if len(o.fields) == 0 {
		return v, nil
	}
	rows, err := moderation.RowsOf(ctx, r, o.incident)
	if err != nil {
		return nil, err
	}
	v.incident = o.incident
	v.events, v.complaints, v.orders = map[int64]bool{}, map[int64]bool{}, map[string]bool{}
	v.fields = o.fieldsAsked()
	for _, f := range rows.Flags {
		v.events[f.Event] = true
	}
	for _, c := range rows.Complaints {
		v.events[c.Event], v.complaints[c.ID] = true, true
	}
	for _, o := range rows.Orders {
		v.orders[o.ID], v.events[o.Event] = true, true
	}
	return v, nil
}
