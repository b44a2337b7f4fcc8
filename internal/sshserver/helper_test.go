package sshserver_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/i18n"
	"foyer/internal/password"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/sshserver"
	"foyer/internal/termtest"
	"foyer/ui"
)

// patience is how long a test waits for what has to come.
const patience = termtest.Patience

// wait waits until done.
func wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	termtest.Await(t, patience, what, done, nil)
}

// A registry is a ui.Service that registers everybody.
type registry struct {
	form   *registration.Form
	refuse func(ctx context.Context, email string) error // nil, or the answer, for nobody if it is nil

	mu       sync.Mutex
	names    []string
	recorded []registration.Identifier
}

const schema = `{"type": "object", "properties": {"given_name": {"type": "string", "description": "First name"}}, "required": ["given_name"]}`

func newRegistry(t *testing.T) *registry {
	t.Helper()
	form, err := registration.NewForm(
		registration.Pool{ID: "customers", PasswordPolicy: password.Policy{MinLength: 8}, Name: "Customers"}, []byte(schema), nil,
		registration.Settings{Status: registration.Active, Country: "US", Identifiers: []registration.IdentifierSetting{{Type: registration.Email, Required: true}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return &registry{form: form}
}

func (r *registry) Form(context.Context) (*registration.Form, error) { return r.form, nil }

func (r *registry) Register(ctx context.Context, _ *registration.Form, sub *registration.Submission, _ func(registration.Progress)) (registration.Receipt, error) {
	if r.refuse != nil {
		if err := r.refuse(ctx, sub.Draft.Identifiers[0].Identifier); err != nil {
			return registration.Receipt{}, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.names = append(r.names, sub.Draft.Identifiers[0].Identifier)
	r.recorded = append(r.recorded, sub.Draft.Recorded)
	return registration.Receipt{UserID: "u1", Status: "active", Flow: "create", Next: registration.NextSignIn, Reference: sub.Reference}, nil
}

func (r *registry) Confirm(context.Context, *registration.Form, *registration.Submission, secret.Text, func(registration.Progress)) (registration.Receipt, error) {
	return registration.Receipt{}, errors.New("there are no codes")
}

func (r *registry) Resend(context.Context, *registration.Form, *registration.Submission, registration.CodeType, func(registration.Progress)) (registration.Receipt, error) {
	return registration.Receipt{}, errors.New("there are no codes")
}

// Recognize finds everybody whose identifier was recorded.
func (r *registry) Recognize(_ context.Context, id registration.Identifier) (registration.User, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return registration.User{ID: "u1", Status: "active"}, slices.Contains(r.recorded, id), nil
}

func (r *registry) Breached(context.Context, secret.Text) bool { return false }

func (r *registry) registered() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.names...)
}

// A lockedBuffer collects what several goroutines write.
type lockedBuffer = termtest.Buffer

// A house is a server that serves.
type house struct {
	t        *testing.T
	address  string
	door     *door
	hostKey  gossh.PublicKey
	registry *registry
	server   *sshserver.Server
	config   sshserver.Config // that it was opened with
	log      *lockedBuffer
	stop     context.CancelFunc
	over     chan struct{} // closed when Serve has returned
	err      error
}

// roomy is limits that no test meets by chance.
func roomy() sshserver.Limits {
	return sshserver.Limits{
		Sessions: 100, SessionsPerAddress: 100, Handshakes: 100, HandshakeTimeout: patience, SessionTimeout: time.Hour, WriteTimeout: patience,
	}
}

// open serves with what change makes of the configuration.
func open(t *testing.T, change func(*sshserver.Config)) *house {
	t.Helper()
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	key := newSigner(t)
	h := &house{t: t, hostKey: key.PublicKey(), registry: newRegistry(t), log: &lockedBuffer{}, over: make(chan struct{})}
	c := sshserver.Config{
		HostKeys: []gossh.Signer{key}, Limits: roomy(), Grace: patience,
		Options: ui.Options{
			Service: h.registry, Catalogue: catalogue, IdleTimeout: time.Hour, IdleWarning: time.Minute, DoneTimeout: time.Hour, Now: time.Now,
		},
		Logger: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&c)
	}
	h.config = c
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.address, h.door = l.Addr().String(), newDoor(l)
	ctx, stop := context.WithCancel(context.Background())
	h.stop, h.server = stop, sshserver.New(ctx, c)
	go func() {
		defer close(h.over)
		h.err = h.server.Serve(ctx, h.door)
	}()
	t.Cleanup(func() {
		h.server.End()
		stop()
		h.closed()
	})
	return h
}

// closed waits until Serve has returned.
func (h *house) closed() {
	h.t.Helper()
	select {
	case <-h.over:
	case <-time.After(patience):
		h.t.Fatal("Serve does not return")
	}
	if h.err != nil {
		h.t.Errorf("Serve() = %v, want nil", h.err)
	}
}

func newSigner(t *testing.T) gossh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := gossh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// dial connects; banners collects what is said before the client is let in.
func (h *house) dial(auth ...gossh.AuthMethod) (client *gossh.Client, conn net.Conn, banners string, err error) {
	h.t.Helper()
	return h.dialFrom("", auth...)
}

// dialFrom is dial from an address of this machine; "" for any.
func (h *house) dialFrom(from string, auth ...gossh.AuthMethod) (client *gossh.Client, conn net.Conn, banners string, err error) {
	h.t.Helper()
	dialer := new(net.Dialer)
	if from != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(from)}
	}
	conn, err = dialer.DialContext(h.t.Context(), "tcp", h.address)
	if from != "" && errors.Is(err, syscall.EADDRNOTAVAIL) {
		h.t.Skipf("this machine is not %s", from)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	c := &gossh.ClientConfig{
		User: "signup", Auth: auth, HostKeyCallback: gossh.FixedHostKey(h.hostKey), Timeout: patience,
		BannerCallback: func(message string) error { banners += message; return nil },
	}
	joined, channels, requests, err := gossh.NewClientConn(conn, h.address, c)
	if err != nil {
		return nil, conn, banners, err
	}
	client = gossh.NewClient(joined, channels, requests)
	h.t.Cleanup(func() { _ = client.Close() })
	return client, conn, banners, nil
}

// mustDial is dial that has to be let in.
func (h *house) mustDial() (*gossh.Client, net.Conn) {
	h.t.Helper()
	client, conn, _, err := h.dial()
	if err != nil {
		h.t.Fatal(err)
	}
	return client, conn
}

// A guest is a client with a terminal.
type guest struct {
	t       *testing.T
	client  *gossh.Client
	conn    io.Closer
	session *gossh.Session
	keys    io.WriteCloser
	over    chan error
	screen  *termtest.Screen
}

// A terminal is what a guest has.
type terminal struct {
	term          string
	columns, rows int
	env           map[string]string
	auth          []gossh.AuthMethod
	from          string // its address; "" for any
}

// usual is the terminal of most.
func usual() terminal { return terminal{term: "xterm-256color", columns: 80, rows: 24} }

// visit opens a session.
func (h *house) visit(has terminal) *guest {
	h.t.Helper()
	client, conn, _, err := h.dialFrom(has.from, has.auth...)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.sit(client, conn, has)
}

// visitOn opens a session of a client that is connected.
func (h *house) visitOn(client *gossh.Client) *guest {
	h.t.Helper()
	return h.sit(client, client, usual())
}

// sit opens a session; conn is what ends it.
func (h *house) sit(client *gossh.Client, conn io.Closer, has terminal) *guest {
	h.t.Helper()
	g := &guest{t: h.t, client: client, conn: conn, over: make(chan error, 1), screen: termtest.NewScreen(80, 24)}
	var err error
	if g.session, err = g.client.NewSession(); err != nil {
		h.t.Fatal(err)
	}
	for name, value := range has.env {
		_ = g.session.Setenv(name, value) // whether it is taken shows in the session
	}
	if err := g.session.RequestPty(has.term, has.rows, has.columns, nil); err != nil {
		h.t.Fatal(err)
	}
	g.session.Stdout, g.session.Stderr = g.screen, g.screen
	if g.keys, err = g.session.StdinPipe(); err != nil {
		h.t.Fatal(err)
	}
	if err := g.session.Shell(); err != nil {
		h.t.Fatal(err)
	}
	go func() { g.over <- g.session.Wait() }()
	return g
}

func (g *guest) recorded() string { return g.screen.Recorded() }

func (g *guest) text() string { return g.screen.Text() }

// until waits until the screen shows text.
func (g *guest) until(text string) {
	g.t.Helper()
	g.screen.Until(g.t, text)
}

// wait waits until the screen is as it should be.
func (g *guest) wait(what string, as func(screen string) bool) {
	g.t.Helper()
	termtest.Await(g.t, patience, what, func() bool { return as(g.text()) }, g.text)
}

// press types text.
func (g *guest) press(text string) {
	g.t.Helper()
	if _, err := io.WriteString(g.keys, text); err != nil {
		g.t.Fatal(err)
	}
}

// exit waits for the end of the session and returns its exit status; -1 when there was none.
func (g *guest) exit() int {
	g.t.Helper()
	select {
	case err := <-g.over:
		var status *gossh.ExitError
		switch {
		case err == nil:
			return 0
		case errors.As(err, &status):
			return status.ExitStatus()
		}
		return -1
	case <-time.After(patience):
		g.t.Fatalf("the session does not end:\n%s", g.text())
	}
	return -1
}

// marker is a password that must be found nowhere.
const marker = "Marker-7 horse battery staple"

// answers is a whole registration, up to the review.
func answers(email string) string {
	return "\r" + email + "\rAnn\r" + marker + "\r" + marker + "\r"
}

// A door is a listener that takes connections of the test, too.
type door struct {
	net.Listener
	accepted chan net.Conn
	closed   chan struct{}
}

func newDoor(l net.Listener) *door {
	d := &door{l, make(chan net.Conn), make(chan struct{})}
	go func() {
		defer close(d.closed)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			d.accepted <- conn
		}
	}()
	return d
}

func (d *door) Accept() (net.Conn, error) {
	select {
	case conn := <-d.accepted:
		return conn, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

// pipe is a connection that holds nothing back: what one end does not read, the other cannot write.
func (h *house) pipe() net.Conn {
	h.t.Helper()
	ours, theirs := net.Pipe()
	h.door.accepted <- theirs
	h.t.Cleanup(func() { _ = ours.Close() })
	return ours
}
