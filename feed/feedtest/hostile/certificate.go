package hostile

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"
)

// An Authority signs certificates for tests.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// NewAuthority makes one that nobody trusts yet.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority of the tests"},
		NotBefore: longAgo, NotAfter: longAgo.AddDate(100, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &Authority{cert: cert, key: key}
}

// longAgo is before the clock of testing/synctest begins.
var longAgo = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// Trust is what a client that trusts the authority is configured with, and any
// version of TLS.
func (a *Authority) Trust() *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10}
}

// Certificate is for this machine, valid in that time.
func (a *Authority) Certificate(t testing.TB, from, to time.Time) *tls.Config {
	t.Helper()
	return a.sign(t, &x509.Certificate{NotBefore: from, NotAfter: to, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})
}

// Valid is for this machine, and always.
func (a *Authority) Valid(t testing.TB) *tls.Config {
	t.Helper()
	return a.Certificate(t, longAgo, longAgo.AddDate(90, 0, 0))
}

// Stranger is for another machine.
func (a *Authority) Stranger(t testing.TB) *tls.Config {
	t.Helper()
	return a.sign(t, &x509.Certificate{NotBefore: longAgo, NotAfter: longAgo.AddDate(90, 0, 0), DNSNames: []string{"elsewhere.example"}})
}

func (a *Authority) sign(t testing.TB, template *x509.Certificate) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber, template.Subject = big.NewInt(2), pkix.Name{CommonName: "a server of the tests"}
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS10}
}
