package main

import (
	"bytes"
	"encoding/json"
	"strings"
)

const rule = "required-tags"

// config is what the user wrote.
type config struct {
	requiredTags []string
	attribute    string
}

// record is a JSON object whose members are still text.
type record map[string]json.RawMessage

// asRecord gives the members of a JSON object; nil for every other value.
func asRecord(raw json.RawMessage) record {
	if len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	var members record
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	return members
}

// asString gives the text of a JSON string.
func asString(raw json.RawMessage) (string, bool) {
	var text string
	if len(raw) == 0 || raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return "", false
	}
	return text, true
}

func isTrue(raw json.RawMessage) bool {
	return bytes.Equal(raw, []byte("true"))
}

func isNull(raw json.RawMessage) bool {
	return bytes.Equal(raw, []byte("null"))
}

// readConfig gives the configuration, or what is wrong with it.
func readConfig(raw record) (config, string) {
	var tags []json.RawMessage
	given := raw["required_tags"]
	if len(given) == 0 || given[0] != '[' || json.Unmarshal(given, &tags) != nil {
		return config{}, "required_tags must be a list of strings"
	}
	read := config{attribute: "tags"}
	for _, tag := range tags {
		text, ok := asString(tag)
		if !ok {
			return config{}, "required_tags must be a list of strings"
		}
		read.requiredTags = append(read.requiredTags, text)
	}
	if attribute, ok := raw["attribute"]; ok {
		if read.attribute, ok = asString(attribute); !ok {
			return config{}, "attribute must be a string"
		}
	}
	return read, ""
}

// judge decides about one planned resource; the answer is the verdict as JSON.
func judge(event record, settings config) string {
	switch action, _ := asString(event["action"]); action {
	case "create", "update", "replace":
	default:
		return verdict("success", "", nil)
	}

	unknownTags := asRecord(event["after_unknown"])[settings.attribute]
	allUnknown := isTrue(event["after_unknown"]) || isTrue(unknownTags)
	tags, present := asRecord(event["after"])[settings.attribute]
	if !allUnknown {
		if !present {
			return verdict("success", "", nil)
		}
		if !isNull(tags) && asRecord(tags) == nil {
			message := `"` + settings.attribute + `" is not a map of tags`
			return verdict("warn", message, []string{finding("low", message, settings.attribute)})
		}
	}

	var missing, later, findings []string
	unknown, known := asRecord(unknownTags), asRecord(tags)
	for _, tag := range settings.requiredTags {
		if allUnknown || isTrue(unknown[tag]) {
			later = append(later, tag)
			findings = append(findings, finding("low", `tag "`+tag+`" is known only after apply`, settings.attribute, tag))
		} else if isEmpty(known[tag]) {
			missing = append(missing, tag)
			findings = append(findings, finding("medium", `tag "`+tag+`" is missing`, settings.attribute, tag))
		}
	}
	if len(missing) > 0 {
		return verdict("fail", "missing tags: "+strings.Join(missing, ", "), findings)
	}
	if len(later) > 0 {
		return verdict("warn", "tags known only after apply: "+strings.Join(later, ", "), findings)
	}
	return verdict("success", "", nil)
}

// isEmpty tells a tag without a value, which is a missing tag.
func isEmpty(raw json.RawMessage) bool {
	return len(raw) == 0 || isNull(raw) || bytes.Equal(raw, []byte(`""`))
}

func verdict(status, message string, findings []string) string {
	return `{"status":"` + status + `","message":` + quote(message) + `,"findings":[` + strings.Join(findings, ",") + `]}`
}

func finding(severity, message string, path ...string) string {
	steps := make([]string, len(path))
	for index, step := range path {
		steps[index] = quote(step)
	}
	return `{"rule":"` + rule + `","severity":"` + severity + `","message":` + quote(message) +
		`,"path":[` + strings.Join(steps, ",") + `]}`
}
