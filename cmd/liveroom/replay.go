package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"liveroom/feed"
	"liveroom/feed/record"
)

// maxSpeed plays a recording as fast as it is taken.
var maxSpeed = math.Inf(1)

// parseSpeed reads "max" or a factor.
func parseSpeed(text string) (float64, error) {
	if text == "max" {
		return maxSpeed, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v > 0) || v > 1000 {
		return 0, fmt.Errorf("--speed %q is no speed: use a number from 0.1 to 1000, or max", text)
	}
	return v, nil
}

func newReplay() *cobra.Command {
	var listen, speedText, token string
	cmd := &cobra.Command{
		Use:   "replay FILE --listen ADDR",
		Short: "Play a recording over a real websocket",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			speed, err := parseSpeed(speedText)
			if err != nil {
				return err
			}
			f, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("open recording: %w", err)
			}
			rec, err := record.Read(args[0], f)
			f.Close()
			if err != nil {
				return err
			}
			l, err := net.Listen("tcp", listen)
			if err != nil {
				return fmt.Errorf("listen on %s: %w: is another program there?", listen, err)
			}
			if rec.Cut {
				printError(cmd.ErrOrStderr(), fmt.Errorf("%s breaks off in its last line: playing the %d messages before it", args[0], len(rec.Frames)))
			}
			server := record.NewServer(rec, record.ServerConfig{Speed: speed, Token: token})
			if err := printf(cmd.OutOrStdout(), "playing %s (%s, room %s) at ws://%s/\n",
				feed.Sanitise(args[0]), feed.Sanitise(rec.Protocol), feed.Sanitise(rec.Room), l.Addr()); err != nil {
				return err
			}
			return servePlayback(cmd.Context(), l, server)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:7788", "address to serve at")
	cmd.Flags().StringVar(&speedText, "speed", "1", "how many times as fast as life: 0.1 to 1000, or max")
	cmd.Flags().StringVar(&token, "token", "", "a token that clients must bring")
	return cmd
}

// servePlayback serves until ctx is done, and then lets no client hang.
func servePlayback(ctx context.Context, l net.Listener, server *record.Server) error {
	h := &http.Server{Handler: server, ReadHeaderTimeout: headerTimeout}
	stop := context.AfterFunc(ctx, func() { _ = h.Close() })
	defer stop()
	err := h.Serve(l)
	server.Close()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve recording: %w", err)
}

// headerTimeout is how long a client may take to say what it wants.
const headerTimeout = 5 * time.Second
