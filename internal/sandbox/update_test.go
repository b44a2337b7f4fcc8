package sandbox

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestUpdate(t *testing.T) {
	before, now := time.Unix(1, 0), time.Unix(2, 0)
	d := definition{ID: "p", IdentifierCaseInsensitive: true}
	refusal := errors.New("no")
	tests := []struct {
		name   string
		id     string
		change func(*user) error
		status int // of the refusal; 0 for none
		err    error
		moved  bool // the status's time
		claims map[string]string
	}{
		{"swaps what signs in", "a", func(u *user) error {
			u.Identifiers = []identifier{{Identifier: "Anna"}}
			return nil
		}, 0, nil, false, map[string]string{"anna": "a", "bo": "b"}},
		{"moves the status", "a", func(u *user) error {
			u.Status = statusActive
			u.verify("ann@example.com", d, now)
			return nil
		}, 0, nil, true, map[string]string{"ann": "a", "ann@example.com": "a", "bo": "b"}},
		{"does not take what is somebody's", "a", func(u *user) error {
			u.identify("BO", d, now)
			return nil
		}, http.StatusConflict, nil, false, map[string]string{"ann": "a", "bo": "b"}},
		{"leaves all as it is when refused", "a", func(u *user) error {
			u.Identifiers[0].Identifier = "eve"
			return refusal
		}, 0, refusal, false, map[string]string{"ann": "a", "bo": "b"}},
		{"needs a user", "c", func(*user) error { return nil }, http.StatusNotFound, nil, false, map[string]string{"ann": "a", "bo": "b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPool(d)
			ann := &user{ID: "a", Status: statusNew, StatusUpdatedAt: before, UpdatedAt: before, Identifiers: []identifier{{Identifier: "ann"}}}
			for _, u := range []*user{ann, {ID: "b", Identifiers: []identifier{{Identifier: "bo"}}}} {
				if err := p.add(u); err != nil {
					t.Fatal(err)
				}
			}
			got, err := p.update(tt.id, now, tt.change)
			var r *httpError
			switch {
			case tt.status != 0 && (!errors.As(err, &r) || r.status != tt.status):
				t.Errorf("update = %v, want %d", err, tt.status)
			case tt.status == 0 && !errors.Is(err, tt.err):
				t.Errorf("update = %v, want %v", err, tt.err)
			}
			if ann.Identifiers[0].Identifier != "ann" || ann.Status != statusNew || len(ann.Addresses) > 0 {
				t.Errorf("the user in the pool was changed: %v", ann)
			}
			if now, _ := p.user("a"); (now == ann) != (err != nil) {
				t.Errorf("the pool has the old user: %v, want %v", now == ann, err != nil)
			}
			if err == nil && (!got.UpdatedAt.Equal(now) || got.StatusUpdatedAt.Equal(now) != tt.moved) {
				t.Errorf("times = %v, %v, want the status's moved: %v", got.UpdatedAt, got.StatusUpdatedAt, tt.moved)
			}
			if len(p.claims) != len(tt.claims) {
				t.Errorf("claims = %v, want %v", p.claims, tt.claims)
			}
			for text, id := range tt.claims {
				if p.claims[text] != id {
					t.Errorf("claims = %v, want %v", p.claims, tt.claims)
				}
			}
		})
	}
}

// TestReleaseKeepsOthers is about two users whom a new definition makes share a text.
func TestReleaseKeepsOthers(t *testing.T) {
	p := newPool(definition{ID: "p"})
	for id, name := range map[string]string{"a": "ann", "b": "Ann"} {
		if err := p.add(&user{ID: id, Identifiers: []identifier{{Identifier: name}}}); err != nil {
			t.Fatal(err)
		}
	}
	p.define(definition{ID: "p", IdentifierCaseInsensitive: true})
	kept := p.claims["ann"]
	gone := map[string]string{"a": "b", "b": "a"}[kept]
	if err := p.remove(gone, func(*user) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if p.claims["ann"] != kept {
		t.Errorf("the text is now %q's, want %q's", p.claims["ann"], kept)
	}
}

// TestAnAddressThatWentAway is about a code for an address that was the user's when it was sent.
func TestAnAddressThatWentAway(t *testing.T) {
	d := definition{ID: "p"}
	u := &user{Status: statusNew}
	for _, tt := range []struct {
		code code
		want bool
	}{{code{address: "a@example.com", theirs: true}, false}, {code{address: "a@example.com"}, true}} {
		if err := (activation{}).allowed(u, tt.code, d); (err == nil) != tt.want {
			t.Errorf("allowed(%v) = %v, want nil: %v", tt.code.theirs, err, tt.want)
		}
	}
}
