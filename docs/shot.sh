#!/bin/sh
# Takes the README's picture: plays the demo in a terminal of 160x50, decides a
# flag, and draws what the screen shows. Needs tmux.
set -eu
cd "$(dirname "$0")/.."
bin=$(mktemp -d)
trap 'tmux kill-session -t shot 2>/dev/null || true; rm -rf "$bin"' EXIT
go build -o "$bin/liveroom" ./cmd/liveroom
for lang in zh-CN en; do
	tmux new-session -d -s shot -x 160 -y 50 "$bin/liveroom demo --speed 20 --lang $lang"
	sleep "${SHOT_AFTER:-14}"
	tmux send-keys -t shot y
	sleep 1
	tmux capture-pane -e -p -t shot | go run ./docs/shot >"docs/screen-$lang.svg"
	tmux kill-session -t shot
done
