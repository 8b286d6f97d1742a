// Command terraform-provider-mockcloud is a provider for tests: its cloud is a folder of JSON files, its faults come on
// request, and it logs every call it receives. It serves protocol 5, or 6 when its file name says mockcloud6.
package main

import (
	"context"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-mux/tf5to6server"
)

const namespace = "registry.terraform.io/airlock/"

func main() {
	log.SetFlags(0)
	protocol := 5
	if strings.Contains(filepath.Base(os.Args[0]), "mockcloud6") {
		protocol = 6
	}
	server, err := newServer(protocol)
	if err != nil {
		log.Fatal(err)
	}
	if err := serve(protocol, server); err != nil {
		log.Fatal(err)
	}
}

func serve(protocol int, server tfprotov5.ProviderServer) error {
	factory := func() tfprotov5.ProviderServer { return server }
	if protocol == 5 {
		return tf5server.Serve(namespace+"mockcloud", factory, tf5server.WithoutLogStderrOverride())
	}
	upgraded, err := tf5to6server.UpgradeServer(context.Background(), factory)
	if err != nil {
		return err
	}
	return tf6server.Serve(namespace+"mockcloud6", func() tfprotov6.ProviderServer { return upgraded })
}
