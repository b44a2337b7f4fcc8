package sandbox

import (
	"testing"
	"time"
)

func TestExpiringForgets(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := newExpiring[string, int](time.Minute, 3)
	m.put("a", 1, now)
	m.remove("a")
	m.put("a", 2, now.Add(30*time.Second)) // the first turn of "a" must not take this one along
	tests := []struct {
		after time.Duration
		want  bool
	}{{59 * time.Second, true}, {89 * time.Second, true}, {90 * time.Second, false}}
	for _, tt := range tests {
		if got, ok := m.get("a", now.Add(tt.after)); ok != tt.want || ok && got != 2 {
			t.Errorf("get after %v = %d, %v, want %v", tt.after, got, ok, tt.want)
		}
	}
}

func TestExpiringIsBounded(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := newExpiring[int, int](time.Minute, 3)
	for i := range 100 {
		m.put(i, i, now)
	}
	if len(m.entries) > 3 || len(m.order) > 3 {
		t.Errorf("it holds %d entries and %d turns, want at most 3", len(m.entries), len(m.order))
	}
	if _, ok := m.entries[99]; !ok {
		t.Error("the newest entry is gone")
	}
}

func TestPoolIsBounded(t *testing.T) {
	p := newPool(definition{ID: "p"})
	p.limit = 1
	if err := p.add(&user{ID: "a"}); err != nil {
		t.Fatal(err)
	}
	if err := p.add(&user{ID: "b"}); err == nil {
		t.Error("a user above the limit was added")
	}
}

// TestAddLooksAgain is about two creations at once: the early look passes for both.
func TestAddLooksAgain(t *testing.T) {
	p := newPool(definition{ID: "p", IdentifierCaseInsensitive: true})
	ann := func(id, name string) *user { return &user{ID: id, Identifiers: []identifier{{Identifier: name}}} }
	first, second := ann("a", "ann"), ann("b", "ANN")
	for _, u := range []*user{first, second} {
		if err := p.free(u.ID, u.claims()); err != nil {
			t.Fatalf("free(%s) = %v, want nil", u.ID, err)
		}
	}
	if err := p.add(first); err != nil {
		t.Fatal(err)
	}
	if err := p.add(second); err == nil {
		t.Error("two users have one identifier")
	}
}

func TestWordsAreBounded(t *testing.T) {
	in := newUser{Payload: []byte(`{"b":["x",{"c":"y"}],"a":"z","n":7,"e":""}`)}
	in.Identifiers = []newIdentifier{{Identifier: "ann"}}
	got := in.words()
	want := []string{"ann", "z", "x", "y"}
	if len(got) != len(want) {
		t.Fatalf("words() = %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("words() = %q, want %q", got, want)
		}
	}
	for range 100 {
		in.Identifiers = append(in.Identifiers, newIdentifier{Identifier: "x"})
	}
	if got := len(in.words()); got != maxWords {
		t.Errorf("words() of 100 identifiers has %d, want %d", got, maxWords)
	}
}
