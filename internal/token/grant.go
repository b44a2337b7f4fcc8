package token

import (
	"time"

	"golang.org/x/oauth2"
)

// A grant is a token with what it is bound to and its times; the zero grant is none.
type grant struct {
	token hidden
	id    Identity  // that it was issued to: its requests go over the same certificate
	renew time.Time // from when on another one is fetched; zero: only after Invalidate

	scopes   []string // that were granted with it
	accepted bool     // by the API, with an answer of success
	refused  bool     // by the API, which never accepted it, and there is no way to another
}

// A hidden token is one that fmt does not look into, as it does into other unexported fields; nil is none.
type hidden func() *oauth2.Token

// hide hides a token.
func hide(t *oauth2.Token) hidden { return func() *oauth2.Token { return t } }

// newGrant is the grant of what was issued to id, which asked for it at start. Times are the wall clock's, which goes on while
// the machine sleeps.
func newGrant(got issued, id Identity, start time.Time) grant {
	g := grant{token: got.token, id: id, scopes: got.scopes}
	if expiry := got.token().Expiry; !expiry.IsZero() {
		g.renew = expiry.Round(0).Add(-min(renewAhead, expiry.Sub(start)/renewShare))
	}
	return g
}

// fresh reports whether the token is to be used at now by id and no other is wanted.
func (g grant) fresh(id Identity, now time.Time) bool {
	return g.usable(now) && g.id.Version == id.Version && (g.renew.IsZero() || now.Round(0).Before(g.renew))
}

// usable reports whether the token works at now, as far as its expiry and that of its certificate say.
func (g grant) usable(now time.Time) bool {
	return g.token != nil && before(now, g.token().Expiry) && before(now, g.id.NotAfter)
}

// is reports whether accessToken is the grant's.
func (g grant) is(accessToken string) bool {
	return g.token != nil && g.token().AccessToken == accessToken
}

// before reports whether now is before end; zero is no end.
func before(now, end time.Time) bool { return end.IsZero() || now.Round(0).Before(end.Round(0)) }
