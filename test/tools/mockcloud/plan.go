package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func (s *server) PlanResourceChange(_ context.Context, req *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	k, err := s.kind(req.TypeName)
	if err != nil {
		return nil, err
	}
	prior, err := decode(req.PriorState, k.schema)
	if err != nil {
		return nil, err
	}
	proposed, err := decode(req.ProposedNewState, k.schema)
	if err != nil {
		return nil, err
	}
	answer := &tfprotov5.PlanResourceChangeResponse{PlannedState: req.PriorState, PlannedPrivate: req.PriorPrivate}
	named := proposed
	if proposed == nil {
		named = prior
	}
	answer.Diagnostics = s.begin(call{method: "plan", kind: req.TypeName, id: prior.text("id"), name: named.text("name")})
	if answer.Diagnostics != nil {
		return answer, nil
	}
	if answer.PlannedPrivate, err = k.keptPrivate(req.PriorPrivate); err != nil {
		answer.Diagnostics = failed(err)
		return answer, nil
	}
	if proposed != nil {
		k.plan(s.settings(), prior, proposed)
		answer.RequiresReplace = k.replaced(prior, proposed)
	}
	answer.PlannedState, err = proposed.encode(k.schema)
	return answer, err
}

// plan turns what core proposes into what will be: computed attributes that nobody set are not known yet.
func (k *kind) plan(settings config, prior, proposed object) {
	unknown := func(name string) { proposed[name] = tftypes.NewValue(proposed[name].Type(), tftypes.UnknownValue) }
	if prior == nil {
		for _, attribute := range k.schema.Block.Attributes {
			if attribute.Computed && proposed[attribute.Name].IsNull() {
				unknown(attribute.Name)
			}
		}
	} else {
		for cause, effect := range k.renewed {
			if !prior[cause].Equal(proposed[cause]) {
				unknown(effect)
			}
		}
	}
	if k.adjust != nil {
		k.adjust(settings, proposed)
	}
}

func (k *kind) replaced(prior, proposed object) []*tftypes.AttributePath {
	var paths []*tftypes.AttributePath
	if prior == nil {
		return paths
	}
	for _, name := range k.replace {
		if !prior[name].Equal(proposed[name]) {
			paths = append(paths, tftypes.NewAttributePath().WithAttributeName(name))
		}
	}
	return paths
}
