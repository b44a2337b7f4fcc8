package breach

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"foyer/internal/exchange"
	"foyer/internal/secret"
)

const (
	maxAnswer = 1 << 20 // bytes; an answer with padding has some 40 KiB
	userAgent = "foyer"
)

// A RangeClient asks a service with the range interface of Pwned Passwords. It sends the first five hexadecimal digits of a
// password's SHA-1 and nothing else, and asks for padding, so that the size of the answer does not tell which they were. Answers are
// kept for an hour. It is safe for concurrent use.
//
// Source: Have I Been Pwned, API v3, "Searching by range" and "Introducing padding".
type RangeClient struct {
	http  http.Client
	base  *url.URL
	cache *cache
}

// NewRangeClient returns a client of the service at base, such as https://api.pwnedpasswords.com/range, by way of client, whose
// timeout bounds a query together with the context. It follows no redirects, whatever client does.
func NewRangeClient(client *http.Client, base string) (*RangeClient, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("breach: the range service needs an http or https address")
	}
	c := &RangeClient{http: *client, base: u, cache: newCache()}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.http.Jar = nil
	return c, nil
}

// Breached returns how often password was seen in breaches; 0 is never. An error says that it is not known: ErrAnswer, a
// StatusError, the context's, or the network's.
func (c *RangeClient) Breached(ctx context.Context, password secret.Text) (count int, err error) {
	d := digestOf(password)
	prefix := d.prefix()
	entries, ok := c.cache.get(prefix, time.Now())
	if !ok {
		if entries, err = c.fetch(ctx, prefix); err != nil {
			return 0, fmt.Errorf("breach: range query: %w", err)
		}
		c.cache.put(prefix, entries, time.Now())
	}
	return find(entries, d.suffix()), nil
}

// find returns the count of s among entries, in a time that does not depend on where it stands.
func find(entries []entry, s suffix) int {
	count := 0
	for _, e := range entries {
		count |= -subtle.ConstantTimeCompare(e.suffix[:], s[:]) & int(e.count)
	}
	return count
}

// fetch asks for the hashes that begin with prefix.
func (c *RangeClient) fetch(ctx context.Context, prefix string) ([]entry, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.JoinPath(prefix).String(), http.NoBody)
	if err != nil {
		return nil, bare(err)
	}
	req.Header.Set("Add-Padding", "true")
	req.Header.Set("User-Agent", userAgent)
	res, err := c.http.Do(req)
	if err != nil {
		return nil, bare(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return nil, StatusError(res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, bare(err)
	case len(body) > maxAnswer:
		return nil, ErrAnswer
	}
	return parseRange(body)
}

// A StatusError is the HTTP status of an answer that is not 200.
type StatusError int

func (e StatusError) Error() string {
	return fmt.Sprintf("the service answered with status %d", int(e))
}

// bare is err without the address, of which five digits are the password's. What it says is fit to be shown; what it is stays for
// errors.Is.
func bare(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return &networkError{err}
}

type networkError struct{ cause error }

func (e *networkError) Error() string { return exchange.Reason(e.cause) }
func (e *networkError) Unwrap() error { return e.cause }
