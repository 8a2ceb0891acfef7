package feed

import (
	"errors"
	"fmt"
	"io"
	"net"
)

// What SOCKS 5 says, by RFC 1928 and RFC 1929.
const (
	socksVersion  = 5
	socksConnect  = 1
	socksNobody   = 0 // needs not be told who asks
	socksPassword = 2
	socksIPv4     = 1
	socksName     = 3
	socksIPv6     = 4
	socksMost     = 255 // bytes of a name or a password
)

// socks asks a SOCKS 5 proxy to lead to addr. Each of its answers has a length that is
// known before it is read.
func (w Way) socks(conn net.Conn, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		return err
	}
	if len(host) > socksMost {
		return errors.New("the host's name is too long for SOCKS")
	}
	if err := w.introduce(conn); err != nil {
		return err
	}
	ask := append([]byte{socksVersion, socksConnect, 0}, socksHost(host)...)
	if _, err := conn.Write(append(ask, byte(number>>8), byte(number))); err != nil {
		return err
	}
	var answer [4]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return err
	}
	if answer[0] != socksVersion {
		return errors.New("it does not speak SOCKS 5")
	}
	if answer[1] != 0 {
		return fmt.Errorf("it does not lead there (SOCKS reply %d)", answer[1])
	}
	bound := [1]byte{}
	switch answer[3] {
	case socksIPv4:
		bound[0] = net.IPv4len
	case socksIPv6:
		bound[0] = net.IPv6len
	case socksName:
		if _, err := io.ReadFull(conn, bound[:]); err != nil {
			return err
		}
	default:
		return errors.New("it does not speak SOCKS 5")
	}
	_, err = io.CopyN(io.Discard, conn, int64(bound[0])+2) // where it leads from, and the port
	return err
}

func socksHost(host string) []byte {
	ip := net.ParseIP(host)
	if four := ip.To4(); four != nil {
		return append([]byte{socksIPv4}, four...)
	}
	if ip != nil {
		return append([]byte{socksIPv6}, ip...)
	}
	return append([]byte{socksName, byte(len(host))}, host...)
}

// introduce tells a SOCKS proxy who asks, where it wants to know.
func (w Way) introduce(conn net.Conn) error {
	hello := []byte{socksVersion, 1, socksNobody}
	if w.proxy.User != nil {
		hello = []byte{socksVersion, 2, socksNobody, socksPassword}
	}
	if _, err := conn.Write(hello); err != nil {
		return err
	}
	var answer [2]byte
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return err
	}
	switch {
	case answer[0] != socksVersion:
		return errors.New("it does not speak SOCKS 5")
	case answer[1] == socksNobody:
		return nil
	case answer[1] != socksPassword || w.proxy.User == nil:
		return errors.New("it asks for a name and password that it takes")
	}
	name := w.proxy.User.Username()
	password, _ := w.proxy.User.Password()
	if len(name) > socksMost || len(password) > socksMost {
		return errors.New("the name or password is too long for SOCKS")
	}
	who := append([]byte{1, byte(len(name))}, name...)
	if _, err := conn.Write(append(append(who, byte(len(password))), password...)); err != nil {
		return err
	}
	if _, err := io.ReadFull(conn, answer[:]); err != nil {
		return err
	}
	if answer[1] != 0 {
		return errors.New("it refused the name and password")
	}
	return nil
}
