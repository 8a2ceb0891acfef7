package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"liveroom/moderation"
	"liveroom/tui/text"
)

// retryOptions say what is asked for once more, and by whom.
type retryOptions struct {
	effects []int64
	as      string
	who     revealOptions
}

func newEffectsRetry() *cobra.Command {
	var o retryOptions
	cmd := &cobra.Command{
		Use:   "retry EFFECT… --config FILE [--by NAME]",
		Short: "Ask once more for what failed, or was perhaps done",
		Long: "Asks once more for effects that failed or were perhaps done, by their numbers in liveroom effects\n" +
			"--failed. The config names the record, the person at the desk and their role, and who can act: what\n" +
			"a source only reads is refused. The ledger keeps who asked. It leaves when a console or liveroom\n" +
			"collect runs with this config, and cannot be undone. Close the console first: it asks by !.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("which effect? name its number: `liveroom effects --failed` lists them")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			lang, err := wordsOrJSON(cmd, o.as)
			if err != nil {
				return err
			}
			for _, arg := range args {
				id, err := strconv.ParseInt(arg, 10, 64)
				if err != nil || id <= 0 {
					return fmt.Errorf("%q is no number of an effect: `liveroom effects --failed` lists them", arg)
				}
				o.effects = append(o.effects, id)
			}
			return o.run(cmd, lang)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.as, "format", "text", "text or jsonl")
	f.StringVar(&o.who.config, "config", "liveroom.toml", "config file")
	f.StringVar(&o.who.by, "by", "", "who asks, for the ledger (default: the config's person, or the name of the account)")
	return cmd
}

func (o *retryOptions) run(cmd *cobra.Command, lang text.Lang) (err error) {
	c, err := loadConfig(o.who.config)
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.beside(c.Record.File)); err != nil {
		return fmt.Errorf("open record: %w: name with --config the config of the program that asked", err)
	}
	who, err := o.who.actor()
	if err != nil {
		return err
	}
	s, err := setUp(cmd.Context(), c, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	done, failed := 0, error(nil)
	for _, id := range o.effects {
		if _, failed = s.desk.Do(cmd.Context(), who, moderation.RetryEffect{Effect: id}); failed != nil {
			failed = fmt.Errorf("%w; `liveroom effects --failed` lists what can be asked for once more", failed)
			break
		}
		done++
	}
	return errors.Join(o.tell(cmd, s, o.effects[:done], lang), failed)
}

// tell prints how what was asked for once more stands.
func (o *retryOptions) tell(cmd *cobra.Command, s *station, done []int64, lang text.Lang) error {
	if len(done) == 0 {
		return nil
	}
	all, err := s.desk.Reader().Effects(cmd.Context(), time.Time{})
	if err != nil {
		return fmt.Errorf("read effects: %w", err)
	}
	out := bufio.NewWriter(cmd.OutOrStdout())
	for i := range all {
		switch e := &all[i]; {
		case !slices.Contains(done, e.ID):
		case o.as == "jsonl":
			if err := writeJSON(out, showEffect(e)); err != nil {
				return err
			}
		default:
			_, _ = fmt.Fprintln(out, effectLine(e, text.For(lang)))
		}
	}
	if o.as != "jsonl" {
		_, _ = fmt.Fprintln(out, in(lang, "再请求一次：控制台或 liveroom collect 用这份配置运行时发出", "asked for once more: it leaves when a console or liveroom collect runs with this config"))
	}
	return out.Flush()
}
