package conformance

import "slices"

// Subjects are all protocols that the suite is played with.
func Subjects() []Subject {
	return slices.Concat(dialled(), relays(), doors(), recognisers())
}

func dialled() []Subject {
	return []Subject{
		Twitch(), TwitchRepeated(), EventSub(), BilibiliOpen(), BilibiliWeb(), Kuaishou(), KuaishouUnnumbered(),
		TMC(), Stripe(), Events(), EventsUnnumbered(),
	}
}
