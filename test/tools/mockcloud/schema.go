package main

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var tags = tftypes.Map{ElementType: tftypes.String}

func schemaOf(attributes ...*tfprotov5.SchemaAttribute) *tfprotov5.Schema {
	return &tfprotov5.Schema{Block: &tfprotov5.SchemaBlock{Attributes: attributes}}
}

// withBlocks adds nested blocks to a schema.
func withBlocks(schema *tfprotov5.Schema, blocks ...*tfprotov5.SchemaNestedBlock) *tfprotov5.Schema {
	schema.Block.BlockTypes = blocks
	return schema
}

func block(name string, nesting tfprotov5.SchemaNestedBlockNestingMode, attributes ...*tfprotov5.SchemaAttribute) *tfprotov5.SchemaNestedBlock {
	return &tfprotov5.SchemaNestedBlock{TypeName: name, Nesting: nesting, Block: schemaOf(attributes...).Block}
}

func required(name string, kind tftypes.Type) *tfprotov5.SchemaAttribute {
	return &tfprotov5.SchemaAttribute{Name: name, Type: kind, Required: true}
}

func optional(name string, kind tftypes.Type) *tfprotov5.SchemaAttribute {
	return &tfprotov5.SchemaAttribute{Name: name, Type: kind, Optional: true}
}

func computed(name string, kind tftypes.Type) *tfprotov5.SchemaAttribute {
	return &tfprotov5.SchemaAttribute{Name: name, Type: kind, Computed: true}
}

func optionalComputed(name string, kind tftypes.Type) *tfprotov5.SchemaAttribute {
	return &tfprotov5.SchemaAttribute{Name: name, Type: kind, Optional: true, Computed: true}
}

func sensitive(attribute *tfprotov5.SchemaAttribute) *tfprotov5.SchemaAttribute {
	attribute.Sensitive = true
	return attribute
}

func str(text string) tftypes.Value {
	return tftypes.NewValue(tftypes.String, text)
}

func num(number int64) tftypes.Value {
	return tftypes.NewValue(tftypes.Number, number)
}
