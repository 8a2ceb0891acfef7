// Command liveroom is a terminal console for moderating livestream commerce.
// Each subcommand stands in a file of its own and only wires rooms together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // rooms have zones; not every machine has the table of them

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/moderation/privacy"
	"liveroom/tui/text"
)

// Exit codes: a command is done, done and found something, or could not.
const (
	exitDone  = 0
	exitFound = 1
	exitError = 2
)

// errFound is what a command returns that did its work and found something.
var errFound = errors.New("found something")

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program without the process around it.
func run(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := untilTold(errOut)
	defer stop()

	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFound):
		return exitFound
	default:
		printError(errOut, inOneLine(err, args))
		return exitError
	}
}

// untilTold is done when the program is told to end, which may take a while: what
// was received is recorded first. Who tells it twice does not want to wait.
func untilTold(errOut io.Writer) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	told := make(chan os.Signal, 2)
	// SIGHUP is what a closed terminal window sends, and its shell once more: the
	// record must be closed and the screen restored then as well.
	signal.Notify(told, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		for again := range told {
			if ctx.Err() == nil {
				cancel()
			} else if again != syscall.SIGHUP {
				printError(errOut, errors.New("left at once: what was received and not recorded is asked for again at the next start, or stands as a gap"))
				os.Exit(exitError)
			}
		}
	}()
	return ctx, func() { signal.Stop(told); close(told); cancel() }
}

// inOneLine keeps the words of a command line, and the name of a file that could not
// be opened, from making lines of an error: a name may hold a line break.
func inOneLine(err error, words []string) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		words = append(slices.Clone(words), file.Path)
	}
	said := err.Error()
	for _, word := range words {
		_, value, _ := strings.Cut(word, "=")
		for _, w := range []string{word, value} {
			if strings.ContainsAny(w, "\r\n") {
				said = strings.ReplaceAll(said, w, feed.Sanitise(w).String())
			}
		}
	}
	return errors.New(said)
}

// printError writes err, a line for each of its lines. Errors quote what a
// file or a peer held, so each line goes through the sanitiser, and without
// personal data.
func printError(w io.Writer, err error) {
	for line := range strings.SplitSeq(strings.TrimRight(err.Error(), "\n"), "\n") {
		fmt.Fprintf(w, "liveroom: %s\n", feed.Sanitise(privacy.Text(line)))
	}
}

func newRoot() *cobra.Command {
	console := newConsole()
	root := &cobra.Command{
		Use:           "liveroom",
		Short:         "A terminal console for moderating livestream commerce",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          console.RunE,
	}
	root.Flags().AddFlagSet(console.Flags())
	root.PersistentFlags().String("lang", "", "language of the interface: zh-CN or en (default: the locale's)")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(console, newDemo(), newCollect(), newReplay(), newRecord(), newCheck(), newDecode(), newTriage(), newImport(), newVerify(), newErase(), newRetain(), newBundle(), newReport(), newClocks(), newRules(), newPolicy(), newPayments())
	root.AddCommand(newSpotCheck(), newEffects(), newViolations(), newExposed(), newReplies())
	root.AddCommand(newRisk(), newQualifications(), newPreflight(), newDoctor(), newGuard())
	root.AddCommand(newLists()...)
	return root
}

// language is the --lang flag, or what the environment's locale says.
func language(cmd *cobra.Command) (text.Lang, error) {
	asked, err := cmd.Flags().GetString("lang")
	if err != nil {
		return "", err
	}
	if asked != "" {
		lang, known := langOf(asked)
		if !known {
			return "", fmt.Errorf("--lang %q is not known: use zh-CN or en", asked)
		}
		return lang, nil
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "zh") {
				return text.ZH, nil
			}
			return text.EN, nil
		}
	}
	return text.EN, nil
}

// langOf is the language that a person names.
func langOf(name string) (lang text.Lang, known bool) {
	switch strings.ToLower(name) {
	case "zh-cn", "zh", "zh_cn":
		return text.ZH, true
	case "en":
		return text.EN, true
	}
	return "", false
}
