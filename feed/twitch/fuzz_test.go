package twitch

import (
	"bytes"
	"strings"
	"testing"

	"liveroom/feed"
	"liveroom/feed/feedtest/corpus"
	"liveroom/feed/feedtest/fuzzed"
)

// FuzzDecode asks of every frame: one result a line at most, evidence that is the
// line itself, a room and a source however the line names its channel, and answers
// of one line each that no PING can lengthen.
func FuzzDecode(f *testing.F) {
	const who = "user-id=7;display-name=A;tmi-sent-ts=1790000000000 :a!a@a "
	for _, s := range []string{
		"@id=a;tmi-sent-ts=1;badges=moderator/1 :m!m@m PRIVMSG #shop :\x01ACTION hi\x01\r\nPING :x\r\n",
		"@id=b;bits=100;badges=broadcaster/1;source-id=s;source-room-id=2;room-id=1;" + who + "PRIVMSG #shop :好",
		"@id=c;display-name=;" + who + "PRIVMSG #other :x\r\n:tmi.twitch.tv 002 x :y\r\n:tmi.twitch.tv 353 x = #shop :a b",
		":tmi.twitch.tv 001 x :hi\r\n@msg-id=sub;system-msg=a\\sb;" + who + "USERNOTICE #shop :c\r\n",
		"@msg-id=submysterygift;msg-param-mass-gift-count=5;" + who + "USERNOTICE #shop",
		"@msg-id=raid;msg-param-viewerCount=-9;" + who + "USERNOTICE #shop\r\n@msg-id=sharedchatnotice;source-msg-id=resub;" + who + "USERNOTICE #shop",
		"@target-msg-id=a :t CLEARMSG #shop :x\n@ban-duration=1;target-user-id=7 :t CLEARCHAT #shop m\n:t NOTICE * :Improperly formatted auth",
		":t CLEARMSG #shop :x\r\n:t CLEARCHAT #shop\r\n:t CLEARCHAT #shop a\r\n@msg-id=msg_banned :t NOTICE #shop :x\r\n@msg-id=msg_channel_suspended :t NOTICE #shop :y",
		"@emote-only=1;slow=10 :t ROOMSTATE #shop\r\n:t USERSTATE #shop\r\n:t GLOBALUSERSTATE\r\n:t HOSTTARGET #shop :b 1\r\n:t RECONNECT",
		":a!a@a JOIN #shop\r\n:a!a@a PART #shop\r\n:t CAP * NAK :twitch.tv/tags\r\n:t CAP * ACK :x\r\n:t 366 x #shop :End\r\n:t WHISPER a :b\r\nPONG",
		"@;;=;a\\ : \r\n:!@ X  ::\r\n\xff\x00",
		"@historical=1;rm-received-ts=1;id=h;" + who + "PRIVMSG #shop :old\r\nPING :a\rb",
		`{"metadata":{"message_id":"m","message_type":"notification","subscription_type":"stream.online"},"payload":{"event":{}}}`,
	} {
		f.Add([]byte(s))
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, channel := range []string{"shop", ""} {
			lines := bytes.Count(data, []byte("\n")) + 1
			d := fuzzed.Decode(t, func() feed.Session { return open(t, Options{Channel: channel}) }, feed.Frame{Data: data}, recv, fuzzed.Bounds{Events: lines, Refused: lines})
			if n := len(d.Events) + len(d.Refused); n > lines {
				t.Fatalf("%d lines came to %d results", lines, n)
			}
			for _, e := range d.Events {
				if !strings.HasPrefix(e.Source, "twitch:") || channel != "" && (e.Source != "twitch:#shop" || e.Room != "#shop") {
					t.Fatalf("event %+v of %q", e, e.Raw)
				}
			}
			for _, reply := range d.Reply {
				if bytes.Count(reply.Data, []byte("\n")) != 1 || bytes.ContainsAny(bytes.TrimSuffix(reply.Data, []byte("\r\n")), "\r\n\x00") {
					t.Fatalf("reply %q is not one line", reply.Data)
				}
			}
		}
	})
}

// FuzzLine asks of the grammar: a line that is written again from its parts reads
// the same, and a tag's value survives its escapes.
func FuzzLine(f *testing.F) {
	for _, s := range []string{
		"@a=1;b;a=2;c=\\:\\s\\\\\\r\\n\\x\\ :n!u@h PRIVMSG #c :a b", ":!u@h X", "001 a b c d e f g h i j k l m n o p q", "@x PING", ":p  Y  a  b ", "@a=b",
	} {
		f.Add(s, "a")
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s, name string) {
		if escaped := strings.NewReplacer(";", `\:`, " ", `\s`, `\`, `\\`, "\r", `\r`, "\n", `\n`).Replace(s); unescapeTag(escaped) != s {
			t.Fatalf("%q escaped is %q, read again %q", s, escaped, unescapeTag(escaped))
		}
		l, err := parseLine(s)
		if err != nil {
			return
		}
		if len(l.params) > maxParams || !isCommand(l.command) || len(l.tag(name)) > len(s) || strings.ContainsAny(l.login(), "@ ") {
			t.Fatalf("%q reads as %+v, login %q", s, l, l.login())
		}
		again := l.command
		if l.prefix != "" {
			again = ":" + l.prefix + " " + again
		}
		if l.tags != "" {
			again = "@" + l.tags + " " + again
		}
		for i, p := range l.params {
			if i == len(l.params)-1 {
				p = ":" + p
			}
			again += " " + p
		}
		m, err := parseLine(again)
		if err != nil || m.command != l.command || m.prefix != l.prefix || m.tags != l.tags || strings.Join(m.params, "\x00") != strings.Join(l.params, "\x00") {
			t.Fatalf("%q reads as %+v, and written as %q as %+v, %v", s, l, again, m, err)
		}
	})
}
