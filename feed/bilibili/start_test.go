package bilibili_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"liveroom/feed"
	"liveroom/feed/bilibili"
	"liveroom/feed/bilibili/bilibilitest"
	"liveroom/feed/feedtest"
)

var project = bilibilitest.PlatformOptions{Key: "key", Secret: "s3cret", AppID: 17, Code: "CODE", RoomID: 6}

func options(p *bilibilitest.Platform) bilibili.OpenOptions {
	return bilibili.OpenOptions{
		Key: project.Key, Secret: project.Secret, AppID: project.AppID, Code: project.Code, RoomID: project.RoomID,
		API: p.URL(), Beat: 20 * time.Millisecond,
	}
}

// watch reads the platform's room until stop.
func watch(t *testing.T, o bilibili.OpenOptions) (*feedtest.Sink, *feed.Source, func() error) {
	t.Helper()
	p, err := bilibili.NewOpenLive(o)
	must(t, err)
	src, err := feed.NewSource(feed.Config{
		Source: p.Source(), Jitter: func() float64 { return 0.01 }, Clock: feedtest.ClockFrom(time.Unix(1790000000, 0)),
		Refused: func(err error) { t.Errorf("refused: %v", err) },
	}, p)
	must(t, err)
	sink := feedtest.NewSink()
	ctx, cancel := context.WithCancel(t.Context())
	var result error
	var running sync.WaitGroup
	running.Go(func() { result = src.Run(ctx, sink) })
	stop := func() error { cancel(); running.Wait(); return result }
	t.Cleanup(func() { _ = stop() })
	return sink, src, stop
}

// TestAnOfficialSessionIsStartedKeptUpAndEnded: a kick enters the same session, a
// session that the platform ends is started anew, and the last one is ended.
func TestAnOfficialSessionIsStartedKeptUpAndEnded(t *testing.T) {
	srv := bilibilitest.NewPlatform(project)
	defer srv.Close()
	sink, _, stop := watch(t, options(srv))
	must(t, srv.Socket.WaitLogins(1, patience))
	must(t, srv.Socket.Say(bilibilitest.Plain, dm(1)))
	must(t, sink.Wait(1, nil, patience))
	for end := time.Now().Add(patience); srv.Beats() < 2; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the platform was not told that the session is in use")
		}
	}
	srv.Socket.Kick()
	must(t, srv.Socket.WaitLogins(2, patience))
	must(t, srv.Socket.Say(bilibilitest.Plain, dm(2)))
	must(t, sink.Wait(3, nil, patience))
	must(t, srv.End())
	must(t, srv.Socket.WaitLogins(3, patience))
	must(t, srv.Socket.Say(bilibilitest.Plain, dm(3)))
	must(t, sink.Wait(1, func(e feed.Event) bool { return e.ID == "d3" }, patience))
	must(t, stop())
	log := slices.DeleteFunc(srv.Log(), func(s string) bool { return s == "refused 7003" }) // a beat may have met the end
	if want := []string{"start g1", "start g2", "end g2"}; !slices.Equal(log, want) {
		t.Errorf("asked the platform %q, want %q", log, want)
	}
	var got []string
	for _, e := range sink.Events(nil) {
		switch {
		case e.Gap != nil:
			got = append(got, "gap")
		case e.Code != "":
			got = append(got, e.Code)
		default:
			got = append(got, e.ID)
		}
		if e.Source != "bilibili:6" {
			t.Errorf("source %s", e.Source)
		}
	}
	if want := []string{"d1", "gap", "d2", "session_end", "gap", "d3"}; !slices.Equal(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
}

func TestWhatThePlatformWillNotHave(t *testing.T) {
	srv := bilibilitest.NewPlatform(project)
	defer srv.Close()
	wrong := func(change func(*bilibili.OpenOptions)) bilibili.OpenOptions {
		o := options(srv)
		change(&o)
		return o
	}
	for _, c := range []struct {
		name   string
		o      bilibili.OpenOptions
		want   string
		denied bool
	}{
		{"wrong secret", wrong(func(o *bilibili.OpenOptions) { o.Secret = "other" }), "code 4002", true},
		{"another room", wrong(func(o *bilibili.OpenOptions) { o.RoomID = 7 }), "belongs to room 6 and not to room_id 7", true},
		{"wrong code", wrong(func(o *bilibili.OpenOptions) { o.Code = "OTHER" }), "code 7007", false},
		{"nobody there", wrong(func(o *bilibili.OpenOptions) { o.API = "http://127.0.0.1:1" }), "refused", false},
	} {
		p, err := bilibili.NewOpenLive(c.o)
		must(t, err)
		_, err = p.Open(t.Context(), feed.Position{})
		var denied *feed.DeniedError
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.As(err, &denied) != c.denied {
			t.Errorf("%s: error %v (denied %v), want %q", c.name, err, errors.As(err, &denied), c.want)
		}
		if err := p.Close(t.Context()); err != nil {
			t.Errorf("%s: close: %v", c.name, err)
		}
	}
	if log := srv.Log(); !slices.Contains(log, "end g1") {
		t.Errorf("the session of another room was not ended: %q", log)
	}
}

func TestOpenLiveOptions(t *testing.T) {
	whole := bilibili.OpenOptions{Key: "k", Secret: "very secret", AppID: 1, Code: "c", RoomID: 6}
	for want, change := range map[string]func(*bilibili.OpenOptions){
		"app_key": func(o *bilibili.OpenOptions) { o.Secret = "" },
		"app_id":  func(o *bilibili.OpenOptions) { o.AppID = 0 },
		"身份码":     func(o *bilibili.OpenOptions) { o.Code = "" },
		"room_id": func(o *bilibili.OpenOptions) { o.RoomID = 0 },
	} {
		o := whole
		change(&o)
		if _, err := bilibili.NewOpenLive(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to name %s", err, want)
		}
	}
	p, err := bilibili.NewOpenLive(whole)
	must(t, err)
	if s := fmt.Sprintf("%v %+v %#v", p, p, p); strings.Contains(s, "secret") {
		t.Errorf("shows a secret: %s", s)
	}
	if _, err := p.Request(feed.Position{}); err == nil {
		t.Error("dialled without a session")
	}
}
