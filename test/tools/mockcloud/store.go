package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// kept is one object of the cloud, as its file holds it.
type kept struct {
	Type   string          `json:"type"`
	Region string          `json:"region"`
	State  json.RawMessage `json:"state"`
}

// cloud is the folder that objects are kept in; an empty one keeps nothing.
type cloud struct {
	dir, region string
}

func (c cloud) file(kind, id string) (string, error) {
	if id == "" || strings.ContainsAny(id, `/\`) {
		return "", fmt.Errorf("%q is no id of mockcloud", id)
	}
	return filepath.Join(c.dir, kind+"."+id+".json"), nil
}

// newID depends on type, region and name alone, so that two runs make the same objects; a name that is taken gets a
// number. The file is made here, so that two creations at once get two ids.
func (c cloud) newID(kind, prefix, name string) (string, error) {
	sum := sha256.Sum256([]byte(kind + "\x00" + c.region + "\x00" + name))
	first := prefix + "-" + hex.EncodeToString(sum[:6])
	if c.dir == "" {
		return first, nil
	}
	for at := 1; ; at++ {
		id := first
		if at > 1 {
			id = fmt.Sprintf("%s-%d", first, at)
		}
		path, err := c.file(kind, id)
		if err != nil {
			return "", err
		}
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			return id, file.Close()
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
}

func (c cloud) put(name string, k *kind, id string, state object) error {
	if c.dir == "" {
		return nil
	}
	value, err := plain(state.value(k.schema), k.schema.ValueType())
	if err != nil {
		return err
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(kept{Type: name, Region: c.region, State: raw}, "", "  ")
	if err != nil {
		return err
	}
	path, err := c.file(name, id)
	if err != nil {
		return err
	}
	draft := path + ".draft"
	if err := os.WriteFile(draft, append(content, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

// get gives nil for an object that is not there.
func (c cloud) get(name string, k *kind, id string) (object, error) {
	path, err := c.file(name, id)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found kept
	if err := json.Unmarshal(content, &found); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	value, err := tftypes.ValueFromJSON(found.State, k.schema.ValueType()) //nolint:staticcheck // the module's own reader
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return objectOf(value)
}

func (c cloud) remove(name, id string) error {
	if c.dir == "" {
		return nil
	}
	path, err := c.file(name, id)
	if err != nil {
		return err
	}
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (s *server) cloud() cloud {
	settings := s.settings()
	return cloud{dir: settings.dir, region: settings.region}
}
