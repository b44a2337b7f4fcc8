package monitor

import (
	"runtime"

	"github.com/prometheus/client_golang/prometheus"

	"foyer/internal/sshserver"
)

// A figure is a metric of sshserver.Stats without labels.
type figure struct {
	name, help string
	kind       prometheus.ValueType
	of         func(sshserver.Stats) float64
}

// figures are those that there are. A new field of Stats is a new row.
func figures() []figure {
	const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue
	type s = sshserver.Stats
	return []figure{
		{"foyer_ssh_sessions", "Sessions now.", gauge, func(s s) float64 { return float64(s.Sessions) }},
		{"foyer_ssh_handshakes", "Connections without a session now.", gauge, func(s s) float64 { return float64(s.Handshakes) }},
		{"foyer_ssh_connections_total", "Connections, also those that were refused.", counter, func(s s) float64 { return float64(s.Connections) }},
		{"foyer_ssh_evictions_total", "Connections without a session that had to go for a newcomer.", counter, func(s s) float64 { return float64(s.Evicted) }},
		{"foyer_ssh_handshake_failures_total", "Connections that ended before their client was let in.", counter, func(s s) float64 { return float64(s.Failed) }},
		{"foyer_ssh_host_keys", "Host keys that serve now.", gauge, func(s s) float64 { return float64(s.HostKeys) }},
		{"foyer_ssh_draining", "1 when the server lets nobody in any more, before it ends.", gauge, func(s s) float64 { return truth(s.Draining) }},
		{"foyer_registrations_total", "People that were registered.", counter, func(s s) float64 { return float64(s.Registered) }},
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// together are the figures of a server that counts together with others. One that counts by itself has none, so that an alert on 0
// is one.
func together() []figure {
	type s = sshserver.Stats
	return []figure{
		{"foyer_ssh_shared_limits_up", "1 when the limits hold for several servers together, 0 when those of this one do.", prometheus.GaugeValue, func(s s) float64 { return truth(s.SharedLimits == sshserver.SharedUp) }},
		{"foyer_ssh_shared_limits_losses_total", "How often what is shared could not be reached any more.", prometheus.CounterValue, func(s s) float64 { return float64(s.SharedLost) }},
	}
}

// counted collects what a server for SSH has counted, when it is asked.
type counted struct{ stats func() sshserver.Stats }

// Describe describes no metric: which there are is said by Collect, of a server with its figures.
func (counted) Describe(chan<- *prometheus.Desc) {}

// Collect reads the figures, all of the same time.
func (c counted) Collect(out chan<- prometheus.Metric) {
	s, all := c.stats(), figures()
	if s.SharedLimits != sshserver.SharedNone {
		all = append(all, together()...)
	}
	for _, f := range all {
		out <- prometheus.MustNewConstMetric(prometheus.NewDesc(f.name, f.help, nil, nil), f.kind, f.of(s))
	}
	refused := prometheus.NewDesc("foyer_ssh_refusals_total", "Who was turned away, by reason.", []string{"reason"}, nil)
	for _, why := range sshserver.Refusals() {
		out <- prometheus.MustNewConstMetric(refused, prometheus.CounterValue, float64(s.Refused[why]), string(why))
	}
	ended := prometheus.NewDesc("foyer_ssh_sessions_ended_total", "Sessions that ended, by outcome.", []string{"outcome"}, nil)
	for _, how := range sshserver.Outcomes() {
		out <- prometheus.MustNewConstMetric(ended, prometheus.CounterValue, float64(s.Ended[how]), string(how))
	}
	lasted := prometheus.NewDesc("foyer_ssh_session_duration_seconds", "How long sessions lasted.", nil, nil)
	buckets := make(map[float64]uint64)
	for bound, n := range s.Lasted.Within() {
		buckets[bound.Seconds()] = n
	}
	out <- prometheus.MustNewConstHistogram(lasted, s.Lasted.Count, s.Lasted.Sum.Seconds(), buckets)
}

// built is a metric that is always 1, and says what runs.
func built(version string) prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "foyer_build_info", Help: "What runs, in its labels; always 1.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	})
	g.Set(1)
	return g
}
