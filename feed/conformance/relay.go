package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/barrage"
	"liveroom/feed/oba"
	"liveroom/feed/relaytest"
	"liveroom/feed/tikfinity"
)

const relayKey = "r3layK3y"

// relayCannot is what no relay can.
func relayCannot() map[Ability]string {
	return map[Ability]string{
		Resumes:  "a relay tells what happens, and not what happened",
		HandsOff: "a relay is one program on one machine",
		Acks:     "a relay is not spoken to",
		Retracts: "no relay tells what the platform withdrew",
		Clears:   "no relay tells what the platform took out",
		Logins:   "a relay on one's own machine lets everybody in",
		Beats:    "a relay only talks; the websocket's own pings keep the connection",
	}
}

// onlyModerators is for who marks moderators and not the host.
func onlyModerators(e *feed.Event) {
	if e.User.Role == feed.RoleHost {
		e.User.Role = feed.RoleViewer
	}
}

// relays are the tools on the streamer's own machine.
func relays() []Subject {
	return []Subject{BarrageA(), BarrageB(), DouyinLive(), Webcast(), Shopping(), Oba(), ObaOrders(), TikFinity()}
}

// A relayRoom is a room of which a relay tells.
type relayRoom struct {
	*relaytest.Relay
	t        testing.TB
	protocol func(url string) (feed.Protocol, error)
	frame    func(m Message) string
	wrap     func(frames []string) []string // nil: each is a frame of its own
	odd      string
}

// Source reads the relay.
func (r *relayRoom) Source(*feed.Config) (feed.Protocol, error) { return r.protocol(r.URL()) }

// Say tells each message.
func (r *relayRoom) Say(messages ...Message) error {
	var frames []string
	for _, m := range messages {
		frames = append(frames, r.frame(m))
	}
	if r.wrap != nil {
		frames = r.wrap(frames)
	}
	r.Tell(frames...)
	return nil
}

// Kick closes the tool.
func (r *relayRoom) Kick() error {
	r.Leave()
	return nil
}

// Odd tells what the tool does not tell today.
func (r *relayRoom) Odd() error {
	r.Tell(r.odd)
	return nil
}

// Break is what a tool prints where JSON was expected.
func (r *relayRoom) Break() error {
	r.Tell("ERROR: room not ready")
	return nil
}

// Close ends the relay. Nothing may have been said to it: BarrageGrab obeys.
func (r *relayRoom) Close() {
	if said := r.Said(); len(said) > 0 {
		r.t.Errorf("the relay was spoken to: %q", said)
	}
	r.Relay.Close()
}

// grabSubject is BarrageGrab in one of its dialects.
func grabSubject(name, odd string, frame func(m Message, user, data string) string) Subject {
	cannot := relayCannot()
	cannot[Times] = "BarrageGrab tells no time"
	return Subject{Name: name, Cannot: cannot, Open: func(t testing.TB, _ Stage) Room {
		return &relayRoom{
			Relay: relaytest.New(relaytest.Options{}), t: t, odd: odd,
			protocol: func(url string) (feed.Protocol, error) { return barrage.New(url), nil },
			frame: func(m Message) string {
				user := fmt.Sprintf(`"Id":%s,"IsAdmin":%t,"IsAnchor":%t,"ShortId":0,"Level":1`, m.Author, m.Role == feed.RoleModerator, m.Role == feed.RoleHost)
				data := fmt.Sprintf(`"MsgId":%s,"Content":%s,"RoomId":7389000000000000001`, m.ID, quote(m.Text))
				return frame(m, user, data)
			},
		}
	}}
}

// BarrageA is BarrageGrab whose Data is a string of JSON.
func BarrageA() Subject {
	return grabSubject("barragegrab, dialect A", `{"Type":77,"Data":"{}"}`, func(m Message, user, data string) string {
		inner := fmt.Sprintf(`{%s,"User":{%s,"Nickname":%s},"Onwer":null,"WebRoomId":"7390"}`, data, user, quote(m.Name))
		return fmt.Sprintf(`{"Type":1,"ProcessName":"直播伴侣","Data":%s}`, quote(inner))
	})
}

// BarrageB is BarrageGrab whose Data is an object, with other numbers for its types.
func BarrageB() Subject {
	return grabSubject("barragegrab, dialect B", `{"Type":77,"Data":{}}`, func(m Message, user, data string) string {
		return fmt.Sprintf(`{"Type":3,"Data":{%s,"User":{%s,"NickName":%s}}}`, data, user, quote(m.Name))
	})
}

// webcast is a chat message of Douyin's own, as protojson writes it.
func webcast(m Message) string {
	return fmt.Sprintf(`{"common":{"method":"WebcastChatMessage","msgId":%q,"roomId":"7389000000000000001","createTime":"%d"},`+
		`"user":{"id":%q,"nickname":%s,"secUid":"MS4wLjABAAAA","userAttr":{"isAdmin":%t}},"content":%s,"method":"WebcastChatMessage"}`,
		m.ID, m.At.UnixMilli(), m.Author, quote(m.Name), m.Role == feed.RoleModerator, quote(m.Text))
}

const oddWebcast = `{"common":{"method":"WebcastHologramMessage","msgId":"1","roomId":"2"},"method":"WebcastHologramMessage"}`

func dialDouyinLive(key string) func(string) (feed.Protocol, error) {
	return func(url string) (feed.Protocol, error) { return barrage.NewDouyinLive(url, "live1", key) }
}

// DouyinLive is a douyinLive that was started with a key.
func DouyinLive() Subject {
	cannot := relayCannot()
	delete(cannot, Logins)
	delete(cannot, Beats)
	return Subject{
		Name: "douyinlive", Cannot: cannot, Denied: "check the token", Secrets: []string{relayKey, "stale"},
		Expect: func(_ Message, e *feed.Event) { onlyModerators(e) },
		Open: func(t testing.TB, s Stage) Room {
			key := relayKey
			if s.Denied {
				key = "stale"
			}
			return &pingedRoom{relayRoom{
				Relay: relaytest.New(relaytest.Options{
					Key: relayKey, Pongs: true,
					Greeting: []string{`{"event":"live_status","code":"ROOM_ONLINE","room_id":"7389000000000000001","live_id":"live1","message":"直播中"}`},
				}),
				t: t, protocol: dialDouyinLive(key), frame: webcast, odd: oddWebcast,
			}}
		},
	}
}

// A pingedRoom answers pings with text.
type pingedRoom struct{ relayRoom }

// WaitBeats counts pings.
func (r *pingedRoom) WaitBeats(n int, patience time.Duration) error { return r.WaitPings(n, patience) }

// inArray puts all messages of a frame into one array, as f2 does.
func inArray(frames []string) []string { return []string{"[" + strings.Join(frames, ",") + "]"} }

// Webcast is f2's Webcast JSON: arrays of Douyin's own messages.
func Webcast() Subject {
	return Subject{
		Name: "webcast", Cannot: relayCannot(),
		Expect: func(_ Message, e *feed.Event) { onlyModerators(e) },
		Open: func(t testing.TB, _ Stage) Room {
			return &relayRoom{
				Relay: relaytest.New(relaytest.Options{}), t: t, frame: webcast, wrap: inArray, odd: "[" + oddWebcast + "]",
				protocol: func(url string) (feed.Protocol, error) { return barrage.New(url), nil },
			}
		},
	}
}

// Shopping is which product the host turns to, as f2 writes it.
func Shopping() Subject {
	cannot := relayCannot()
	cannot[Roles] = "a product on air is nobody's words"
	return Subject{
		Name: "webcast shopping", Cannot: cannot,
		Expect: func(_ Message, e *feed.Event) { e.Kind, e.Text, e.User = feed.KindProduct, "", feed.User{} },
		Open: func(t testing.TB, _ Stage) Room {
			return &relayRoom{
				Relay: relaytest.New(relaytest.Options{}), t: t, wrap: inArray, odd: "[" + oddWebcast + "]",
				protocol: func(url string) (feed.Protocol, error) { return barrage.New(url), nil },
				frame: func(m Message) string {
					return fmt.Sprintf(`{"common":{"method":"WebcastLiveShoppingMessage","msgId":%q,"roomId":"7389","createTime":"%d"},`+
						`"msg_type":3,"updated_product_ids":[%q],"updated_product_info":{"title":%s}}`, m.ID, m.At.UnixMilli(), m.Author, quote(m.Text))
				},
			}
		},
	}
}

func openOba(o relaytest.Options, frame func(Message) string) func(testing.TB, Stage) Room {
	return func(t testing.TB, _ Stage) Room {
		return &relayRoom{
			Relay: relaytest.New(o), t: t, frame: frame, odd: `{"msg_type":"hologram","msg_id":"1","time":1790000000000}`,
			protocol: func(url string) (feed.Protocol, error) { return oba.New(oba.Options{URL: url}), nil },
		}
	}
}

// Oba is the chat of a room at WeChat Channels, as oba-live-tool tells it.
func Oba() Subject {
	cannot := relayCannot()
	cannot[Roles] = "oba-live-tool tells nobody's role"
	return Subject{Name: "oba-live-tool", Cannot: cannot, Open: openOba(relaytest.Options{}, func(m Message) string {
		return fmt.Sprintf(`{"msg_type":"wechat_channel_live_msg","msg_id":%q,"nick_name":%s,"user_id":%q,"content":%s,"time":%d}`,
			m.ID, quote(m.Name), m.Author, quote(m.Text), m.At.UnixMilli())
	})}
}

// ObaOrders is its orders, which it polls for and tells again.
func ObaOrders() Subject {
	cannot := relayCannot()
	cannot[Roles] = "oba-live-tool tells nobody's role"
	return Subject{
		Name: "oba-live-tool orders", Cannot: cannot, Repeats: true,
		Expect: func(m Message, e *feed.Event) {
			e.Kind, e.ID, e.Text, e.User.ID = feed.KindOrder, m.ID+"#3", "", "nick:"+m.Name
		},
		Open: openOba(relaytest.Options{Again: 3}, func(m Message) string {
			return fmt.Sprintf(`{"msg_type":"live_order","msg_id":"%s#3","nick_name":%s,"order_status":"已付款","order_ts":%d,"product_id":%q,"product_title":%s,"time":%d}`,
				m.ID, quote(m.Name), m.At.Unix(), m.Author, quote(m.Text), m.At.UnixMilli())
		}),
	}
}

// TikFinity repeats recent messages to who connects again.
func TikFinity() Subject {
	return Subject{
		Name: "tikfinity", Cannot: relayCannot(), Repeats: true,
		Expect: func(_ Message, e *feed.Event) { onlyModerators(e) },
		Open: func(t testing.TB, _ Stage) Room {
			return &relayRoom{
				Relay: relaytest.New(relaytest.Options{Again: 5}), t: t, odd: `{"event":"hologram","data":{"msgId":"1"}}`,
				protocol: func(url string) (feed.Protocol, error) { return tikfinity.New(tikfinity.Options{URL: url}), nil },
				frame: func(m Message) string {
					return fmt.Sprintf(`{"event":"chat","data":{"userId":%q,"uniqueId":"u","nickname":%s,"isModerator":%t,"createTime":"%d","comment":%s,"msgId":%q,`+
						`"monitorExtra":{"msg_id":7137749190944230000}}}`, m.Author, quote(m.Name), m.Role == feed.RoleModerator, m.At.UnixMilli(), quote(m.Text), m.ID)
				},
			}
		},
	}
}
