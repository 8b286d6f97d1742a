package main

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// object holds the attributes and blocks of one object; nil stands for null.
type object map[string]tftypes.Value

func decode(raw *tfprotov5.DynamicValue, schema *tfprotov5.Schema) (object, error) {
	if raw == nil {
		return nil, nil
	}
	value, err := raw.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	return objectOf(value)
}

func objectOf(value tftypes.Value) (object, error) {
	if value.IsNull() {
		return nil, nil
	}
	attributes := map[string]tftypes.Value{}
	err := value.As(&attributes)
	return attributes, err
}

func (o object) value(schema *tfprotov5.Schema) tftypes.Value {
	if o == nil {
		return tftypes.NewValue(schema.ValueType(), nil)
	}
	return tftypes.NewValue(schema.ValueType(), map[string]tftypes.Value(o))
}

func (o object) encode(schema *tfprotov5.Schema) (*tfprotov5.DynamicValue, error) {
	encoded, err := tfprotov5.NewDynamicValue(schema.ValueType(), o.value(schema))
	return &encoded, err
}

// text is a string attribute; empty where it is absent, null or unknown.
func (o object) text(name string) string {
	var text string
	if value, ok := o[name]; ok && value.IsKnown() {
		_ = value.As(&text)
	}
	return text
}

// texts are the known strings of a list.
func (o object) texts(name string) []string {
	var elements []tftypes.Value
	if value, ok := o[name]; !ok || !value.IsKnown() || value.As(&elements) != nil {
		return nil
	}
	var all []string
	for _, element := range elements {
		if text := (object{"": element}).text(""); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// plain is a value as encoding/json takes it, in the form that tftypes.ValueFromJSON reads with the same type.
func plain(value tftypes.Value, kind tftypes.Type) (any, error) {
	if value.IsNull() {
		return nil, nil
	}
	if kind.Is(tftypes.DynamicPseudoType) {
		inner, err := plain(value, value.Type())
		return map[string]any{"type": value.Type(), "value": inner}, err
	}
	switch kind := kind.(type) {
	case tftypes.List:
		return plainList(value, kind.ElementType)
	case tftypes.Set:
		return plainList(value, kind.ElementType)
	case tftypes.Tuple:
		return plainTuple(value, kind)
	case tftypes.Map:
		return plainMap(value, func(string) tftypes.Type { return kind.ElementType })
	case tftypes.Object:
		return plainMap(value, func(name string) tftypes.Type { return kind.AttributeTypes[name] })
	}
	return plainPrimitive(value, kind)
}

func plainPrimitive(value tftypes.Value, kind tftypes.Type) (any, error) {
	switch {
	case kind.Is(tftypes.String):
		var text string
		err := value.As(&text)
		return text, err
	case kind.Is(tftypes.Bool):
		var truth bool
		err := value.As(&truth)
		return truth, err
	case kind.Is(tftypes.Number):
		var number big.Float
		err := value.As(&number)
		return json.Number(number.Text('g', -1)), err
	}
	return nil, fmt.Errorf("a value of type %s cannot be kept", kind)
}

func plainList(value tftypes.Value, element tftypes.Type) (any, error) {
	var elements []tftypes.Value
	if err := value.As(&elements); err != nil {
		return nil, err
	}
	all := make([]any, len(elements))
	for at, each := range elements {
		var err error
		if all[at], err = plain(each, element); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func plainTuple(value tftypes.Value, kind tftypes.Tuple) (any, error) {
	var elements []tftypes.Value
	if err := value.As(&elements); err != nil {
		return nil, err
	}
	all := make([]any, len(elements))
	for at, each := range elements {
		var err error
		if all[at], err = plain(each, kind.ElementTypes[at]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func plainMap(value tftypes.Value, typeOf func(string) tftypes.Type) (any, error) {
	var elements map[string]tftypes.Value
	if err := value.As(&elements); err != nil {
		return nil, err
	}
	all := map[string]any{}
	for name, each := range elements {
		var err error
		if all[name], err = plain(each, typeOf(name)); err != nil {
			return nil, err
		}
	}
	return all, nil
}
