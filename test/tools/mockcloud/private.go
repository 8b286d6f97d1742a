package main

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const plainPrivate = "plain text private"

// token keeps private bytes that are not JSON, and refuses any others.
func token() *kind {
	return &kind{
		prefix: "t",
		schema: schemaOf(
			computed("id", tftypes.String),
			required("name", tftypes.String),
			optional("note", tftypes.String),
			sensitive(computed("value", tftypes.String)),
		),
		compute: map[string]func(made) tftypes.Value{
			"value": func(m made) tftypes.Value { return str("token-" + m.digest("value")[:32]) },
		},
		private: func(received []byte) ([]byte, error) {
			if len(received) > 0 && string(received) != plainPrivate {
				return nil, fmt.Errorf("foreign private bytes: %q", received)
			}
			return []byte(plainPrivate), nil
		},
	}
}

// counter keeps a JSON object that counts the calls, and refuses any key that it did not write.
func counter() *kind {
	return &kind{
		prefix: "c",
		schema: schemaOf(
			computed("id", tftypes.String),
			required("name", tftypes.String),
			optional("value", tftypes.Number),
			optional("payload", tftypes.DynamicPseudoType),
		),
		private: func(received []byte) ([]byte, error) {
			kept := map[string]json.RawMessage{}
			if len(received) > 0 {
				if err := json.Unmarshal(received, &kept); err != nil {
					return nil, fmt.Errorf("foreign private bytes: %q", received)
				}
			}
			for key := range kept {
				if key != "count" {
					return nil, fmt.Errorf("foreign key in the private bytes: %q", received)
				}
			}
			var count int64
			if raw, ok := kept["count"]; ok {
				if err := json.Unmarshal(raw, &count); err != nil {
					return nil, fmt.Errorf("foreign count in the private bytes: %q", received)
				}
			}
			return json.Marshal(map[string]int64{"count": count + 1})
		},
	}
}

// keptPrivate is what a kind keeps; a kind without private bytes gives back what it received.
func (k *kind) keptPrivate(received []byte) ([]byte, error) {
	if k.private == nil {
		return received, nil
	}
	return k.private(received)
}

func next(number tftypes.Value) tftypes.Value {
	var value big.Float
	_ = number.As(&value)
	count, _ := value.Int64()
	return num(count + 1)
}
