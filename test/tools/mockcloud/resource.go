package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func (s *server) ValidateResourceTypeConfig(_ context.Context, req *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	k, err := s.kind(req.TypeName)
	if err != nil {
		return nil, err
	}
	written, err := decode(req.Config, k.schema)
	if err != nil {
		return nil, err
	}
	diagnostics := s.begin(call{method: "validate", kind: req.TypeName, name: written.text("name")})
	switch written.text("size") {
	case "impossible":
		diagnostics = append(diagnostics, sizeDiagnostic(tfprotov5.DiagnosticSeverityError, "there is no such size"))
	case "legacy":
		diagnostics = append(diagnostics, sizeDiagnostic(tfprotov5.DiagnosticSeverityWarning, "this size will go away"))
	}
	return &tfprotov5.ValidateResourceTypeConfigResponse{Diagnostics: diagnostics}, nil
}

func sizeDiagnostic(severity tfprotov5.DiagnosticSeverity, detail string) *tfprotov5.Diagnostic {
	return &tfprotov5.Diagnostic{
		Severity: severity, Summary: "size of an instance", Detail: detail,
		Attribute: tftypes.NewAttributePath().WithAttributeName("size"),
	}
}

func (s *server) UpgradeResourceState(_ context.Context, req *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	k, err := s.kind(req.TypeName)
	if err != nil {
		return nil, err
	}
	value, err := req.RawState.Unmarshal(k.schema.ValueType())
	if err != nil {
		return nil, err
	}
	upgraded, err := tfprotov5.NewDynamicValue(k.schema.ValueType(), value)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

func (s *server) ReadResource(_ context.Context, req *tfprotov5.ReadResourceRequest) (*tfprotov5.ReadResourceResponse, error) {
	k, err := s.kind(req.TypeName)
	if err != nil {
		return nil, err
	}
	current, err := decode(req.CurrentState, k.schema)
	if err != nil {
		return nil, err
	}
	answer := &tfprotov5.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}
	id := current.text("id")
	answer.Diagnostics = s.begin(call{method: "read", kind: req.TypeName, id: id, name: current.text("name")})
	if answer.Diagnostics != nil {
		return answer, nil
	}
	found, private, err := s.refresh(req.TypeName, k, current, req.Private)
	if err != nil {
		answer.Diagnostics = failed(err)
		return answer, nil
	}
	answer.Private = private
	answer.NewState, err = found.encode(k.schema)
	return answer, err
}

// refresh gives an object as the cloud has it now; nil when it is gone.
func (s *server) refresh(name string, k *kind, current object, received []byte) (object, []byte, error) {
	private, err := k.keptPrivate(received)
	if err != nil {
		return nil, nil, err
	}
	cloud := s.cloud()
	found := current
	if cloud.dir != "" {
		if found, err = cloud.get(name, k, current.text("id")); err != nil {
			return nil, nil, err
		}
	}
	if found != nil && k.drift != nil {
		k.drift(found)
		err = cloud.put(name, k, found.text("id"), found)
	}
	return found, private, err
}

func (s *server) ImportResourceState(_ context.Context, req *tfprotov5.ImportResourceStateRequest) (*tfprotov5.ImportResourceStateResponse, error) {
	k, err := s.kind(req.TypeName)
	if err != nil {
		return nil, err
	}
	if diagnostics := s.begin(call{method: "import", kind: req.TypeName, id: req.ID}); diagnostics != nil {
		return &tfprotov5.ImportResourceStateResponse{Diagnostics: diagnostics}, nil
	}
	imported, err := s.imported(req.TypeName, k, req.ID)
	if err != nil {
		return &tfprotov5.ImportResourceStateResponse{Diagnostics: failed(err)}, nil
	}
	return &tfprotov5.ImportResourceStateResponse{ImportedResources: []*tfprotov5.ImportedResource{imported}}, nil
}
