package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// A reply is a whole answer, held as a value so that it can be remembered, replayed and spoilt.
type reply struct {
	status int
	header http.Header // without x-trace-id, which belongs to the exchange; nil for none
	body   []byte      // empty for none
	abort  bool        // close the connection instead

	drip time.Duration // how long sending the body takes
	cut  bool          // close the connection in the middle of the body
}

// drops is in how many bits a body is sent that drips.
const drops = 8

// jsonReply answers v as JSON.
func jsonReply(status int, v any) (reply, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return reply{}, fmt.Errorf("encode reply: %w", err)
	}
	return reply{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: body}, nil
}

// resourceReply answers v as JSON with the entity tag of just these bytes.
func resourceReply(status int, v any) (reply, error) {
	answer, err := jsonReply(status, v)
	if err != nil {
		return reply{}, err
	}
	answer.header.Set("ETag", entityTag(answer.body))
	return answer, nil
}

// entityTag is a strong entity tag (RFC 9110, 8.8.3): other bytes have another one.
func entityTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// with returns the reply with one more header; the receiver's own header stays as it is.
func (a reply) with(name, value string) reply {
	a.header = a.header.Clone()
	if a.header == nil {
		a.header = http.Header{}
	}
	a.header.Set(name, value)
	return a
}

// write sends the reply, to a client that is there as long as ctx lasts.
func (a reply) write(ctx context.Context, w http.ResponseWriter, trace string) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("X-Trace-Id", trace)
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	send := a.body
	if a.cut {
		send = send[:len(send)/2]
	}
	if a.drip > 0 {
		a.dripping(ctx, w, send)
	} else {
		_, _ = w.Write(send) // the client went away: nobody is left to be told
	}
	if a.cut {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// dripping sends body bit by bit.
func (a reply) dripping(ctx context.Context, w http.ResponseWriter, body []byte) {
	tick := time.NewTicker(max(a.drip/drops, 1))
	defer tick.Stop()
	for bit := range slices.Chunk(body, len(body)/drops+1) {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		_, _ = w.Write(bit)
		_ = http.NewResponseController(w).Flush()
	}
}
