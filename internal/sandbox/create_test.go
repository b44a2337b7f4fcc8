package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const employee = `{"given_name":"Ann","family_name":"Lee","street":"1 Main St","city":"Salem","state":"OR","zip":"97301"}`

// TestCreateDetails holds what a create call is refused for against the fields that the refusal names.
func TestCreateDetails(t *testing.T) {
	const names = `"payload":{"given_name":"Ann","family_name":"Lee"}`
	identified := func(kind, value string) string {
		encoded, _ := json.Marshal(value) // a string always encodes
		return `{"status":"active",` + names + `,"identifiers":[{"type":"` + kind + `","identifier":` + string(encoded) + `}]}`
	}
	addressed := func(members string) string {
		return `{"status":"active",` + names + `,"verifiable_addresses":[{` + members + `}]}`
	}
	credential := func(members string) string {
		return `{"status":"active",` + names + `,"credentials":[{` + members + `}]}`
	}
	const malformed = "is not well-formed for its type"
	identifier := map[string]string{"/identifiers/0/identifier": malformed}
	tests := []struct {
		name, pool, body string
		want             map[string]string // nil when the user is made
	}{
		{"an e-mail address is taken", "customers", identified("email", "o'brien+tag@sub.example.com"), nil},
		{"a display name is no address", "customers", identified("email", "Ann <ann@example.com>"), identifier},
		{"two addresses are not one", "customers", identified("email", "a@example.com, b@example.com"), identifier},
		{"a space after an address is not trimmed", "customers", identified("email", "ann@example.com "), identifier},
		{"an address needs a domain", "customers", identified("email", "ann"), identifier},
		{"254 bytes of address are taken", "customers", identified("email", strings.Repeat("a", 242)+"@example.com"), nil},
		{"255 bytes of address are too many", "customers", identified("email", strings.Repeat("a", 243)+"@example.com"), identifier},
		{"an E.164 number is taken", "customers", identified("mobile", "+4915112345678"), nil},
		{"a number needs its plus", "customers", identified("mobile", "15551234567"), identifier},
		{"a country code does not begin with 0", "customers", identified("mobile", "+05551234567"), identifier},
		{"a number holds no spaces", "customers", identified("mobile", "+1 555 123 4567"), identifier},
		{"16 digits are too many", "customers", identified("mobile", "+1234567890123456"), identifier},
		{"a user name is taken", "customers", identified("uid", "ann.lee_42"), nil},
		{"a user name holds no space", "customers", identified("uid", "ann lee"), identifier},
		{"a user name is ASCII", "customers", identified("uid", "änn"), identifier},
		{"a user name holds no control character", "customers", identified("uid", "ann\n"), identifier},
		{"256 characters are too many", "customers", identified("external", strings.Repeat("x", 256)), identifier},
		{"an identifier has a value", "customers", identified("uid", ""), identifier},
		{"an identifier has a known type", "customers", identified("fax", "x"), map[string]string{"/identifiers/0/type": "is not one of the allowed values"}},
		{"an identifier has a type", "customers", identified("", "x"), map[string]string{"/identifiers/0/type": "is required"}},
		{
			"an identifier is given once, also in capitals", "customers",
			`{"status":"active",` + names + `,"identifiers":[{"type":"uid","identifier":"ann"},{"type":"external","identifier":"ANN"}]}`,
			map[string]string{"/identifiers/1": "is given twice"},
		},
		{
			"a list beyond reason is not gone through", "customers",
			`{"status":"active",` + names + `,"identifiers":[` + strings.Repeat(`{},`, 100) + `{}]}`,
			map[string]string{"/": "must have lists of at most 100 members"},
		},
		{"an address says all", "customers", addressed(`"address":"a@example.com","type":"email","status":"active","verified":false`), nil},
		{"an address needs its members", "customers", addressed(``), map[string]string{
			"/verifiable_addresses/0/type": "is required", "/verifiable_addresses/0/status": "is required",
			"/verifiable_addresses/0/verified": "is required",
		}},
		{
			"an address has its type's form", "customers",
			addressed(`"address":"a@example.com","type":"mobile","status":"active","verified":true`),
			map[string]string{"/verifiable_addresses/0/address": malformed},
		},
		{"a status is required", "customers", `{` + names + `}`, map[string]string{"/status": "is required"}},
		{"a null status is none", "customers", `{"status":null,` + names + `}`, map[string]string{"/status": "is required"}},
		{"a status is a known one", "customers", `{"status":"Active",` + names + `}`, map[string]string{"/status": "is not one of the allowed values"}},
		{"null arrays and objects count as absent", "customers", `{"status":"new",` + names + `,"identifiers":null,"verifiable_addresses":null,"credentials":null,"metadata":null}`, nil},
		{"unknown members are ignored", "customers", `{"status":"new",` + names + `,"shoe_size":42}`, nil},
		{"a password is required", "customers", credential(`"type":"password"`), map[string]string{"/credentials/0/password": "is required"}},
		{"a TOTP secret is base32", "customers", credential(`"type":"totp","totp_secret":"not base32!"`), map[string]string{"/credentials/0/totp_secret": "is not a base32 secret"}},
		{"padding alone is no TOTP secret", "customers", credential(`"type":"totp","totp_secret":"===="`), map[string]string{"/credentials/0/totp_secret": "is not a base32 secret"}},
		{"a TOTP secret may be padded", "customers", credential(`"type":"totp","totp_secret":"MFRGG==="`), nil},
		{"a password is given once", "customers", credential(`"type":"password","password":"lagoon-Copper-72"},{"type":"password","password":"x"`), map[string]string{"/credentials/1": "is given twice"}},
		{"a WebAuthn credential has keys", "customers", credential(`"type":"webauthn"`), map[string]string{"/credentials/0/webauthn_credentials": "is required"}},
		{"a credential has a known type", "customers", credential(`"type":"pin"`), map[string]string{"/credentials/0/type": "is not one of the allowed values"}},
		{"an id is one", "customers", `{"id":"a/b","status":"new",` + names + `}`, map[string]string{"/id": "is not a user id"}},
		{"a preference is a known one", "customers", `{"status":"new",` + names + `,"preferences":{"mfa":{"preferred_2fa":"fax"}}}`, map[string]string{"/preferences/mfa/preferred_2fa": "is not one of the allowed values"}},
		{"a payload is required where its schema requires members", "customers", `{"status":"new"}`, map[string]string{
			"/payload/given_name": "is required", "/payload/family_name": "is required",
		}},
		{"a payload is an object", "customers", `{"status":"new","payload":[]}`, map[string]string{"/payload": "is not an object"}},
		{
			"a payload keeps to its schema", "customers",
			`{"status":"new","payload":{"given_name":"` + strings.Repeat("x", 101) + `","family_name":7,"a/b":1}}`,
			map[string]string{
				"/payload/given_name":  "does not match maxLength of the schema",
				"/payload/family_name": "does not match type of the schema",
				"/payload/a~1b":        "is not allowed",
			},
		},
		{"another schema may be named", "customers", `{"status":"new","payload_schema_id":"employees_payload","payload":` + employee + `}`, nil},
		{"a schema exists", "customers", `{"status":"new","payload_schema_id":"none","metadata_schema_id":"none"}`, map[string]string{
			"/payload_schema_id": "is not the id of a schema", "/metadata_schema_id": "is not the id of a schema",
		}},
		{"metadata keeps to its schema", "customers", `{"status":"new",` + names + `,"metadata":{"terms":"yes","x":1}}`, map[string]string{
			"/metadata/terms": "does not match type of the schema", "/metadata/x": "is not allowed",
		}},
		{"a ZIP code has its form", "employees", `{"status":"new","payload":` + strings.Replace(employee, "97301", "9730", 1) + `}`, map[string]string{"/payload/zip": "does not match pattern of the schema"}},
		{"a long ZIP code is one", "employees", `{"status":"new","payload":` + strings.Replace(employee, "97301", "97301-0042", 1) + `}`, nil},
		{"a state is one", "employees", `{"status":"new","payload":` + strings.Replace(employee, "OR", "ZZ", 1) + `}`, map[string]string{"/payload/state": "does not match enum of the schema"}},
		{"every type is checked", "strict", `{"status":"new","payload":{"nickname":"A","colour":"mauve","floor":2.5,"height":0,"newsletter":"no"}}`, map[string]string{
			"/payload/nickname": "does not match pattern of the schema", "/payload/colour": "does not match enum of the schema",
			"/payload/floor": "does not match type of the schema", "/payload/height": "does not match exclusiveMinimum of the schema",
			"/payload/newsletter": "does not match type of the schema",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := start(t).api(t, http.MethodPost, "/pools/"+tt.pool+"/users", tt.body)
			want := http.StatusCreated
			if tt.want != nil {
				want = http.StatusUnprocessableEntity
			}
			if got.status != want {
				t.Fatalf("create(%s) = %d %s, want %d", tt.body, got.status, got.body, want)
			}
			if diff := cmp.Diff(tt.want, got.details(t)); diff != "" {
				t.Errorf("details of create(%s) (-want +got):\n%s", tt.body, diff)
			}
		})
	}
}

func TestCreateAnswersTheUser(t *testing.T) {
	h := start(t)
	got := h.create(t, "customers", everyMember)
	if strings.Contains(got.body, "lagoon") || strings.Contains(got.body, "BLEXAM6O") {
		t.Errorf("the answer holds a secret: %s", got.body)
	}
	body := got.object(t)
	const now = "2026-03-01T09:00:00Z"
	for member, want := range map[string]any{
		"id": "ann.lee", "tenant_id": "default", "user_pool_id": "customers", "status": "active",
		"created_at": now, "updated_at": now, "status_updated_at": now,
		"payload":           map[string]any{"given_name": "Ann", "family_name": "Lee"},
		"metadata":          map[string]any{"source": "kiosk", "terms": map[string]any{"tos": "3"}},
		"business_metadata": map[string]any{"cost_centre": 7.0},
		"preferences":       map[string]any{"mfa": map[string]any{"preferred_2fa": "totp"}},
	} {
		if diff := cmp.Diff(want, body[member]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", member, diff)
		}
	}
	part := func(array string, i int) map[string]any {
		list, _ := body[array].([]any)
		if len(list) <= i {
			t.Fatalf("%s has %d elements", array, len(list))
		}
		m, _ := list[i].(map[string]any)
		delete(m, "id") // random
		return m
	}
	owned := func(more map[string]any) map[string]any {
		for name, value := range map[string]any{
			"tenant_id": "default", "user_pool_id": "customers", "user_id": "ann.lee", "created_at": now, "updated_at": now,
		} {
			more[name] = value
		}
		return more
	}
	for _, tt := range []struct {
		array string
		want  map[string]any
	}{
		{"identifiers", owned(map[string]any{
			"type": "email", "identifier": "Ann@Example.com", "identifier_lc": "ann@example.com",
			"metadata": map[string]any{"origin": "desk"},
		})},
		{"verifiable_addresses", owned(map[string]any{
			"type": "email", "address": "Ann@Example.com", "address_lc": "ann@example.com", "status": "active",
			"verified": true, "verified_at": now, "allowed_for_2fa": true,
		})},
		{"credentials", owned(map[string]any{
			"type": "password", "state": "must_be_changed", "payload": map[string]any{"hashed_password": "###"},
		})},
	} {
		if diff := cmp.Diff(tt.want, part(tt.array, 0)); diff != "" {
			t.Errorf("%s/0 (-want +got):\n%s", tt.array, diff)
		}
	}
}

func TestCreateBodies(t *testing.T) {
	good := user("ann@example.com", "")
	tests := []struct {
		name, contentType, body string
		want                    int
	}{
		{"an object is read", "application/json; charset=utf-8", good, http.StatusCreated},
		{"an array is not an object", "application/json", `[]`, http.StatusBadRequest},
		{"null is not an object", "application/json", `null`, http.StatusBadRequest},
		{"nothing is not an object", "application/json", ``, http.StatusBadRequest},
		{"half an object is not one", "application/json", good[:20], http.StatusBadRequest},
		{"two objects are not one", "application/json", good + good, http.StatusBadRequest},
		{"what is not UTF-8 is not JSON", "application/json", `{"status":"` + "\xff" + `"}`, http.StatusBadRequest},
		{"a member of another type is refused", "application/json", `{"status":1}`, http.StatusBadRequest},
		{"a form is not JSON", "application/x-www-form-urlencoded", good, http.StatusUnsupportedMediaType},
		{"an untold type is not JSON", "", good, http.StatusUnsupportedMediaType},
		{"1 MiB is read", "application/json", good + strings.Repeat(" ", 1<<20-len(good)), http.StatusCreated},
		{"more than 1 MiB is not", "application/json", good + strings.Repeat(" ", 1<<20+1-len(good)), http.StatusRequestEntityTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := start(t).api(t, http.MethodPost, "/pools/customers/users", tt.body, "Content-Type", tt.contentType)
			if got.status != tt.want {
				t.Errorf("create = %d %s, want %d", got.status, got.body, tt.want)
			}
		})
	}
}

func TestCreateConflicts(t *testing.T) {
	const verified = `,"verifiable_addresses":[{"address":"%s","type":"email","status":"active","verified":%v}]`
	taken := func(field string) map[string]string { return map[string]string{field: "is taken"} }
	tests := []struct {
		name, pool, first, second string
		want                      map[string]string // nil when the second is made too
	}{
		{"the same identifier", "customers", user("ann@example.com", ""), user("ann@example.com", ""), taken("/identifiers/0")},
		{"the same in capitals", "customers", user("ann@example.com", ""), user("ANN@example.com", ""), taken("/identifiers/0")},
		{"another identifier", "customers", user("ann@example.com", ""), user("bo@example.com", ""), nil},
		{
			"an identifier that is somebody's verified address", "customers",
			user("ann@example.com", fmt.Sprintf(verified, "a@example.com", true)), user("a@example.com", ""), taken("/identifiers/0"),
		},
		{
			"an identifier that is somebody's unverified address", "customers",
			user("ann@example.com", fmt.Sprintf(verified, "a@example.com", false)), user("a@example.com", ""), nil,
		},
		{
			"a verified address that is somebody's identifier", "customers",
			user("ann@example.com", ""), user("bo@example.com", fmt.Sprintf(verified, "ann@example.com", true)),
			taken("/verifiable_addresses/0"),
		},
		{
			"an address that is the user's own identifier", "customers",
			user("ann@example.com", fmt.Sprintf(verified, "ann@example.com", true)), user("bo@example.com", ""), nil,
		},
		{
			"the same id", "customers",
			`{"id":"x","status":"new","payload":{"given_name":"A","family_name":"B"}}`,
			`{"id":"x","status":"new","payload":{"given_name":"A","family_name":"B"}}`, taken("/id"),
		},
		{
			"capitals where case matters", "strict",
			`{"status":"new","identifiers":[{"type":"uid","identifier":"ann"}],"payload":{"nickname":"ann","colour":"red","floor":1}}`,
			`{"status":"new","identifiers":[{"type":"uid","identifier":"Ann"}],"payload":{"nickname":"ann","colour":"red","floor":1}}`, nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			h.create(t, tt.pool, tt.first)
			got := h.api(t, http.MethodPost, "/pools/"+tt.pool+"/users", tt.second)
			want := http.StatusCreated
			if tt.want != nil {
				want = http.StatusConflict
			}
			if got.status != want {
				t.Fatalf("second create = %d %s, want %d", got.status, got.body, want)
			}
			if diff := cmp.Diff(tt.want, got.details(t)); diff != "" {
				t.Errorf("details (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCreateJudgesPasswords(t *testing.T) {
	const strong = "lagoon-Copper-72 tiles"
	tests := []struct {
		name, pool, password string
		want                 string // the rules that are broken; "" for none
	}{
		{"a good one is taken", "customers", strong, ""},
		{"seven code points are too few", "customers", "łóżko7!", "min_length"},
		{"eight code points are enough, whatever their bytes", "customers", "łóżkóżąx", ""},
		{"a common one is weak", "customers", "password1", "strength"},
		{"the user's own address is weak", "customers", "quixotic.zephyr@example.com", "strength"},
		{"the user's own name is weak", "customers", "Xylophanes", "strength"},
		{"every rule is named", "strict", "ababab", "min_length, capital_letters, digits, special_characters, strength"},
		{"letters of any script count", "strict", "ŁÓŻKO łóżko 4!-qvwzkpt", ""},
		{"a space is not special", "strict", "Lagoon Copper 72 tiles", "special_characters"},
		{"a hundred code points are strong", "strict", strings.Repeat("aA1!", 25), ""},
		{"ninety-nine are as strong as their beginning", "strict", strings.Repeat("aA1!", 24) + "aA1", "strength"},
	}
	h := start(t)
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := fmt.Sprintf(`{"status":"active","identifiers":[{"type":"uid","identifier":"u%d"},`+
				`{"type":"email","identifier":"quixotic.zephyr@example.com"}],"payload":{"given_name":"Xylophanes","family_name":"L"}%s}`,
				i, password(tt.password))
			if tt.pool == "strict" {
				body = fmt.Sprintf(`{"status":"active","identifiers":[{"type":"uid","identifier":"u%d"}],`+
					`"payload":{"nickname":"ann","colour":"red","floor":1}%s}`, i, password(tt.password))
			}
			got := h.api(t, http.MethodPost, "/pools/"+tt.pool+"/users", body)
			var want map[string]string
			if tt.want != "" {
				want = map[string]string{"/credentials/0/password": "does not meet the password policy: " + tt.want}
			}
			if diff := cmp.Diff(want, got.details(t)); diff != "" {
				t.Errorf("details of create(%q) = %d (-want +got):\n%s", tt.password, got.status, diff)
			}
			if got.status == http.StatusCreated {
				h.api(t, http.MethodDelete, "/pools/"+tt.pool+"/users/"+got.text(t, "id"), "")
			}
		})
	}
}
