package bundle_test

import (
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/moderation"
	"liveroom/moderation/bundle"
)

// TestABundleTellsWhatThePlatformTookOut: what the host wrote and what a buyer
// complained of stay in it, with a mark and with the events that took them out.
func TestABundleTellsWhatThePlatformTookOut(t *testing.T) {
	store := lawsuit(t)
	desk, err := moderation.NewDesk(t.Context(), moderation.Config{Store: store, Checker: wool{}, Clock: func() time.Time { return start.Add(time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	event := func(kind feed.Kind, id string, s int, user feed.User, text string) feed.Event {
		at := start.Add(time.Duration(s) * time.Second)
		return feed.Event{Kind: kind, ID: id, Source: "ws", Room: "A", At: at, Recv: at, User: user, Text: text, Raw: []byte(`{"id":"` + id + `"}`)}
	}
	host, mei := feed.User{ID: "h", Name: "主播", Role: feed.RoleHost}, feed.User{ID: "u9", Name: "小美", Role: feed.RoleViewer}
	gone := event(feed.KindSystem, "gone", 702, mei, "withdrawn")
	gone.Code, gone.Retracts = feed.CodeRetracted, "grieved"
	cleared := event(feed.KindSystem, "cleared", 704, feed.User{}, "the chat was cleared")
	cleared.Code, cleared.Clears = feed.CodeChatCleared, feed.ClearsChat
	events := []feed.Event{
		event(feed.KindChat, "wrote", 700, host, "写明了是纯羊毛"),
		event(feed.KindComplaint, "grieved", 701, mei, "围巾掉毛严重，我要投诉退款"), gone,
		event(feed.KindChat, "again", 703, host, "真是纯羊毛"), cleared,
		event(feed.KindChat, "stands", 705, host, "还是纯羊毛"),
	}
	if err := desk.Commit(t.Context(), feed.Batch{Room: "A", Source: "ws", Events: events}); err != nil {
		t.Fatal(err)
	}
	complaints, err := store.Complaints(t.Context(), moderation.Page{})
	if err != nil || len(complaints) != 2 || complaints[1].EventID != "grieved" {
		t.Fatalf("complaints %+v, %v", complaints, err)
	}
	c, err := store.Case(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	add := moderation.AddToCase{Case: 1, Version: c.Version, Flags: []int64{2, 3, 4}, Complaints: []int64{complaints[1].ID}}
	if _, err := desk.Do(t.Context(), moderation.Actor{Name: "小兰", Role: moderation.RoleModerator}, add); err != nil {
		t.Fatal(err)
	}
	b := madeOf(t, store, func(o *bundle.Options) { o.Veil, o.Reason = moderation.PersonalFields, "法院调取" })
	if r := bundle.Verify(b, nil); len(r.Faults) > 0 {
		t.Errorf("report %+v", r)
	}
	files := unzip(t, b)
	marked := func(file, words string) bool {
		for row := range strings.Lines(string(files[file])) {
			if strings.Contains(row, words) {
				return strings.Contains(row, "⌫")
			}
		}
		t.Errorf("%s lacks %q:\n%s", file, words, files[file])
		return false
	}
	for words, want := range map[string]bool{"写明了是纯羊毛": true, "真是纯羊毛": true, "还是纯羊毛": false, "这是纯羊毛的围巾": false} {
		if marked("transcript.txt", words) != want {
			t.Errorf("%s: marked %v\n%s", words, !want, files["transcript.txt"])
		}
	}
	if !marked("complaints.txt", "围巾掉毛严重") || marked("complaints.txt", "不是羊毛") {
		t.Errorf("the complaints:\n%s", files["complaints.txt"])
	}
	for _, told := range []string{feed.CodeRetracted, feed.CodeChatCleared} {
		if !strings.Contains(string(files["connection.txt"]), told) {
			t.Errorf("%s is not told:\n%s", told, files["connection.txt"])
		}
	}
}
