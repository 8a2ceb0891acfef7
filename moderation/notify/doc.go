// Package notify tells people's chat groups, through the group robots of
// DingTalk, Feishu and WeCom, and programs of the house through a webhook of our
// own: JSON with the message's key in Idempotency-Key, signed with HMAC-SHA256
// over the time, a point and the body where it has a secret.
//
// A message is shaped and signed as its platform asks (DingTalk and Feishu sign
// with HMAC-SHA256; a WeCom robot has no signature, its address is the secret)
// and posted with a time limit. What a platform refuses for good is an error at
// once; what may pass is tried again a limited number of times with growing
// pauses.
//
// A sender sends a key once to each robot: a second message of the key that was
// sent is not, one that is being sent waits for that. It remembers the newest
// keys of this process; who needs more keeps them. A group is told at most once:
// what did not get out (no name, no connection, no handshake) or was turned away
// with a word (a refusal, too many, not now) may be sent again; what got out and
// had no such answer may have arrived (ErrPerhaps), and is not.
//
// The robot's address and secret are never printed, neither by a robot nor in an
// error. Text goes through feed.Sanitise, and cannot mention anybody: the
// platforms read <at …> and <@…> in it, so < is written as ＜.
package notify
