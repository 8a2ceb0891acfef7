package conformance

// Subjects are all protocols that the suite is played with.
func Subjects() []Subject {
	return []Subject{Twitch(), TwitchRepeated(), EventSub(), BilibiliOpen(), BilibiliWeb(), TMC(), Stripe()}
}
