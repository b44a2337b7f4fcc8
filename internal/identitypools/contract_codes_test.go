package identitypools_test

import (
	"errors"
	"net/http"
	"testing"

	"foyer/internal/registration"
	"foyer/internal/sandbox"
	"foyer/internal/secret"
)

// inbox returns the code of the last message to an address.
func (b *box) inbox(t *testing.T, address string) secret.Text {
	t.Helper()
	var code string
	for _, m := range b.Outbox() {
		if m.To == address {
			code = m.Code
		}
	}
	if code == "" {
		t.Fatalf("no code was sent to %s", address)
	}
	return secret.New(code)
}

func kindOf(err error) registration.ProblemKind {
	if p := registration.AsProblem(err, ""); p != nil {
		return p.Kind
	}
	return ""
}

func TestContractOfSelfRegistration(t *testing.T) {
	b := open(t, "customers", true)
	ctx := t.Context()
	who := registration.SelfRegistration{
		Identifier: "ann@example.com", Password: secret.New("correct horse battery staple"),
		Payload: map[string]any{"given_name": "Ann", "family_name": "Lee"}, Message: registration.AsCode,
	}
	id, err := b.directory.SelfRegister(ctx, who, registration.Keys{Idempotency: key})
	if err != nil {
		t.Fatal(err)
	}
	first := b.inbox(t, who.Identifier)
	if _, err := b.directory.Activate(ctx, registration.Activated{UserID: id, Code: secret.New("000000")}, registration.Keys{}); kindOf(err) != registration.CodeRejected {
		t.Errorf("Activate with a wrong code = %v", err)
	}
	again := registration.ActivationMessage{Address: who.Identifier, Mode: registration.ModeRegistration, As: registration.AsCode}
	if err := b.directory.SendActivation(ctx, id, again, registration.Keys{}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.directory.Activate(ctx, registration.Activated{UserID: id, Code: first}, registration.Keys{}); kindOf(err) != registration.CodeRejected {
		t.Errorf("Activate with the code of an earlier message = %v", err)
	}
	user, err := b.directory.Activate(ctx, registration.Activated{UserID: id, Code: b.inbox(t, who.Identifier)}, registration.Keys{})
	if err != nil || user.ID != id || user.Status != "active" || len(user.Verified) != 1 {
		t.Errorf("Activate = %+v, %v, want an active user with a verified address", user, err)
	}
	who.Payload["given_name"] = "Eve"
	if taken, err := b.directory.SelfRegister(ctx, who, registration.Keys{}); err != nil || taken != id {
		t.Errorf("SelfRegister of a taken identifier = %s, %v, want as for a free one", taken, err)
	}
}

func TestContractOfAClosedPool(t *testing.T) {
	b := open(t, "closed", true)
	pool, err := b.directory.Pool(t.Context())
	if err != nil || pool.PublicRegistrationAllowed {
		t.Errorf("Pool = %+v, %v, want one that is closed", pool, err)
	}
	who := registration.SelfRegistration{Identifier: "ann@example.com", Payload: map[string]any{"given_name": "Ann", "family_name": "Lee"}}
	if _, err := b.directory.SelfRegister(t.Context(), who, registration.Keys{}); err == nil {
		t.Error("SelfRegister in a closed pool succeeded")
	}
}

func TestContractOfAnAddress(t *testing.T) {
	b := open(t, "customers", true)
	ctx := t.Context()
	user, err := b.directory.CreateUser(ctx, guest("ann@example.com"), registration.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.directory.RequestVerification(ctx, user.ID, "ann@example.com", registration.AsCode, registration.Keys{}); err != nil {
		t.Fatal(err)
	}
	if err := b.directory.CompleteVerification(ctx, user.ID, "ann@example.com", secret.New("000000"), registration.Keys{}); kindOf(err) != registration.CodeRejected {
		t.Errorf("CompleteVerification with a wrong code = %v", err)
	}
	if err := b.directory.CompleteVerification(ctx, user.ID, "ann@example.com", b.inbox(t, "ann@example.com"), registration.Keys{}); err != nil {
		t.Errorf("CompleteVerification = %v", err)
	}
	found, err := b.directory.FindUser(ctx, user.Identifiers[0], registration.Keys{})
	if err != nil || len(found.Verified) != 1 {
		t.Errorf("FindUser = %+v, %v, want the address verified", found, err)
	}
	if err := b.directory.WithdrawUser(ctx, registration.Receipt{UserID: user.ID, Status: user.Status}, registration.Keys{}); !errors.Is(err, registration.ErrInUse) {
		t.Errorf("WithdrawUser of somebody with a verified address = %v", err)
	}
}

func TestContractOfANewUser(t *testing.T) {
	b := open(t, "customers", true)
	ctx := t.Context()
	give := guest("ann@example.com")
	give.Status, give.Password = registration.New, secret.Text{}
	user, err := b.directory.CreateUser(ctx, give, registration.Keys{})
	if err != nil {
		t.Fatal(err)
	}
	invite := registration.ActivationMessage{Address: "ann@example.com", Mode: registration.ModeInvitation, As: registration.AsLink}
	if err := b.directory.SendActivation(ctx, user.ID, invite, registration.Keys{}); err != nil {
		t.Fatal(err)
	}
	if sent := b.Outbox(); len(sent) != 1 || sent[0].Kind != "invitation" || sent[0].Link == "" || sent[0].Code != "" {
		t.Errorf("the outbox has %+v, want an invitation with a link", sent)
	}
	if err := b.directory.WithdrawUser(ctx, registration.Receipt{UserID: user.ID, Status: user.Status}, registration.Keys{}); err != nil {
		t.Errorf("WithdrawUser = %v", err)
	}
	if _, err := b.directory.CreateUser(ctx, give, registration.Keys{}); err != nil {
		t.Errorf("CreateUser after WithdrawUser = %v, want the address free again", err)
	}
}

func TestContractOfAProof(t *testing.T) {
	b := open(t, "customers", true)
	ctx := t.Context()
	to := registration.Identifier{Type: registration.Email, Identifier: "ann@example.com"}
	otp, err := b.directory.SendProof(ctx, to, "0123456789abcdef")
	if err != nil || otp.ID == "" || otp.TTL <= 0 {
		t.Fatalf("SendProof = %+v, %v", otp, err)
	}
	if err := b.directory.CheckProof(ctx, to, registration.Proof{TransientOTP: otp, Code: secret.New("000000")}); kindOf(err) != registration.CodeRejected {
		t.Errorf("CheckProof with a wrong code = %v", err)
	}
	b.Misbehave(sandbox.Fault{Status: http.StatusUnauthorized, Match: "/pools/", Times: 1}) // the probe: then it is the token
	if err := b.directory.CheckProof(ctx, to, registration.Proof{TransientOTP: otp, Code: secret.New("000000")}); kindOf(err) != registration.CodeRejected {
		t.Errorf("CheckProof with a wrong code and another token = %v", err)
	}
	if err := b.directory.CheckProof(ctx, to, registration.Proof{TransientOTP: otp, Code: b.inbox(t, to.Identifier)}); err != nil {
		t.Errorf("CheckProof = %v", err)
	}
	give := guest(to.Identifier)
	give.Verified = to.Identifier
	if user, err := b.directory.CreateUser(ctx, give, registration.Keys{}); err != nil || len(user.Verified) != 1 {
		t.Errorf("CreateUser = %+v, %v, want the address verified", user, err)
	}
}

func TestContractOfTOTP(t *testing.T) {
	b := open(t, "totp", true)
	pool, err := b.directory.Pool(t.Context())
	if err != nil || pool.TOTPIssuer == "" {
		t.Fatalf("Pool = %+v, %v, want an issuer", pool, err)
	}
	give := guest("ann@example.com")
	give.TOTPSecret = registration.NewTOTPSecret()
	if _, err := b.directory.CreateUser(t.Context(), give, registration.Keys{}); err != nil {
		t.Errorf("CreateUser with a TOTP credential = %v", err)
	}
	give.Identifiers[0].Identifier, give.TOTPSecret = "bob@example.com", secret.New("not base32!")
	_, err = b.directory.CreateUser(t.Context(), give, registration.Keys{})
	if p := registration.AsProblem(err, ""); p == nil || p.Field != registration.PointerTOTPSecret {
		t.Errorf("CreateUser with a secret that is none = %+v", p)
	}
}
