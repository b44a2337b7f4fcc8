package clientcert_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foyer/internal/clientcert"
	"foyer/internal/fixable"
)

func TestLoadSaysWhatIsWrong(t *testing.T) {
	good, other := named(t, "one"), named(t, "two")
	encrypted := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("hunter2")})
	damaged := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("hunter2")})
	tests := []struct {
		name string
		give pair
		want string
	}{
		{"a key of another certificate", pair{good.certificate, other.key}, "the key in auth.key_file does not belong to the first certificate in auth.certificate_file"},
		{"an authority's certificate first", pair{append(other.certificate, good.certificate...), good.key}, "put the client's own certificate before"},
		{"an encrypted key", pair{good.certificate, encrypted}, "the key in auth.key_file is encrypted"},
		{"a certificate for a key", pair{good.certificate, good.certificate}, "auth.key_file holds a certificate and no private key"},
		{"a key for a certificate", pair{good.key, good.key}, "auth.certificate_file holds no certificate"},
		{"nothing for a certificate", pair{nil, good.key}, "auth.certificate_file holds no certificate"},
		{"nothing for a key", pair{good.certificate, nil}, "auth.key_file is empty"},
		{"a damaged certificate", pair{damaged, good.key}, "the first certificate in auth.certificate_file cannot be read"},
		{"a file that is too long", pair{make([]byte, 1<<20+1), good.key}, "auth.certificate_file is longer than 1 MiB"},
		{"a key file that is too long", pair{good.certificate, make([]byte, 1<<20+1)}, "auth.key_file is longer than 1 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := clientcert.Load(newFiles(t, tt.give).config(&http.Transport{}))
			wantFixable(t, err, tt.want)
		})
	}
}

func TestLoadSaysWhichFileCannotBeRead(t *testing.T) {
	folder := t.TempDir()
	tests := []struct {
		name string
		give func(*files)
		want string
	}{
		{"no certificate file", func(f *files) { f.certificate = filepath.Join(folder, "x") }, "the file that auth.certificate_file names does not exist"},
		{"no key file", func(f *files) { f.key = filepath.Join(folder, "x") }, "the file that auth.key_file names does not exist"},
		{"a folder", func(f *files) { f.key = folder }, "auth.key_file names cannot be read"},
		{"no name of a certificate", func(f *files) { f.certificate = "" }, "auth.certificate_file is empty"},
		{"no name of a key", func(f *files) { f.key = "" }, "auth.key_file is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFiles(t, named(t, "one"))
			tt.give(f)
			_, err := clientcert.Load(f.config(&http.Transport{}))
			wantFixable(t, err, tt.want)
		})
	}
}

func TestLoadSaysThatAFileMayNotBeRead(t *testing.T) {
	f := newFiles(t, named(t, "one"))
	if err := os.Chmod(f.key, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(f.key); err == nil {
		t.Skip("this user may read all files")
	}
	_, err := clientcert.Load(f.config(&http.Transport{}))
	wantFixable(t, err, "the file that auth.key_file names may not be read")
}

func wantFixable(t *testing.T, err error, part string) {
	t.Helper()
	var mend *fixable.Error
	if !errors.As(err, &mend) || !strings.Contains(mend.Staff, part) || strings.Contains(mend.Staff, "hunter2") {
		t.Errorf("Load() = %v, want a *fixable.Error with %q that quotes nothing", err, part)
	}
}

func TestOneFileMayHoldBoth(t *testing.T) {
	server := newServer(t, false, who)
	p := named(t, "one")
	f := newFiles(t, pair{append(append([]byte("\ufeff"), p.key...), p.certificate...), nil})
	f.key = f.certificate
	wantAnswer(t, f.load(t, trusting(server)).Current(), server.URL, "one over HTTP/2.0")
}

func TestEd25519IsProvenToo(t *testing.T) {
	server := newServer(t, false, who)
	f := newFiles(t, issue(t, "ed", time.Now().AddDate(0, 1, 0), edKey(t)))
	wantAnswer(t, f.load(t, trusting(server)).Current(), server.URL, "ed over HTTP/2.0")
}

func TestAGenerationTellsItsTimesAndThumbprint(t *testing.T) {
	end := time.Now().Add(100 * 24 * time.Hour).Truncate(time.Second)
	f := newFiles(t, issue(t, "one", end, edKey(t)))
	g := f.load(t, &http.Transport{}).Current()
	sum := sha256.Sum256(g.Leaf().Raw)
	if want := base64.RawURLEncoding.EncodeToString(sum[:]); g.Thumbprint() != want || len(want) != 43 {
		t.Errorf("Thumbprint() = %s, want %s", g.Thumbprint(), want)
	}
	if !g.NotAfter().Equal(end) || !g.NotBefore().Equal(end.AddDate(-1, 0, 0)) {
		t.Errorf("valid from %v to %v, want a year to %v", g.NotBefore(), g.NotAfter(), end)
	}
	const day = 24 * time.Hour
	tests := []struct {
		name                    string
		at                      time.Time
		notYet, expiring, ended bool
	}{
		{"before it begins", g.NotBefore().Add(-1), true, false, false},
		{"when it begins", g.NotBefore(), false, false, false},
		{"31 days before its end", end.Add(-31 * day), false, false, false},
		{"30 days before its end", end.Add(-30 * day), false, true, false},
		{"at its end", end, false, true, false},
		{"after its end", end.Add(1), false, true, true},
	}
	for _, tt := range tests {
		if n, s, e := g.NotYetValid(tt.at), g.ExpiresSoon(tt.at), g.Expired(tt.at); n != tt.notYet || s != tt.expiring || e != tt.ended {
			t.Errorf("%s: NotYetValid %t, ExpiresSoon %t, Expired %t, want %t, %t, %t", tt.name, n, s, e, tt.notYet, tt.expiring, tt.ended)
		}
	}
}

func TestTheEndIsWarnedOfOnceADay(t *testing.T) {
	const day = 24 * time.Hour
	key := edKey(t)
	start := time.Now().Truncate(time.Second) // as a certificate has it
	f := newFiles(t, issue(t, "one", start.Add(31*day+time.Hour), key))
	f.clock.at = start
	s := f.load(t, &http.Transport{})
	warnings := 0
	for hour := range 33 * 24 {
		if got := f.log.count("level=WARN"); hour == 24 && got != 0 {
			t.Fatalf("log = %s, want no warning 30 days and an hour before the end", f.log.text.String())
		}
		f.clock.pass(time.Hour)
		s.Current()
		s.Current()
		warnings = f.log.count("level=WARN")
	}
	if warnings != 32 {
		t.Errorf("%d warnings in 33 days, want 32: one a day from the 30th day before the end", warnings)
	}
	for _, part := range []string{"expires in 30 days; replace auth.certificate_file", "expires in 1 day;", "expires within a day;"} {
		if f.log.count(part) != 1 {
			t.Errorf("the log has %q %d times, want once", part, f.log.count(part))
		}
	}
	if f.log.count("has expired; replace auth.certificate_file and auth.key_file") != 1 {
		t.Errorf("the log does not say once that the certificate has expired: %s", f.log.text.String())
	}
	f.renewed(t, s, issue(t, "two", f.clock.now().Add(90*day), key))
	f.clock.pass(2 * day)
	s.Current()
	if got := f.log.count("level=WARN"); got != warnings {
		t.Errorf("%d warnings after the renewal, want none", got-warnings)
	}
}

func TestAnExpiredCertificateIsLoadedAndToldOf(t *testing.T) {
	f := newFiles(t, issue(t, "one", time.Now().Add(-time.Hour), edKey(t)))
	g := f.load(t, &http.Transport{}).Current()
	if !g.Expired(time.Now()) || f.log.count("the client certificate has expired") != 1 {
		t.Errorf("Expired() = %t, log %s, want true and a warning", g.Expired(time.Now()), f.log.text.String())
	}
}

func TestTheKeyIsNeverPrinted(t *testing.T) {
	key := edKey(t)
	f := newFiles(t, issue(t, "one", time.Now().AddDate(0, 1, 0), key))
	s := f.load(t, &http.Transport{})
	g := s.Current()
	type holder struct{ g *clientcert.Generation }
	var text bytes.Buffer
	slog.New(slog.NewJSONHandler(&text, nil)).Info("x", "g", g, "s", s, "h", holder{g})
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "g", g, "s", s, "h", holder{g})
	encoded, err := json.Marshal([]any{g, s})
	if err != nil {
		t.Fatal(err)
	}
	printed := text.String() + string(encoded)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		for _, value := range []any{g, *g, s, holder{g}, &holder{g}, g.Transport()} {
			printed += fmt.Sprintf(verb, value)
		}
	}
	for _, leak := range []string{strings.Trim(fmt.Sprintf("%d", key.Seed()), "[]"), fmt.Sprintf("%x", key.Seed())} {
		if strings.Contains(printed, leak) {
			t.Errorf("the key is printed: %s", printed)
		}
	}
	if want := "client certificate 1 (x5t#S256 " + g.Thumbprint(); !strings.Contains(printed, want) {
		t.Errorf("printed %s, want %q", printed, want)
	}
}
