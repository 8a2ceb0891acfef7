package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"liveroom/feed"
)

// A Message is what a group is told.
type Message struct {
	Key   string // the same message has the same key: it is sent once
	Title string
	Lines []string
	All   bool // mention everybody in the group
	Data  any  // what a webhook is told beside the text, as JSON; nil: nothing
}

// maxText is how long a text may be, in bytes. WeCom says so; the others take
// some 20 kB a request, and nobody reads that on a telephone.
var maxText = map[Platform]int{DingTalk: 4000, Feishu: 4000, WeCom: 2048}

// anyText keeps a title, or a platform's word, that is no UTF-8 from stopping a message
// or hiding its answer: what is wrong in it is replaced.
var anyText = jsontext.AllowInvalidUTF8(true)

// shape makes the request: where to post what, and under which headers.
func (r *Robot) shape(m Message, now time.Time) (address string, header http.Header, body []byte, err error) {
	u, secret := r.reveal()
	header = http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	var v any
	switch r.platform {
	case DingTalk:
		v = dingTalkText{"text", content{m.text(maxText[DingTalk])}, dingTalkAt{m.All}}
		if secret != "" {
			u.RawQuery = signDingTalk(u.Query(), secret, now)
		}
	case Feishu:
		f := feishuText{Type: "text"}
		f.Content.Text = m.text(maxText[Feishu])
		if m.All {
			f.Content.Text = `<at user_id="all">所有人</at> ` + f.Content.Text
		}
		if secret != "" {
			f.Timestamp, f.Sign = signFeishu(secret, now)
		}
		v = f
	case WeCom:
		w := weComText{Type: "text"}
		w.Text.Content = m.text(maxText[WeCom])
		if m.All {
			w.Text.Mentioned = []string{"@all"}
		}
		v = w
	case Webhook:
		v = webhookText{m.Key, plain(m.Title), plainLines(m.Lines), m.Data}
		header.Set("Idempotency-Key", url.PathEscape(m.Key)) // a clock may be called in Chinese
	}
	body, err = json.Marshal(v, anyText)
	if err != nil {
		return "", nil, nil, fmt.Errorf("write message: %w", err)
	}
	if r.platform == Webhook && secret != "" {
		feed.SignPost(header, secret, body, now)
	}
	return u.String(), header, body, nil
}

type webhookText struct {
	Key   string   `json:"key"`
	Title string   `json:"title"`
	Lines []string `json:"lines"`
	Data  any      `json:"data,omitzero"`
}

type content struct {
	Content string `json:"content"`
}

type dingTalkText struct {
	Type string     `json:"msgtype"`
	Text content    `json:"text"`
	At   dingTalkAt `json:"at"`
}

type dingTalkAt struct {
	All bool `json:"isAtAll"`
}

type feishuText struct {
	Timestamp string `json:"timestamp,omitempty"`
	Sign      string `json:"sign,omitempty"`
	Type      string `json:"msg_type"`
	Content   struct {
		Text string `json:"text"`
	} `json:"content"`
}

type weComText struct {
	Type string `json:"msgtype"`
	Text struct {
		Content   string   `json:"content"`
		Mentioned []string `json:"mentioned_list,omitempty"`
	} `json:"text"`
}

// signDingTalk adds the time in milliseconds and its signature: the secret signs
// the time and itself.
func signDingTalk(q url.Values, secret string, now time.Time) string {
	at := strconv.FormatInt(now.UnixMilli(), 10)
	q.Set("timestamp", at)
	q.Set("sign", sign(secret, at+"\n"+secret))
	return q.Encode()
}

// signFeishu gives the time in seconds and its signature: time and secret
// together sign nothing.
func signFeishu(secret string, now time.Time) (timestamp, signature string) {
	at := strconv.FormatInt(now.Unix(), 10)
	return at, sign(at+"\n"+secret, "")
}

func sign(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// text writes the message in at most limit bytes.
func (m Message) text(limit int) string {
	lines := make([]string, 0, len(m.Lines)+1)
	for _, l := range append([]string{m.Title}, m.Lines...) {
		if l != "" {
			lines = append(lines, plain(l))
		}
	}
	text := strings.Join(lines, "\n")
	if len(text) <= limit {
		return text
	}
	const more = "…"
	cut := limit - len(more)
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + more
}

func plainLines(lines []string) []string {
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		out = append(out, plain(l))
	}
	return out
}

// plain makes untrusted text safe to post: it mentions nobody.
func plain(s string) string {
	return strings.ReplaceAll(feed.Sanitise(s).String(), "<", "＜")
}
