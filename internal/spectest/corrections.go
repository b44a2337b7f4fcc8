package spectest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v3"
)

// A node is an object of the description.
type node = map[string]any

// convert reads a description, corrects it and makes it an OpenAPI 3 one without servers; base is the path that its
// operations are under.
func convert(data []byte) (doc *openapi3.T, base string, err error) {
	var root node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, "", fmt.Errorf("read YAML: %w", err)
	}
	if err := correct(root); err != nil {
		return nil, "", err
	}
	asJSON, err := json.Marshal(root)
	if err != nil {
		return nil, "", fmt.Errorf("turn into JSON: %w", err)
	}
	var v2 openapi2.T
	if err := json.Unmarshal(asJSON, &v2); err != nil {
		return nil, "", fmt.Errorf("read Swagger 2: %w", err)
	}
	doc, err = openapi2conv.ToV3(&v2)
	if err != nil {
		return nil, "", fmt.Errorf("convert to OpenAPI 3: %w", err)
	}
	doc.Servers = nil
	bearAbsent(doc)
	return doc, v2.BasePath, nil
}

// correct removes the known slips of the descriptions:
//
//   - The OAuth description is of the workspace "default"; service clients use the workspace "system". The public one
//     stays with "default".
//   - Free objects (payload, metadata) are said to hold objects only, which forbids a string.
//   - Arrays may be null, meaning absent.
//   - 412 is described as "payload too large", but means a stale entity tag; 413 is too large.
//   - The flow "application" is given an authorizationUrl, which it cannot have.
//   - The token endpoint is said to answer genericError only, but answers RFC6749Error as well.
//   - Not all operations that are "protected by Brute Force mechanism" list the 429 that the others have for it.
//   - The verification of a transient code lists no 422, though it takes the body of the call that starts one.
//   - Device authorization, introspection and revocation are said to take an access token, but take a client's own
//     authentication as well, as their texts say.
//   - Device authorization is said to answer Error only, but answers RFC6749Error as well (RFC 8628, 3.2); introspection
//     and revocation list no 400 for a request without a token (RFC 7662, 2.3; RFC 7009, 2.2.1).
//
// And it makes the description strict: an object has no members that it does not name.
func correct(root node) error {
	definitions, ok := root["definitions"].(node)
	if !ok {
		return errors.New("the description has no definitions")
	}
	_, oauth := section(root, "paths")["/oauth2/token"]
	if base, ok := root["basePath"].(string); ok && oauth {
		root["basePath"] = strings.Replace(base, "/default/default", "/default/system", 1)
	}
	for _, s := range section(root, "securityDefinitions") {
		if scheme, ok := s.(node); ok && scheme["flow"] == "application" {
			delete(scheme, "authorizationUrl")
		}
	}
	admitOAuthErrors(definitions)
	for _, d := range definitions {
		correctSchema(d)
	}
	correctStatuses(section(root, "paths"))
	return nil
}

// correctSchema corrects one schema and those in it.
func correctSchema(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			correctSchema(item)
		}
	case node:
		for name, inner := range v {
			if name != "example" {
				correctSchema(inner)
			}
		}
		correctObject(v)
	}
}

// correctObject frees free objects, lets arrays be null, and closes objects that name their members.
func correctObject(schema node) {
	if free, ok := schema["additionalProperties"].(node); ok && len(free) == 1 && free["type"] == "object" {
		schema["additionalProperties"] = true
	}
	if schema["type"] == "array" {
		schema["x-nullable"] = true
	}
	_, named := schema["properties"].(node)
	if _, said := schema["additionalProperties"]; schema["type"] == "object" && named && !said {
		schema["additionalProperties"] = false
	}
}

// admitOAuthErrors lets a genericError have the members of RFC6749Error.
func admitOAuthErrors(definitions node) {
	generic, ok := properties(definitions, "genericError")
	if !ok {
		return
	}
	if standard, ok := properties(definitions, "RFC6749Error"); ok {
		maps.Copy(generic, standard)
	}
}

// section returns one of the description's parts; empty when it is not there.
func section(root node, name string) node {
	found, _ := root[name].(node)
	return found
}

func properties(definitions node, name string) (node, bool) {
	definition, _ := definitions[name].(node)
	found, ok := definition["properties"].(node)
	return found, ok
}

// correctStatuses gives operations the statuses that they lack.
func correctStatuses(paths node) {
	for _, item := range paths {
		operations, _ := item.(node)
		for _, o := range operations {
			if operation, ok := o.(node); ok {
				correctAnswers(operation, section(operation, "responses"))
				correctOAuth(operation, section(operation, "responses"))
			}
		}
	}
}

// correctAnswers gives an operation that lists 412 a 413 too, and one that limits guesses a 429.
func correctAnswers(operation, answers node) {
	if _, ok := answers["412"]; ok {
		answers["413"] = node{"$ref": "#/responses/payloadTooLargeHTTPError"}
	}
	if text, _ := operation["description"].(string); strings.Contains(text, "Brute Force") {
		answers["429"] = node{"$ref": "#/responses/tooManyRequestsHTTPError"}
	}
	if operation["operationId"] == "verifyTransientOTP" {
		answers["422"] = node{"$ref": "#/responses/unprocessableEntityHTTPError"}
	}
}

// correctOAuth lets clients authenticate by themselves, and be refused as RFC 6749 has it.
func correctOAuth(operation, answers node) {
	statuses := []string{"400"}
	switch operation["operationId"] {
	case "deviceAuthorization":
		statuses = append(statuses, "401")
	case "introspect", "revoke":
	default:
		return
	}
	delete(operation, "security")
	for _, status := range statuses {
		answers[status] = node{"$ref": "#/responses/genericError"}
	}
}

// bearAbsent lets the optional parameters of forms be null: that is what the library makes of those not sent.
func bearAbsent(doc *openapi3.T) {
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.RequestBody == nil || operation.RequestBody.Value == nil {
				continue
			}
			form := operation.RequestBody.Value.Content.Get("application/x-www-form-urlencoded")
			if form == nil || form.Schema.Value == nil {
				continue
			}
			for name, parameter := range form.Schema.Value.Properties {
				parameter.Value.Nullable = !slices.Contains(form.Schema.Value.Required, name)
			}
		}
	}
}
