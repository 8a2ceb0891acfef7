package eventsub

import (
	"context"
	"fmt"

	"liveroom/feed/helix"
)

// subjects are what is asked for. The first is what the program cannot do
// without.
var subjects = []helix.Subject{
	{Name: "channel.chat.message", Version: "1", As: "user_id"},
	{Name: "channel.chat.message_delete", Version: "1", As: "user_id"},
	{Name: "channel.chat.clear_user_messages", Version: "1", As: "user_id"},
	{Name: "channel.chat.clear", Version: "1", As: "user_id"},
	{Name: "channel.chat.notification", Version: "1", As: "user_id"},
	{Name: "automod.message.hold", Version: "2", As: "moderator_user_id"},
	{Name: "automod.message.update", Version: "2", As: "moderator_user_id"},
	{Name: "channel.moderate", Version: "2", As: "moderator_user_id"},
	{Name: "channel.suspicious_user.message", Version: "1", As: "moderator_user_id"},
	{Name: "stream.online", Version: "1"},
	{Name: "stream.offline", Version: "1"},
}

// Through subscribes through Twitch's HTTP API, as the user to whom its token belongs.
// api should keep its connections: a dozen requests have ten seconds.
func Through(api *helix.API) Subscriber { return subscriber{api} }

// A subscriber is printed as its API, which shows no token.
type subscriber struct{ *helix.API }

// Subscribe asks for every subject. What the token's scopes do not allow is
// refused and left out; without the chat nothing is worth having.
func (s subscriber) Subscribe(ctx context.Context, session string) (refused []error, err error) {
	g, err := s.Check(ctx)
	if err != nil {
		return nil, err
	}
	for i, subject := range subjects {
		err := s.API.Subscribe(ctx, g, subject, session)
		if err == nil {
			continue
		}
		err = fmt.Errorf("%s is not sent: %w", subject.Name, err)
		if i == 0 {
			return refused, err
		}
		refused = append(refused, err)
	}
	return refused, nil
}
