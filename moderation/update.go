package moderation

import (
	"time"

	"liveroom/feed"
)

// Update is what one or more commits changed, each thing in its newest state.
type Update struct {
	Rooms      []Room
	Events     []Recorded // in record order
	Flags      []Flag
	Complaints []Complaint
	Problems   []Problem
	Questions  []Question
	Orders     []Order
	Cases      []Case
	Effects    []Effect     // as they were asked for, taken back, carried out
	Notices    []NoticeItem // clocks at risk or run out, each told once
	Sources    []feed.Status
	Looks      []Look // what the people at the desk's other consoles look at, or no more
	Health     *Health
	Skipped    map[string]int64 // events per room that this subscriber will not see
}

// Health is whether the record is being written.
type Health struct {
	OK     bool
	Since  time.Time
	Err    string
	Events int64 // in the record
	Leaves int64
	// Warnings say what else a person must know, a sentence each: a fact sheet
	// that cannot be read again, and what is checked with instead.
	Warnings []Warning
}

// TopicStore is the topic of the warning that the store answers slowly; its text
// is how long a commit takes.
const TopicStore = "store"

// Warning is something wrong beside the record. Topic is facts, rules, rule,
// checker, checkpoint, notice, clock, sheet_age, TopicStore, or TopicGoods with a
// room. Since is when it began, by the desk's clock; the desk fills it in.
type Warning struct {
	Topic string
	Since time.Time
	Text  string
	ZH    string // in Chinese; "" : as Text, which quotes a file or a peer
}
