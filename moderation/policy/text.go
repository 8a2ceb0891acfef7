package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"liveroom/claims/tomldoc"
)

// A Text is words for people in both languages of the interface.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// say writes a text in both languages; args are the same for both.
func say(zh, en string, args ...any) Text {
	return Text{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)}
}

// needText takes key and key_en, both of which must be there.
func needText(t *tomldoc.Table, key, what string) Text {
	return Text{t.Need(key, what+", in Chinese"), t.Need(key+"_en", what+", in English")}
}

// hash is the version of texts: what they hold, and nothing else.
func hash(texts ...string) string {
	sum := sha256.New()
	for _, t := range texts {
		sum.Write([]byte(t))
		sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
