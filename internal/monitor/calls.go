package monitor

import (
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Calls count the requests to the tenant. They are safe for concurrent use.
type Calls struct {
	known   map[string]string // names of operations, as labels
	total   *prometheus.CounterVec
	elapsed *prometheus.HistogramVec
}

// none is the class of requests that had no answer.
const none = "none"

// other is the label of an operation that nobody has named.
const other = "other"

// classes are the classes of status that an answer can have (RFC 9110, 15), but for 1xx, which is none yet.
func classes() []string { return []string{"2xx", "3xx", "4xx", "5xx", none} }

// NewCalls returns calls of operations, given in words: they are counted from 0 on.
func NewCalls(operations []string) *Calls {
	c := &Calls{
		known: make(map[string]string),
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "foyer_tenant_requests_total", Help: "Requests to the tenant, by operation and class of status; none: there was no answer.",
		}, []string{"operation", "status"}),
		elapsed: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "foyer_tenant_request_duration_seconds", Help: "How long the tenant took to answer, by operation.",
			Buckets: []float64{.025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"operation"}),
	}
	for _, operation := range operations {
		label := strings.ReplaceAll(strings.ToLower(operation), " ", "_")
		c.known[operation] = label
		for _, class := range classes() {
			c.total.WithLabelValues(label, class)
		}
		c.elapsed.WithLabelValues(label)
	}
	return c
}

// Observe counts a request with the status of its answer; 0 when there was none.
func (c *Calls) Observe(operation string, status int, elapsed time.Duration) {
	label, ok := c.known[operation]
	if !ok {
		label = other
	}
	class := none
	if status >= 200 && status < 600 {
		class = strconv.Itoa(status/100) + "xx"
	}
	c.total.WithLabelValues(label, class).Inc()
	c.elapsed.WithLabelValues(label).Observe(elapsed.Seconds())
}

// Describe describes the metrics.
func (c *Calls) Describe(out chan<- *prometheus.Desc) {
	c.total.Describe(out)
	c.elapsed.Describe(out)
}

// Collect reads them.
func (c *Calls) Collect(out chan<- prometheus.Metric) {
	c.total.Collect(out)
	c.elapsed.Collect(out)
}

// Reloads count how often the configuration was read again. They are safe for concurrent use.
type Reloads struct {
	*prometheus.CounterVec
	last prometheus.Gauge
}

// NewReloads returns reloads, of which there was none, after a start that went well.
func NewReloads() *Reloads {
	r := &Reloads{
		prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "foyer_config_reloads_total", Help: "How often the configuration was read again, by what came of it.",
		}, []string{"result"}),
		prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "foyer_config_last_reload_successful", Help: "1 when the configuration that was read last is in force, 0 when it has mistakes.",
		}),
	}
	r.WithLabelValues("taken")
	r.WithLabelValues("refused")
	r.last.Set(1)
	return r
}

// Count counts one, which was refused for err; nil when it was taken.
func (r *Reloads) Count(err error) {
	result := "taken"
	if err != nil {
		result = "refused"
	}
	r.WithLabelValues(result).Inc()
	r.last.Set(truth(err == nil))
}

// Describe describes the metrics.
func (r *Reloads) Describe(out chan<- *prometheus.Desc) {
	r.CounterVec.Describe(out)
	r.last.Describe(out)
}

// Collect reads them.
func (r *Reloads) Collect(out chan<- prometheus.Metric) {
	r.CounterVec.Collect(out)
	r.last.Collect(out)
}
