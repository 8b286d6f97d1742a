package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
)

func (s *server) ApplyResourceChange(_ context.Context, req *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	k, err := s.kind(req.TypeName)
	if err != nil {
		return nil, err
	}
	prior, err := decode(req.PriorState, k.schema)
	if err != nil {
		return nil, err
	}
	planned, err := decode(req.PlannedState, k.schema)
	if err != nil {
		return nil, err
	}
	answer := &tfprotov5.ApplyResourceChangeResponse{NewState: req.PriorState, Private: req.PlannedPrivate}
	answer.Diagnostics = s.begin(applyCall(req.TypeName, prior, planned))
	if answer.Diagnostics != nil {
		return answer, nil
	}
	// Foreign private bytes are refused before anything is done.
	private, err := k.keptPrivate(req.PlannedPrivate)
	if err == nil {
		planned, err = s.carryOut(req.TypeName, k, prior, planned)
	}
	if err != nil {
		answer.Diagnostics = failed(err)
		return answer, nil
	}
	if planned == nil {
		private = nil
	}
	answer.Private = private
	answer.NewState, err = planned.encode(k.schema)
	return answer, err
}

func applyCall(name string, prior, planned object) call {
	switch {
	case prior == nil:
		return call{method: "create", kind: name, name: planned.text("name")}
	case planned == nil:
		return call{method: "delete", kind: name, id: prior.text("id"), name: prior.text("name")}
	}
	return call{method: "update", kind: name, id: prior.text("id"), name: planned.text("name")}
}

// carryOut does what was planned and gives the object as it is then; nil when it was deleted.
func (s *server) carryOut(name string, k *kind, prior, planned object) (object, error) {
	cloud := s.cloud()
	if planned == nil {
		return nil, cloud.remove(name, prior.text("id"))
	}
	id := prior.text("id")
	if prior == nil {
		var err error
		if id, err = cloud.newID(name, k.prefix, planned.text("name")); err != nil {
			return nil, err
		}
	}
	k.complete(planned, made{kind: name, id: id, name: planned.text("name"), region: cloud.region})
	if k.adjust != nil {
		k.adjust(s.settings(), planned)
	}
	return planned, cloud.put(name, k, id, planned)
}

// complete fills in what was not known at plan time.
func (k *kind) complete(planned object, m made) {
	planned["id"] = str(m.id)
	for name, compute := range k.compute {
		if !planned[name].IsKnown() {
			planned[name] = compute(m)
		}
	}
}
