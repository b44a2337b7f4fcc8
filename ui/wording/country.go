package wording

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// IsCountry reports whether code is the code of a country (ISO 3166-1 alpha-2) that has a name.
func IsCountry(code string) bool {
	if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
		return false
	}
	region, err := language.ParseRegion(code)
	return err == nil && display.English.Regions().Name(region) != ""
}

// country is the name of the country with a code, in the language of words, and the code.
func country(code string, words Words) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	names := display.Regions(language.Make(words.Text("country.language")))
	if names == nil {
		return code
	}
	return names.Name(region) + " (" + code + ")"
}
