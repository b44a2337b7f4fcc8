package sandbox

import (
	"crypto/rand"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Bounds of signing in on another device.
const (
	slowDown      = 5 * time.Second // by which the interval grows (RFC 8628, 3.5)
	deviceRemains = time.Hour       // that an ended device code is known to have ended
	userCodeChars = "BCDFGHJKLMNPQRSTVWXZ"
	userCodeHalf  = 4 // letters on each side of the dash
)

// A deviceResponse is the DeviceResponse of the OAuth description (RFC 8628, 3.2).
type deviceResponse struct {
	DeviceCode              string `json:"device_code"`
	UserCode                string `json:"user_code"`
	VerificationURI         string `json:"verification_uri"`
	VerificationURIComplete string `json:"verification_uri_complete"`
	ExpiresIn               int64  `json:"expires_in"` // seconds
	Interval                int64  `json:"interval"`   // seconds
}

// A deviceSignIn is a device that waits for staff.
type deviceSignIn struct {
	client   string
	scopes   []string
	userCode string
	ends     time.Time
	interval time.Duration
	polled   time.Time // zero before the first poll
	decided  bool
	staff    string // the subject; "" once decided is a refusal
}

// devices are the sign-ins on other devices, by device code and by user code.
type devices struct {
	life, interval time.Duration
	mu             sync.Mutex
	codes          *expiring[digest, *deviceSignIn]
	users          *expiring[string, *deviceSignIn]
}

func newDevices(life, interval time.Duration) *devices {
	return &devices{
		life: life, interval: interval,
		codes: newExpiring[digest, *deviceSignIn](life+deviceRemains, maxSignIns),
		users: newExpiring[string, *deviceSignIn](life, maxSignIns),
	}
}

// begin makes the codes of a sign-in.
func (d *devices) begin(client string, scopes []string, now time.Time) (deviceCode, userCode string) {
	deviceCode = rand.Text()
	d.mu.Lock()
	defer d.mu.Unlock()
	for userCode = newUserCode(); ; userCode = newUserCode() {
		if _, taken := d.users.get(userCode, now); !taken {
			break
		}
	}
	s := &deviceSignIn{client: client, scopes: scopes, userCode: userCode, ends: now.Add(d.life), interval: d.interval}
	d.codes.put(digestOf(deviceCode), s, now)
	d.users.put(userCode, s, now)
	return deviceCode, userCode
}

// newUserCode makes a code without vowels, so that it is no word, as in WDJB-MJHT (RFC 8628, 6.1).
func newUserCode() string {
	code := make([]byte, 2*userCodeHalf)
	for i := range code {
		n, _ := rand.Int(rand.Reader, big.NewInt(int64(len(userCodeChars)))) // never fails, see crypto/rand
		code[i] = userCodeChars[n.Int64()]
	}
	return string(code[:userCodeHalf]) + "-" + string(code[userCodeHalf:])
}

// typedCode is a user code as somebody typed it, in its normal form: case, dashes and spaces do not matter.
func typedCode(typed string) string {
	letters := strings.Map(func(r rune) rune {
		if strings.ContainsRune(userCodeChars, r) {
			return r
		}
		return -1
	}, strings.ToUpper(typed))
	if len(letters) != 2*userCodeHalf {
		return ""
	}
	return letters[:userCodeHalf] + "-" + letters[userCodeHalf:]
}

// find returns the client that waits for a decision about a user code.
func (d *devices) find(userCode string, now time.Time) (client string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.users.get(userCode, now)
	if !ok || s.decided {
		return "", false
	}
	return s.client, true
}

// decide ends the wait of a user code; without staff they refused.
func (d *devices) decide(userCode, staff string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.users.get(userCode, now)
	if !ok || s.decided {
		return false
	}
	s.decided, s.staff = true, staff
	return true
}

// poll answers one question of the device for its token (RFC 8628, 3.5). A code that was allowed is then used up.
func (d *devices) poll(code, client string, now time.Time) (deviceSignIn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.codes.get(digestOf(code), now)
	if !ok || s.client != client {
		return deviceSignIn{}, oauthError("invalid_grant", "The device_code is unknown or was used before")
	}
	early := !s.polled.IsZero() && now.Sub(s.polled) < s.interval
	s.polled = now
	switch {
	case !now.Before(s.ends):
		return deviceSignIn{}, oauthError("expired_token", "The device_code has expired")
	case early:
		s.interval += slowDown
		return deviceSignIn{}, oauthError("slow_down", "The device asks too often; wait five seconds longer between two polls")
	case !s.decided:
		return deviceSignIn{}, oauthError("authorization_pending", "Staff have not decided yet")
	}
	d.codes.remove(digestOf(code))
	d.users.remove(s.userCode)
	if s.staff == "" {
		return deviceSignIn{}, oauthError("access_denied", "Staff refused")
	}
	return *s, nil
}

// device is the device authorization endpoint (RFC 8628, 3.1).
func (t *Tenant) device(e *exchange) (reply, error) {
	form, err := e.form()
	if err != nil {
		return reply{}, err
	}
	c, err := t.authenticate(e.request, form)
	if err != nil {
		return reply{}, err
	}
	if !c.may(GrantDeviceCode) {
		return reply{}, oauthError("unauthorized_client", "The client is not registered for device_code")
	}
	scopes, refused := c.staffGrants(form.Get("scope"))
	if refused != nil {
		return reply{}, refused
	}
	deviceCode, userCode := t.devices.begin(c.ID, scopes, t.now())
	page := t.publicOrigin(e.request) + devicePath
	answer, err := jsonReply(http.StatusOK, deviceResponse{
		DeviceCode: deviceCode, UserCode: userCode, VerificationURI: page,
		VerificationURIComplete: page + "?" + url.Values{"user_code": {userCode}}.Encode(),
		ExpiresIn:               int64(t.devices.life.Seconds()), Interval: int64(t.devices.interval.Seconds()),
	})
	return answer.with("Cache-Control", "no-store"), err
}

// grantDevice grants device_code (RFC 8628, 3.4).
func (t *Tenant) grantDevice(in tokenRequest) (grant, string, error) {
	if in.form.Get("device_code") == "" {
		return grant{}, "", oauthError("invalid_request", "The parameter device_code is missing")
	}
	now := t.now()
	s, err := t.devices.poll(in.form.Get("device_code"), in.client.ID, now)
	return grant{
		scopes: in.fault.strip(s.scopes), whole: s.scopes, staff: s.staff, family: rand.Text(), ends: now.Add(t.refreshTTL),
	}, "", err
}
