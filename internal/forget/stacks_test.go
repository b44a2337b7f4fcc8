package forget

import "testing"

func BenchmarkCollect(b *testing.B) {
	for name, thorough := range map[string]bool{"at once": false, "thorough": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				collect(thorough)
			}
		})
	}
}
