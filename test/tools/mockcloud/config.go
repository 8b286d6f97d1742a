package main

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const defaultRegion = "local"

// config is what a `provider "mockcloud"` block says.
type config struct {
	region      string
	dir         string // empty: nothing is kept, reading gives what the state says
	latency     time.Duration
	failOn      []string
	crashOn     []string
	defaultTags tftypes.Value
}

var configSchema = schemaOf(
	optional("region", tftypes.String),
	sensitive(optional("token", tftypes.String)),
	optional("endpoint_dir", tftypes.String),
	optional("latency_ms", tftypes.Number),
	optional("fail_on", tftypes.List{ElementType: tftypes.String}),
	optional("crash_on", tftypes.List{ElementType: tftypes.String}),
	optional("default_tags", tags),
)

func (s *server) PrepareProviderConfig(_ context.Context, req *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	s.log(call{method: "validate-provider"})
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (s *server) ConfigureProvider(_ context.Context, req *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	read, err := readConfig(req.Config)
	if err != nil {
		return &tfprotov5.ConfigureProviderResponse{Diagnostics: failed(err)}, nil
	}
	s.mu.Lock()
	s.config = read
	s.mu.Unlock()
	diagnostics := s.begin(call{method: "configure", name: read.region})
	return &tfprotov5.ConfigureProviderResponse{Diagnostics: diagnostics}, nil
}

// readConfig takes an unknown value as one that is not set: a plan may configure a provider before all is known.
func readConfig(raw *tfprotov5.DynamicValue) (config, error) {
	values, err := decode(raw, configSchema)
	if err != nil {
		return config{}, err
	}
	read := config{
		region:      values.text("region"),
		dir:         values.text("endpoint_dir"),
		failOn:      values.texts("fail_on"),
		crashOn:     values.texts("crash_on"),
		defaultTags: values["default_tags"],
	}
	if read.region == "" {
		read.region = defaultRegion
	}
	if read.dir == "" {
		read.dir = os.Getenv("MOCKCLOUD_DIR")
	}
	if latency := values["latency_ms"]; latency.IsKnown() && !latency.IsNull() {
		var number big.Float
		if err := latency.As(&number); err != nil {
			return config{}, err
		}
		ms, _ := number.Int64()
		if ms < 0 || ms > 600_000 {
			return config{}, fmt.Errorf("latency_ms is %d: it must be from 0 to 600000", ms)
		}
		read.latency = time.Duration(ms) * time.Millisecond
	}
	return read, nil
}
