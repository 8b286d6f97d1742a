package main

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
)

// server is one provider process. Core configures it at most once.
type server struct {
	protocol int
	kinds    map[string]*kind
	sources  map[string]*source

	mu     sync.RWMutex
	config config

	stopped  chan struct{}
	stopOnce sync.Once
}

func newServer(protocol int) (*server, error) {
	kinds, err := allKinds(os.Getenv("MOCKCLOUD_TYPES"))
	if err != nil {
		return nil, err
	}
	return &server{
		protocol: protocol,
		kinds:    kinds,
		sources:  allSources(),
		config:   config{dir: os.Getenv("MOCKCLOUD_DIR"), region: defaultRegion},
		stopped:  make(chan struct{}),
	}, nil
}

// settings is the configuration as it is now.
func (s *server) settings() config {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.config
}

func (s *server) kind(name string) (*kind, error) {
	if found, ok := s.kinds[name]; ok {
		return found, nil
	}
	return nil, fmt.Errorf("mockcloud has no resource type %q", name)
}

func (s *server) source(name string) (*source, error) {
	if found, ok := s.sources[name]; ok {
		return found, nil
	}
	return nil, fmt.Errorf("mockcloud has no data source type %q", name)
}

// capabilities differ by protocol, so that core plans destroys with one and not with the other.
func (s *server) capabilities() *tfprotov5.ServerCapabilities {
	return &tfprotov5.ServerCapabilities{PlanDestroy: s.protocol == 6}
}

func (s *server) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	answer := &tfprotov5.GetMetadataResponse{ServerCapabilities: s.capabilities()}
	for name := range s.kinds {
		answer.Resources = append(answer.Resources, tfprotov5.ResourceMetadata{TypeName: name})
	}
	for name := range s.sources {
		answer.DataSources = append(answer.DataSources, tfprotov5.DataSourceMetadata{TypeName: name})
	}
	return answer, nil
}

func (s *server) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	answer := &tfprotov5.GetProviderSchemaResponse{
		ServerCapabilities: s.capabilities(),
		Provider:           configSchema,
		ResourceSchemas:    map[string]*tfprotov5.Schema{},
		DataSourceSchemas:  map[string]*tfprotov5.Schema{},
	}
	for name, each := range s.kinds {
		answer.ResourceSchemas[name] = each.schema
	}
	for name, each := range s.sources {
		answer.DataSourceSchemas[name] = each.schema
	}
	return answer, nil
}

// StopProvider ends every wait for latency, as a provider that honours an interrupt does.
func (s *server) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	s.log(call{method: "stop"})
	s.stopOnce.Do(func() { close(s.stopped) })
	return &tfprotov5.StopProviderResponse{}, nil
}
