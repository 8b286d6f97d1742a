package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
)

// call is one call of core, as far as faults and the log care.
type call struct {
	method, kind, id, name string
}

type logLine struct {
	Time     string `json:"time"`
	Method   string `json:"method"`
	Type     string `json:"type"`
	ID       string `json:"id"`
	Name     string `json:"name"`
	Region   string `json:"region"`
	PID      int    `json:"pid"`
	Protocol int    `json:"protocol"`
}

// namedFaults are the methods that fail and crash for a plain name; others need METHOD:NAME.
var namedFaults = []string{"create", "update", "delete", "read", "read-data"}

// prompt are the methods that answer without latency: a real provider does not ask its cloud then.
var prompt = []string{"configure", "validate", "validate-data"}

// begin logs a call, waits as long as the configured latency, and then crashes or fails when that was asked for.
func (s *server) begin(c call) []*tfprotov5.Diagnostic {
	s.log(c)
	settings := s.settings()
	if settings.latency > 0 && !slices.Contains(prompt, c.method) {
		select {
		case <-time.After(settings.latency):
		case <-s.stopped:
			return failed(fmt.Errorf("%s of %q was interrupted", c.method, c.name))
		}
	}
	if c.isIn(settings.crashOn) {
		os.Exit(3)
	}
	if c.isIn(settings.failOn) {
		return failed(fmt.Errorf("%s of %q fails, as fail_on asks", c.method, c.name))
	}
	return nil
}

func (c call) isIn(faults []string) bool {
	if slices.Contains(faults, c.method+":"+c.name) {
		return true
	}
	return c.name != "" && slices.Contains(namedFaults, c.method) && slices.Contains(faults, c.name)
}

// log appends one line with one write, so that lines of several processes do not mix. A log that cannot be written is
// the end of the process: a test would draw wrong conclusions from it.
func (s *server) log(c call) {
	settings := s.settings()
	if settings.dir == "" {
		return
	}
	line, err := json.Marshal(logLine{
		Time: time.Now().UTC().Format(time.RFC3339Nano), Method: c.method, Type: c.kind, ID: c.id, Name: c.name,
		Region: settings.region, PID: os.Getpid(), Protocol: s.protocol,
	})
	if err != nil {
		log.Fatal(err)
	}
	file, err := os.OpenFile(filepath.Join(settings.dir, "log.jsonl"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Write(append(line, '\n')); err != nil {
		log.Fatal(err)
	}
}

func failed(err error) []*tfprotov5.Diagnostic {
	return []*tfprotov5.Diagnostic{{
		Severity: tfprotov5.DiagnosticSeverityError,
		Summary:  "mockcloud failed",
		Detail:   err.Error(),
	}}
}
