package conformance

import "slices"

// Subjects are all protocols that the suite is played with.
func Subjects() []Subject {
	return slices.Concat(dialled(), doors(), recognisers())
}

func dialled() []Subject {
	return []Subject{
		Twitch(), TwitchRepeated(), EventSub(), BilibiliOpen(), BilibiliWeb(),
		TMC(), Stripe(), Events(), EventsUnnumbered(),
	}
}
