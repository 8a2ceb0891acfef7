package tui

// The rules of plans. A workspace has one plan for each class of sizes. It holds
// the same panes in every class: on a small terminal several share a place and
// are names in its title. What a person works on has the place that the eye
// comes to first; what it is held against stands beside it.

// A class is a range of terminal sizes that one arrangement suits.
type class int

const (
	classSmall  class = iota // one column: 80×24
	classMedium              // two columns: 120×40
	classLarge               // three columns: 160×50
	classHuge                // three columns with room for every pane: 240×70
	classCount
)

// Where the classes begin.
const (
	mediumFrom, mediumTall = 110, 30
	largeFrom              = 150
	hugeFrom, hugeTall     = 210, 56
)

func classOf(w, h int) class {
	switch {
	case w >= hugeFrom && h >= hugeTall:
		return classHuge
	case w >= largeFrom && h >= mediumTall:
		return classLarge
	case w >= mediumFrom && h >= mediumTall:
		return classMedium
	}
	return classSmall
}

// classKeys and viewKeys are the names under which arrangements are kept; they
// stay as they are for ever.
var (
	classKeys = [classCount]string{"small", "medium", "large", "huge"}
	viewKeys  = [viewCount]string{viewLive: "live", viewDesk: "desk", viewReview: "review", viewRooms: "rooms"}
)

// firstFocus is the pane that has the keys when a workspace is first opened.
var firstFocus = [viewCount]pane{viewLive: paneFlags, viewDesk: paneCases, viewReview: paneSegments, viewRooms: paneRooms}

// place makes a part of a plan.
func place(share int, panes ...pane) part { return part{share, panes} }

var plans = [viewCount][classCount]layout{
	viewLive: {
		classSmall: {{100, []part{
			place(55, paneFlags, paneDetail, paneProduct),
			place(45, paneSpeech, paneChat, paneOrders, paneComplaints, paneCases),
		}}},
		classMedium: {
			{43, []part{place(36, paneSpeech), place(39, paneChat), place(25, paneOrders, paneComplaints, paneCases)}},
			{57, []part{place(44, paneFlags), place(36, paneDetail), place(20, paneProduct)}},
		},
		classLarge: {
			{36, []part{place(45, paneSpeech), place(55, paneChat)}},
			{38, []part{place(50, paneFlags), place(50, paneDetail)}},
			{26, []part{place(26, paneProduct), place(28, paneOrders), place(20, paneComplaints), place(26, paneCases)}},
		},
		classHuge: {
			{34, []part{place(40, paneSpeech), place(60, paneChat)}},
			{38, []part{place(55, paneFlags), place(45, paneDetail)}},
			{28, []part{place(20, paneProduct), place(28, paneOrders), place(22, paneComplaints), place(30, paneCases)}},
		},
	},
	viewDesk: {
		classSmall: {{100, []part{
			place(40, paneCases, paneComplaints, paneOrders, paneFlags),
			place(60, paneDetail, paneWindow, panePolicy, paneReply, paneEvidence, paneSpeech, paneChat, paneProduct),
		}}},
		classMedium: {
			{43, []part{place(55, paneCases), place(45, paneComplaints, paneOrders, paneFlags, paneSpeech, paneChat, paneProduct)}},
			{57, []part{place(40, paneDetail, paneEvidence), place(22, paneWindow), place(22, panePolicy), place(16, paneReply)}},
		},
		classLarge: {
			{34, []part{place(58, paneCases), place(42, paneComplaints, paneOrders, paneFlags)}},
			{40, []part{place(40, paneDetail), place(34, paneWindow), place(26, paneReply)}},
			{26, []part{place(40, panePolicy), place(25, paneEvidence), place(35, paneSpeech, paneChat, paneProduct)}},
		},
		classHuge: {
			{32, []part{place(50, paneCases), place(28, paneComplaints), place(22, paneOrders, paneFlags)}},
			{40, []part{place(40, paneDetail), place(36, paneWindow), place(24, paneReply)}},
			{28, []part{place(36, panePolicy), place(22, paneEvidence), place(22, paneSpeech), place(20, paneChat, paneProduct)}},
		},
	},
	viewReview: {
		classSmall: {{100, []part{
			place(50, paneSegments, paneRules, panePeople, paneChecks, paneAppeals),
			place(50, paneDetail, paneSpeech, paneChat, paneOrders),
		}}},
		classMedium: {
			{50, []part{place(60, paneSegments), place(40, paneChecks, paneAppeals)}},
			{50, []part{place(38, paneDetail), place(22, paneRules), place(18, panePeople), place(22, paneSpeech, paneChat, paneOrders)}},
		},
		classLarge: {
			{40, []part{place(60, paneSegments), place(20, paneChecks), place(20, paneAppeals)}},
			{34, []part{place(60, paneDetail), place(40, paneSpeech, paneChat, paneOrders)}},
			{26, []part{place(55, paneRules), place(45, panePeople)}},
		},
		classHuge: {
			{40, []part{place(60, paneSegments), place(20, paneChecks), place(20, paneAppeals)}},
			{32, []part{place(50, paneDetail), place(26, paneSpeech), place(24, paneChat, paneOrders)}},
			{28, []part{place(55, paneRules), place(45, panePeople)}},
		},
	},
	viewRooms: {
		classSmall:  {{100, []part{place(100, paneRooms)}}},
		classMedium: {{100, []part{place(100, paneRooms)}}},
		classLarge:  {{100, []part{place(100, paneRooms)}}},
		classHuge:   {{100, []part{place(100, paneRooms)}}},
	},
}

// holds tells whether a workspace has a pane.
func (v view) holds(p pane) bool {
	for _, st := range plans[v][classSmall] {
		for _, part := range st.parts {
			for _, q := range part.panes {
				if p == q {
					return true
				}
			}
		}
	}
	return false
}

// home is the workspace to go to for a pane: the present one if it has it.
func (m *Model) home(p pane) view {
	if m.view.holds(p) {
		return m.view
	}
	for v := view(0); v < viewCount; v++ {
		if v.holds(p) {
			return v
		}
	}
	return m.view
}
