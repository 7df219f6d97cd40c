package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const lifetime = 30 * 24 * time.Hour

// pair is a certificate and its key, in memory and as files.
type pair struct {
	cert     *x509.Certificate
	key      *ecdsa.PrivateKey
	certPEM  []byte
	keyPEM   []byte
	certPath string
	keyPath  string
}

// credentials is what the server and its clients identify themselves with.
type credentials struct {
	ca, serving, serviceAccounts *pair
	adminToken                   string
	tokens                       string // file for --token-auth-file
	adminConfig                  string // kubeconfig of a user who may do everything
}

// makeCredentials writes the certificates and tokens below dir/pki, and three kubeconfigs into dir:
// admin by certificate, the same rights by token, and `restricted`, who has no rights yet.
func makeCredentials(dir, server string) *credentials {
	pki := filepath.Join(dir, "pki")
	must(os.MkdirAll(pki, 0o700))
	ca := issue(pki, "ca", pkix.Name{CommonName: "controlplane-ca"}, nil, nil)
	serverAuth := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	clientAuth := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	adminName := pkix.Name{CommonName: "admin", Organization: []string{"system:masters"}}
	admin := issue(pki, "admin", adminName, ca, clientAuth)
	creds := &credentials{
		ca:              ca,
		serving:         issue(pki, "serving", pkix.Name{CommonName: "kube-apiserver"}, ca, serverAuth),
		serviceAccounts: issue(pki, "sa", pkix.Name{CommonName: "service-accounts"}, ca, nil),
		adminToken:      token(),
		tokens:          filepath.Join(pki, "tokens.csv"),
		adminConfig:     filepath.Join(dir, "admin.kubeconfig"),
	}
	restricted := token()
	must(os.WriteFile(creds.tokens, []byte(fmt.Sprintf(
		"%s,admin-token,admin-token,\"system:masters\"\n%s,restricted,restricted\n",
		creds.adminToken, restricted)), 0o600))

	byCertificate := fmt.Sprintf("client-certificate-data: %s, client-key-data: %s",
		base64.StdEncoding.EncodeToString(admin.certPEM), base64.StdEncoding.EncodeToString(admin.keyPEM))
	for user, how := range map[string]string{
		"admin":       byCertificate,
		"admin-token": fmt.Sprintf("token: %q", creds.adminToken),
		"restricted":  fmt.Sprintf("token: %q", restricted),
	} {
		kubeconfig(filepath.Join(dir, user+".kubeconfig"), server, ca.certPEM, user, how)
	}
	return creds
}

// issue makes a key and a certificate signed by ca (by itself when ca is nil) and writes both.
func issue(dir, name string, subject pkix.Name, ca *pair, usage []x509.ExtKeyUsage) *pair {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	must(err)
	template := &x509.Certificate{
		SerialNumber: serial, Subject: subject,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(lifetime),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: usage, BasicConstraintsValid: true,
	}
	parent, signer := template, key
	if ca == nil {
		template.IsCA = true
		template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	} else {
		parent, signer = ca.cert, ca.key
		template.DNSNames = []string{"localhost", "kubernetes.default.svc"}
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	must(err)
	cert, err := x509.ParseCertificate(der)
	must(err)
	keyDER, err := x509.MarshalECPrivateKey(key)
	must(err)
	made := &pair{
		cert: cert, key: key,
		certPEM:  pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		keyPEM:   pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}),
		certPath: filepath.Join(dir, name+".crt"), keyPath: filepath.Join(dir, name+".key"),
	}
	must(os.WriteFile(made.certPath, made.certPEM, 0o600))
	must(os.WriteFile(made.keyPath, made.keyPEM, 0o600))
	return made
}

func token() string {
	bytes := make([]byte, 16)
	_, err := rand.Read(bytes)
	must(err)
	return hex.EncodeToString(bytes)
}

// kubeconfig writes a file with one context; credentials is the inside of a flow mapping.
func kubeconfig(path, server string, ca []byte, user, credentials string) {
	must(os.WriteFile(path, []byte(fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: controlplane, cluster: {server: %q, certificate-authority-data: %s}}]
users: [{name: %s, user: {%s}}]
contexts: [{name: %s, context: {cluster: controlplane, user: %s, namespace: default}}]
current-context: %s
`, server, base64.StdEncoding.EncodeToString(ca), user, credentials, user, user, user)), 0o600))
}
