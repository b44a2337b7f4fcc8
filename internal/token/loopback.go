package token

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"foyer/internal/fixable"
	"foyer/internal/secret"
)

// Bounds of the listener.
const (
	loopbackTimeout = 10 * time.Second
	loopbackHeaders = 32 << 10 // bytes
	loopbackGrace   = 2 * time.Second
)

// A response is what an authorization response has to be like to be believed.
type response struct {
	state  string // RFC 6749, 10.12
	issuer string // RFC 9207, 2.4
	named  bool   // the issuer says that it names itself
}

// A loopback waits for the authorization response to be brought by a browser (RFC 8252, 7.3). It ends with the context that
// it began with, or by close.
type loopback struct {
	url      string // the redirect URI, with its port
	path     string // of url
	start    string // a short address that a person can type, which leads to the authorization request
	listener net.Listener
	want     response
	result   chan landed // holds the first response that is ours
	request  string      // the authorization request
	close    func()      // frees the port; a page that is under way still arrives
}

// A landed response is a code, or the error that stands for one.
type landed struct {
	code secret.Text
	err  error
}

// errOtherIssuer says that a response is of another authorization server, as in a mix-up attack (RFC 9207, 1).
var errOtherIssuer = errors.New("the sign-in was answered by another issuer than auth.issuer_url")

// listen opens the port of redirect, or a free one, on the loopback interface only.
func listen(ctx context.Context, redirect *url.URL, want response) (*loopback, error) {
	u := *redirect
	port := u.Port()
	if port == "" {
		port = "0"
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return nil, fixable.Errorf("nothing can listen at auth.redirect_url (%s); is another Foyer signing in? Otherwise write an address with another port", u.Redacted())
	}
	if tcp, ok := l.Addr().(*net.TCPAddr); ok {
		u.Host = net.JoinHostPort(u.Hostname(), strconv.Itoa(tcp.Port))
	}
	b := &loopback{url: u.String(), path: "/" + strings.TrimPrefix(u.Path, "/"), listener: l, want: want, result: make(chan landed, 1)}
	u.Path = "/" + strings.ToLower(rand.Text()[:startLength]) // other pages in that browser do not know it
	b.start = u.String()
	return b, nil
}

// startLength is the number of letters that a person types after the port.
const startLength = 6

// serve leads who opens start to request, and takes the response, until ctx ends or b is closed.
func (b *loopback) serve(ctx context.Context, request string) {
	b.request = request
	server := &http.Server{
		Handler: b, ReadTimeout: loopbackTimeout, WriteTimeout: loopbackTimeout, MaxHeaderBytes: loopbackHeaders,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // standard error is the kiosk's screen
	}
	server.SetKeepAlivesEnabled(false)
	go func() { _ = server.Serve(b.listener) }()
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	b.close = func() { //nolint:contextcheck // the sign-in's context may end with it
		stop()
		_ = b.listener.Close() // at once, so that the next sign-in can listen
		go linger(server)
	}
}

// linger closes server when the page that is under way has arrived.
func linger(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), loopbackGrace)
	defer cancel()
	_ = server.Shutdown(ctx)
	_ = server.Close()
}

// code waits for the authorization code.
func (b *loopback) code(ctx context.Context) (secret.Text, error) {
	select {
	case got := <-b.result:
		return got.code, got.err
	case <-ctx.Done():
		return secret.Text{}, context.Cause(ctx)
	}
}

// ServeHTTP takes the response. One without the right state is not of this sign-in, whoever brings it, and ends nothing.
func (b *loopback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	w.Header().Set("Referrer-Policy", "no-referrer") // the address has the code in it
	w.Header().Set("Cache-Control", "no-store")
	query := r.URL.Query()
	switch {
	case r.Method == http.MethodGet && strings.HasSuffix(b.start, r.URL.Path) && len(r.URL.Path) == startLength+1:
		http.Redirect(w, r, b.request, http.StatusFound)
		return
	case r.URL.Path != b.path:
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, sentence("There is nothing here.", "Hier ist nichts."))
		return
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	case repeats(query) || subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(b.want.state)) != 1:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, sentence("This is not the sign-in that the kiosk waits for.", "Auf diese Anmeldung wartet der Kiosk nicht."))
		return
	}
	select {
	case b.result <- b.want.judge(query):
	default: // a page that is loaded twice
	}
	_, _ = io.WriteString(w, sentence("Go back to the kiosk, which says whether you are signed in. You can close this page.",
		"Gehen Sie zum Kiosk zurück; er sagt, ob Sie angemeldet sind. Diese Seite können Sie schließen."))
}

// repeats reports whether a parameter is there more than once, which none of ours is (RFC 6749, 3.1).
func repeats(query url.Values) bool {
	for _, name := range []string{"state", "iss", "code", "error"} {
		if len(query[name]) > 1 {
			return true
		}
	}
	return false
}

// judge reads an authorization response (RFC 6749, 4.1.2) whose state is right.
func (want response) judge(query url.Values) landed {
	issuer := query.Get("iss")
	switch code := query.Get("code"); {
	case issuer != "" && issuer != want.issuer, issuer == "" && want.named:
		return landed{err: errOtherIssuer}
	case query.Has("error"):
		return landed{err: &Error{Operation: opSignIn, Code: plain(query.Get("error"))}}
	case code == "":
		return landed{err: errNoCode}
	default:
		return landed{code: secret.New(code)}
	}
}

// sentence is a page of one sentence in both languages of the kiosk.
func sentence(english, german string) string {
	return "<!doctype html><html lang=en><meta charset=utf-8><title>Foyer</title><p>" + english + "</p><p lang=de>" + german + "</p></html>\n"
}
