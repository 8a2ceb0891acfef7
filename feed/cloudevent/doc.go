// Package cloudevent is the feed of our own: CloudEvents 1.0 in JSON, one event
// to a text message, over the websocket subprotocol cloudevents.json.
//
// A producer needs no more than a type that ends in a kind ("…chat", "…order"),
// source, id and data of the shapes in docs/schema. The extension offset (a
// whole number that rises by one) with epoch (a name that changes whenever the
// numbering starts anew) lets a console go on where it was: it asks for
// ?epoch=…&after=….
//
// A message is refused, with the reason, when it is not valid JSON in UTF-8,
// has a member twice, lacks id, source or type, or when a value does not fit its
// member. Members that are not known are allowed. A type of ours that is not
// known becomes a system event.
//
// Nothing here does IO or keeps state between messages; everything is safe for
// concurrent use.
package cloudevent

//go:generate go run ./schemagen ../../docs/schema
