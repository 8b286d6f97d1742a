package main

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
)

// imported is what the cloud has under an id.
func (s *server) imported(name string, k *kind, id string) (*tfprotov5.ImportedResource, error) {
	cloud := s.cloud()
	if cloud.dir == "" {
		return nil, errors.New("nothing can be imported from a cloud without a folder: set endpoint_dir or MOCKCLOUD_DIR")
	}
	found, err := cloud.get(name, k, id)
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, fmt.Errorf("there is no %s with the id %q", name, id)
	}
	private, err := k.keptPrivate(nil)
	if err != nil {
		return nil, err
	}
	state, err := found.encode(k.schema)
	return &tfprotov5.ImportedResource{TypeName: name, State: state, Private: private}, err
}
