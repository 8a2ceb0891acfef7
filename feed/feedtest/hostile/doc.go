// Package hostile is the other end of a websocket when that end means harm.
//
// A [Peer] writes frames by hand over TCP or TLS, with no library that could mend
// them, as a server or as a client. [Cases] lists what it may do once the
// connection is up, by the classes of the Autobahn test suite, and what must
// come of it; every case is played in both directions. [Listen] is the server's
// side of the handshake, which a test may spoil too.
//
// Nothing here is used outside tests.
package hostile
