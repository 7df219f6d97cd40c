// Command controlplane runs one real Kubernetes control plane in one process: etcd on a unix
// socket, and kube-apiserver, with certificates that are thrown away with the data directory.
//
// It writes admin.kubeconfig, admin-token.kubeconfig and restricted.kubeconfig below -data, prints
// "READY <kubeconfig>" once /readyz answers, and stops on SIGTERM, on SIGINT, and when its standard
// input ends: it does not outlive the program that holds the other end of the pipe. Arguments after
// "--" go to kube-apiserver as they are. There are no controllers, no kubelet and no network.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"
	_ "time/tzdata"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

const etcdPatience = 60 * time.Second

func main() {
	data := flag.String("data", "", "data directory (created; one control plane each)")
	port := flag.Int("port", 0, "secure port on 127.0.0.1 (0: any free one)")
	flag.Parse()
	if *data == "" {
		must(errors.New("-data is required"))
	}
	begin := time.Now()
	dir, err := filepath.Abs(*data)
	must(err)
	if *port == 0 {
		*port = freePort()
	}
	server := fmt.Sprintf("https://127.0.0.1:%d", *port)
	creds := makeCredentials(dir, server)
	etcd, socket := startEtcd(dir)
	go endWithStdin()
	go announce(server, creds, begin)

	command := app.NewAPIServerCommand()
	command.SetArgs(append([]string{
		"--etcd-servers=unix://" + socket,
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", *port),
		"--endpoint-reconciler-type=none",
		"--tls-cert-file=" + creds.serving.certPath, "--tls-private-key-file=" + creds.serving.keyPath,
		"--client-ca-file=" + creds.ca.certPath, "--token-auth-file=" + creds.tokens,
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + creds.serviceAccounts.keyPath,
		"--service-account-signing-key-file=" + creds.serviceAccounts.keyPath,
		"--service-cluster-ip-range=10.96.0.0/16",
		"--authorization-mode=RBAC", "--anonymous-auth=false",
	}, flag.Args()...))
	code := cli.Run(command) // returns after SIGTERM or SIGINT
	etcd.Close()
	os.Exit(code)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "controlplane:", err)
		os.Exit(1)
	}
}

func freePort() int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// startEtcd returns once etcd answers, with the path of its clients' socket. No fsync: the data
// need not survive the machine.
func startEtcd(dir string) (*embed.Etcd, string) {
	socket := filepath.Join(dir, "etcd.sock")
	cfg := embed.NewConfig()
	cfg.Dir = filepath.Join(dir, "etcd")
	client, err := url.Parse("unix://" + socket)
	must(err)
	peer, err := url.Parse("http://127.0.0.1:0") // advertised, never dialled
	must(err)
	cfg.ListenClientUrls, cfg.AdvertiseClientUrls = []url.URL{*client}, []url.URL{*peer}
	cfg.ListenPeerUrls, cfg.AdvertisePeerUrls = []url.URL{*peer}, []url.URL{*peer}
	cfg.InitialCluster = cfg.InitialClusterFromName(cfg.Name)
	cfg.UnsafeNoFsync = true
	cfg.LogLevel = "warn"
	cfg.LogOutputs = []string{filepath.Join(dir, "etcd.log")}
	etcd, err := embed.StartEtcd(cfg)
	must(err)
	select {
	case <-etcd.Server.ReadyNotify():
	case err := <-etcd.Err():
		must(err)
	case <-time.After(etcdPatience):
		must(fmt.Errorf("etcd did not become ready within %s", etcdPatience))
	}
	return etcd, socket
}

// endWithStdin stops the process as SIGTERM does, once nobody holds the other end of its stdin.
func endWithStdin() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	must(syscall.Kill(os.Getpid(), syscall.SIGTERM))
}

// announce prints READY as soon as the API server says so itself.
func announce(server string, creds *credentials, begin time.Time) {
	pool := x509.NewCertPool()
	pool.AddCert(creds.ca.cert)
	client := &http.Client{
		Timeout:   2 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}},
	}
	for {
		request, err := http.NewRequest(http.MethodGet, server+"/readyz", nil)
		must(err)
		request.Header.Set("Authorization", "Bearer "+creds.adminToken)
		if response, err := client.Do(request); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				fmt.Printf("READY %s after %.2f s\n", creds.adminConfig, time.Since(begin).Seconds())
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
}
