package token

import (
	"context"
	"crypto/sha256"

	"foyer/internal/secret"
)

// hold notes that refresh is, or was, a refresh token of this process. Of each it notes 32 bytes: kiosks rotate theirs once or a
// few times an hour. It is called under the lock, as is held.
func (s *Source) hold(refresh secret.Text) {
	if !refresh.IsZero() {
		s.ours[sha256.Sum256([]byte(refresh.Reveal()))] = struct{}{}
	}
}

// held reports whether refresh is, or was, a refresh token of this process. One that is kept and that it never had comes from
// another process; one that it had may be spent.
func (s *Source) held(refresh secret.Text) bool {
	_, ok := s.ours[sha256.Sum256([]byte(refresh.Reveal()))]
	return ok
}

// elsewhere is the refresh token that another process has kept since for the same member of staff as who; empty when there is
// none, or the Keeper does not tell in time.
func (s *Source) elsewhere(ctx context.Context, who *session) secret.Text {
	s.mu.Lock()
	lasts := !who.refresh.IsZero()
	s.mu.Unlock()
	if !lasts {
		return secret.Text{}
	}
	ctx, cancel := context.WithTimeout(ctx, keeperPatience)
	defer cancel()
	other, err := s.loaded(ctx)
	if err != nil || other == nil || other.operator.Subject != who.operator.Subject {
		return secret.Text{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held(other.refresh) {
		return secret.Text{}
	}
	s.hold(other.refresh)
	return other.refresh
}

// catchUp has who go on with the refresh token that another process has got for the one of who, and reports whether there is
// such a one. To present a token that was replaced ends all that came of the sign-in (RFC 9700, 4.14.2).
func (s *Source) catchUp(ctx context.Context, who *session) bool {
	refresh := s.elsewhere(ctx, who)
	if refresh.IsZero() {
		return false
	}
	s.mu.Lock()
	out := who.out
	if !out {
		who.refresh, s.kept = refresh, refresh
	}
	s.mu.Unlock()
	if out {
		s.disown(issued{refresh: refresh}) //nolint:contextcheck // on its own time
	}
	return !out
}
