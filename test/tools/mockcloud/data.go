package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// source is one data source type. It computes everything from its name.
type source struct {
	schema  *tfprotov5.Schema
	compute map[string]func(made) tftypes.Value
}

func allSources() map[string]*source {
	return map[string]*source{
		"mockcloud_image": {
			schema: schemaOf(required("name", tftypes.String), computed("id", tftypes.String), computed("checksum", tftypes.String)),
			compute: map[string]func(made) tftypes.Value{
				"id":       func(m made) tftypes.Value { return str("image-" + m.digest("id")[:12]) },
				"checksum": func(m made) tftypes.Value { return str("sha256:" + m.digest("checksum")) },
			},
		},
		"mockcloud_secret": {
			schema: schemaOf(required("name", tftypes.String), sensitive(computed("value", tftypes.String))),
			compute: map[string]func(made) tftypes.Value{
				"value": func(m made) tftypes.Value { return str("secret-" + m.digest("value")[:32]) },
			},
		},
	}
}

func (s *server) ValidateDataSourceConfig(_ context.Context, req *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	source, err := s.source(req.TypeName)
	if err != nil {
		return nil, err
	}
	written, err := decode(req.Config, source.schema)
	if err != nil {
		return nil, err
	}
	diagnostics := s.begin(call{method: "validate-data", kind: req.TypeName, name: written.text("name")})
	return &tfprotov5.ValidateDataSourceConfigResponse{Diagnostics: diagnostics}, nil
}

func (s *server) ReadDataSource(_ context.Context, req *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	source, err := s.source(req.TypeName)
	if err != nil {
		return nil, err
	}
	read, err := decode(req.Config, source.schema)
	if err != nil {
		return nil, err
	}
	name := read.text("name")
	if diagnostics := s.begin(call{method: "read-data", kind: req.TypeName, name: name}); diagnostics != nil {
		return &tfprotov5.ReadDataSourceResponse{State: req.Config, Diagnostics: diagnostics}, nil
	}
	for attribute, compute := range source.compute {
		read[attribute] = compute(made{kind: req.TypeName, id: name, name: name, region: s.settings().region})
	}
	state, err := read.encode(source.schema)
	return &tfprotov5.ReadDataSourceResponse{State: state}, err
}
