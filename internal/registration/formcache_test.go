package registration_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
)

// changing is an office whose payload schema can be changed, and that counts how often it is read.
type changing struct {
	office

	document string
	reads    int
}

func (c *changing) Pool(ctx context.Context) (registration.Pool, error) {
	c.reads++
	pool, err := c.office.Pool(ctx)
	pool.PayloadSchemaID = "s"
	return pool, err
}

func (c *changing) Schema(context.Context, registration.SchemaID) (json.RawMessage, error) {
	return json.RawMessage(c.document), nil
}

func TestAFormIsReadAgainAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &changing{document: `{"properties":{"a":{"type":"string"}}}`}
		service := c.service(registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email)})
		service.Pools, service.FormAge = c, time.Minute
		read := func() *registration.Form {
			t.Helper()
			form, err := service.Form(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return form
		}
		first := read()
		if again := read(); again != first || c.reads != 1 {
			t.Errorf("within a minute the pool is read %d times", c.reads)
		}
		<-time.After(2 * time.Minute)
		if again := read(); again != first || c.reads != 2 {
			t.Errorf("the same pool makes another form, or is read %d times", c.reads)
		}
		c.document = `{"properties":{"a":{"type":"string"},"b":{"type":"string"}}}`
		<-time.After(2 * time.Minute)
		if again := read(); again == first || len(again.Questions(registration.Draft{})) != 3 {
			t.Error("another schema makes the same form")
		}
	})
}

func TestARefusalReadsTheFormAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &changing{document: `{}`}
		c.fails = map[string][]registration.Problem{"create": {{Kind: registration.DetailsRejected, Field: "/payload/b"}}}
		v := enter(t, &c.office, registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email)}, "ann@example.com")
		v.service.Pools, v.service.FormAge = c, time.Hour
		if _, err := v.service.Form(t.Context()); err != nil {
			t.Fatal(err)
		}
		v.says(v.register(), "details_rejected")
		if _, err := v.service.Form(t.Context()); err != nil || c.reads != 2 {
			t.Errorf("after a refusal the pool was read %d times, %v", c.reads, err)
		}
	})
}
