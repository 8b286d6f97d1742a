package main

import (
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const mostGenerated = 1500

// addGenerated makes the schema as large as those of big clouds.
func addGenerated(kinds map[string]*kind, count string) error {
	if count == "" {
		return nil
	}
	wanted, err := strconv.Atoi(count)
	if err != nil || wanted < 0 || wanted > mostGenerated {
		return fmt.Errorf("MOCKCLOUD_TYPES is %q: it must be a number from 0 to %d", count, mostGenerated)
	}
	for at := 1; at <= wanted; at++ {
		kinds[fmt.Sprintf("mockcloud_generated_%04d", at)] = generated()
	}
	return nil
}

func generated() *kind {
	forms := []tftypes.Type{
		tftypes.String, tftypes.Number, tftypes.Bool, tftypes.List{ElementType: tftypes.String}, tags,
	}
	attributes := []*tfprotov5.SchemaAttribute{
		computed("id", tftypes.String), required("name", tftypes.String), computed("arn", tftypes.String),
	}
	for at := 1; at <= 17; at++ {
		attribute := optional(fmt.Sprintf("setting_%02d", at), forms[at%len(forms)])
		attribute.Description = fmt.Sprintf("Setting %d of this service, as its documentation describes it at length.", at)
		attributes = append(attributes, attribute)
	}
	return &kind{
		prefix: "g",
		schema: withBlocks(schemaOf(attributes...),
			block("option", tfprotov5.SchemaNestedBlockNestingModeList,
				required("key", tftypes.String), optional("value", tftypes.String))),
		compute: map[string]func(made) tftypes.Value{
			"arn": func(m made) tftypes.Value { return str("arn:mockcloud:" + m.region + ":" + m.kind + "/" + m.name) },
		},
	}
}
