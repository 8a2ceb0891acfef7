package hostile

import (
	"fmt"
	"strings"
)

// Event is a chat message of our own protocol with a number by which its stream
// can be resumed. The text stands in it as it is.
func Event(offset int, text string) string {
	return fmt.Sprintf(`{"specversion":"1.0","id":"c%d","source":"h","type":"liveroom.chat.v1","epoch":"e","offset":%d,"data":{"text":"%s"}}`, offset, offset, text)
}

// sized is an event of just so many bytes.
func sized(text string, n int) string {
	e := Event(2, text)
	return e + strings.Repeat(" ", n-len(e))
}
