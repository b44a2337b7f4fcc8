package redislimits

import (
	"context"
	"slices"

	"foyer/internal/sshserver"
)

// chunk is how many guests or registrations one script notes: while it runs, Redis does nothing else.
const chunk = 200

// Keep says what has become of the server's guests. What takes several scripts may have been noted in part when it fails, and
// can be said again.
func (l *Limits) Keep(ctx context.Context, n sshserver.News) (sshserver.Kept, error) {
	kept := sshserver.Kept{For: l.lease}
	for first := true; ; first = false {
		var now sshserver.News
		now.Registered, n.Registered = cut(n.Registered)
		now.Inside, n.Inside = cut(n.Inside)
		now.Gone, n.Gone = cut(n.Gone)
		known, err := l.note(ctx, now)
		if err != nil {
			return sshserver.Kept{}, err
		}
		if first {
			kept.New = !known
		}
		if len(n.Registered)+len(n.Inside)+len(n.Gone) == 0 {
			return kept, nil
		}
	}
}

// cut cuts a chunk off.
func cut[T any](all []T) (some, rest []T) {
	i := min(len(all), chunk)
	return all[:i], all[i:]
}

// note runs the script for one chunk.
func (l *Limits) note(ctx context.Context, n sshserver.News) (known bool, err error) {
	keys := []string{l.self(), l.prefix + "sessions"}
	args := []any{l.lease.Milliseconds(), hour.Milliseconds(), len(n.Registered), len(n.Inside), len(n.Gone)}
	for _, r := range n.Registered {
		keys = append(keys, l.registered(r.Address))
		args = append(args, l.member(r.ID), max(0, r.Ago.Milliseconds()))
	}
	for _, g := range slices.Concat(n.Inside, n.Gone) {
		keys = append(keys, l.shares(g)...)
		args = append(args, l.member(g.ID))
	}
	answer, err := l.keep.Run(ctx, l.client, keys, args...).Int()
	return answer == 1, err
}
