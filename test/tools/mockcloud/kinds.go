package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// kind is one resource type.
type kind struct {
	schema *tfprotov5.Schema
	// prefix of its ids.
	prefix string
	// replace names the attributes whose change needs a new object.
	replace []string
	// compute gives the attributes that the cloud decides, once the object has its id.
	compute map[string]func(made) tftypes.Value
	// renewed names computed attributes that become unknown when another attribute changes.
	renewed map[string]string
	// adjust changes a planned object; nil: nothing to do.
	adjust func(settings config, planned object)
	// drift changes a kept object while it is read; nil: it stays as it is.
	drift func(kept object)
	// private gives the bytes to keep from those it received, or an error when they are not its own.
	private func(received []byte) ([]byte, error)
}

// made is what a computed attribute may depend on.
type made struct {
	kind, id, name, region string
}

func (m made) digest(of string) string {
	sum := sha256.Sum256([]byte(of + "\x00" + m.kind + "\x00" + m.region + "\x00" + m.id))
	return hex.EncodeToString(sum[:])
}

func allKinds(generated string) (map[string]*kind, error) {
	kinds := map[string]*kind{
		"mockcloud_instance": instance(),
		"mockcloud_bucket":   bucket(),
		"mockcloud_token":    token(),
		"mockcloud_counter":  counter(),
		"mockcloud_flaky":    flaky(),
	}
	return kinds, addGenerated(kinds, generated)
}

func instance() *kind {
	return &kind{
		prefix: "i",
		schema: withBlocks(
			schemaOf(
				computed("id", tftypes.String),
				required("name", tftypes.String),
				optional("size", tftypes.String),
				optionalComputed("zone", tftypes.String),
				optional("tags", tags),
				computed("tags_all", tags),
				sensitive(optional("password", tftypes.String)),
				computed("ip", tftypes.String),
				computed("created", tftypes.String),
			),
			block("disk", tfprotov5.SchemaNestedBlockNestingModeList,
				required("size", tftypes.Number), optional("type", tftypes.String)),
		),
		replace: []string{"zone"},
		renewed: map[string]string{"size": "ip"},
		adjust: func(settings config, planned object) {
			planned["tags_all"] = mergedTags(settings.defaultTags, planned["tags"])
		},
		compute: map[string]func(made) tftypes.Value{
			"zone":    func(m made) tftypes.Value { return str(m.region + "-a") },
			"created": func(made) tftypes.Value { return str(now()) },
			"ip": func(m made) tftypes.Value {
				sum := sha256.Sum256([]byte(m.id))
				return str(fmt.Sprintf("10.%d.%d.%d", sum[0], sum[1], sum[2]))
			},
		},
	}
}

// now is the time, or MOCKCLOUD_NOW where two runs are to be compared.
func now() string {
	if fixed := os.Getenv("MOCKCLOUD_NOW"); fixed != "" {
		return fixed
	}
	return time.Now().UTC().Format(time.RFC3339Nano)
}

// mergedTags is unknown while either side is.
func mergedTags(defaults, own tftypes.Value) tftypes.Value {
	all := map[string]tftypes.Value{}
	for _, side := range []tftypes.Value{defaults, own} {
		if side.Type() == nil || side.IsNull() {
			continue
		}
		if !side.IsKnown() {
			return tftypes.NewValue(tags, tftypes.UnknownValue)
		}
		var entries map[string]tftypes.Value
		_ = side.As(&entries)
		for name, value := range entries {
			all[name] = value
		}
	}
	return tftypes.NewValue(tags, all)
}

func bucket() *kind {
	return &kind{
		prefix: "b",
		schema: withBlocks(
			schemaOf(
				computed("id", tftypes.String),
				required("name", tftypes.String),
				computed("arn", tftypes.String),
				sensitive(computed("access_key", tftypes.String)),
			),
			block("rule", tfprotov5.SchemaNestedBlockNestingModeSet,
				required("prefix", tftypes.String), optional("days", tftypes.Number)),
			block("versioning", tfprotov5.SchemaNestedBlockNestingModeSingle,
				optional("enabled", tftypes.Bool)),
		),
		replace: []string{"name"},
		compute: map[string]func(made) tftypes.Value{
			"arn":        func(m made) tftypes.Value { return str("arn:mockcloud:" + m.region + ":bucket/" + m.name) },
			"access_key": func(m made) tftypes.Value { return str("key-" + m.digest("access_key")[:24]) },
		},
	}
}

func flaky() *kind {
	return &kind{
		prefix: "f",
		schema: schemaOf(
			computed("id", tftypes.String),
			required("name", tftypes.String),
			optional("note", tftypes.String),
			computed("revision", tftypes.Number),
		),
		compute: map[string]func(made) tftypes.Value{
			"revision": func(made) tftypes.Value { return num(1) },
		},
		drift: func(kept object) { kept["revision"] = next(kept["revision"]) },
	}
}
