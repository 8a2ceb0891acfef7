package audio

import "regexp"

var (
	userInfo = regexp.MustCompile(`://[^\s/@]+@`)
	queries  = regexp.MustCompile(`(://[^\s?'"]*)\?[^\s'"]*[^\s'":,]`)
)

// HideQueries takes out of a command's words what its addresses may hold of secrets:
// broadcasts are signed in the query, and commands repeat the whole address when they
// complain.
func HideQueries(s string) string {
	return queries.ReplaceAllString(userInfo.ReplaceAllString(s, "://***@"), "$1?***")
}
