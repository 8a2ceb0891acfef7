#!/bin/sh
# Takes the README's pictures: plays the demo in a terminal of 160x50, types what
# stands in `scenes` below, and draws what the screen shows after each. Needs tmux.
# SHOT_AFTER is how many seconds the demo plays first, SHOT_KEEP a folder for the
# screens as text, to look at beside the pictures.
set -eu
cd "$(dirname "$0")/.."
bin=$(mktemp -d)
trap 'tmux -L shot kill-server 2>/dev/null || true; rm -rf "$bin"' EXIT
go build -o "$bin/liveroom" ./cmd/liveroom
go build -o "$bin/shot" ./docs/shot

# The pictures of one run, in their order: a name, and the keys that lead there.
# +N waits N seconds: buyers complain when the broadcast is over.
scenes() {
	cat <<-'SCENES'
		screen      y
		review      x 3 Down
		desk        +40 2 Tab Tab k k k k
		rooms       4
	SCENES
}

for lang in zh-CN en; do
	# What a person arranged on this machine is not in the pictures.
	XDG_STATE_HOME="$bin/state" tmux -L shot -u new-session -d -x 160 -y 50 "$bin/liveroom demo --speed 40 --lang $lang"
	sleep "${SHOT_AFTER:-7}"
	scenes | while read -r name keys; do
		for key in $keys; do
			case $key in
			+*) sleep "${key#+}" ;;
			*) tmux -L shot send-keys "$key" ;;
			esac
			sleep 0.8
		done
		sleep 1
		file=docs/$name-$lang
		tmux -L shot capture-pane -e -p | "$bin/shot" >"$bin/picture.svg"
		mv "$bin/picture.svg" "$file.svg"
		if [ -n "${SHOT_KEEP:-}" ]; then
			mkdir -p "$SHOT_KEEP"
			tmux -L shot capture-pane -p >"$SHOT_KEEP/$name-$lang.txt"
		fi
	done
	tmux -L shot kill-session
done
