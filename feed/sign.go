package feed

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// SignPost signs what we post: the time in seconds, a point, and the body, so that
// who takes it can refuse what is old.
func SignPost(header http.Header, secret string, body []byte, now time.Time) {
	at := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	header.Set("X-Liveroom-Timestamp", at)
	header.Set("X-Liveroom-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
}
