// An integration without an SDK: JSON-RPC lines from stdin, answers to stdout. The same source is an ordinary program
// and, built with GOOS=wasip1 GOARCH=wasm, a guest inside the sandbox.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

const (
	hook        = "post-plan-resource"
	initialized = `{"name":"required-tags","version":"1.0.0","protocol_version":1,"hooks":["post-plan-resource"],"stateless":true}`
)

var settings *config

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<16)
	for {
		line, err := input.ReadString('\n')
		if err == io.EOF {
			return
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if said := answer(strings.TrimSuffix(line, "\n")); said != "" {
			if _, err := io.WriteString(os.Stdout, said+"\n"); err != nil {
				os.Exit(1)
			}
		}
	}
}

// answer gives the response to one line; "" for a notification, which has none.
func answer(line string) string {
	if !json.Valid([]byte(line)) {
		return failure("null", -32700, "the line is not JSON")
	}
	request := asRecord(json.RawMessage(strings.TrimSpace(line)))
	version, _ := asString(request["jsonrpc"])
	method, ok := asString(request["method"])
	if version != "2.0" || !ok {
		return failure("null", -32600, "the line is no JSON-RPC 2.0 request")
	}
	id, ok := request["id"]
	if !ok {
		return ""
	}
	return call(string(id), method, asRecord(request["params"]))
}

func call(id, method string, params record) string {
	switch method {
	case "initialize":
		return initialize(id, params)
	case "ping":
		return result(id, "null")
	case "shutdown":
		settings = nil
		return result(id, "null")
	case hook:
	default:
		return failure(id, -32601, "unknown method: "+method)
	}
	if settings == nil {
		return failure(id, -32600, "initialize must come first")
	}
	if asRecord(params["run"]) == nil {
		return failure(id, -32602, hook+" lacks its run")
	}
	if _, ok := asString(params["type"]); !ok {
		return failure(id, -32602, hook+" lacks its resource type")
	}
	return result(id, judge(params, *settings))
}

func initialize(id string, params record) string {
	asked := string(params["protocol_version"])
	if asked != "1" {
		var number json.Number
		if asked == "" || asked[0] == '"' || json.Unmarshal([]byte(asked), &number) != nil || number == "" {
			asked = "none"
		}
		return failure(id, -32602, "protocol version 1 is spoken here; asked for: "+asked)
	}
	given := asRecord(params["config"])
	_, core := params["core"]
	if asRecord(params["host"]) == nil || asRecord(params["integration"]) == nil || given == nil || !core {
		return failure(id, -32602, "initialize lacks host, integration or config")
	}
	read, fault := readConfig(given)
	if fault != "" {
		return failure(id, -32602, fault)
	}
	settings = &read
	return result(id, initialized)
}

func result(id, value string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"result":` + value + `}`
}

func failure(id string, code int, message string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":%s}}`, id, code, quote(message))
}

// quote writes a JSON string as JavaScript does. encoding/json would also escape U+2028 and U+2029.
func quote(text string) string {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for _, char := range text {
		switch {
		case char == '"' || char == '\\':
			quoted.WriteByte('\\')
			quoted.WriteRune(char)
		case char == '\b':
			quoted.WriteString(`\b`)
		case char == '\f':
			quoted.WriteString(`\f`)
		case char == '\n':
			quoted.WriteString(`\n`)
		case char == '\r':
			quoted.WriteString(`\r`)
		case char == '\t':
			quoted.WriteString(`\t`)
		case char < 0x20:
			fmt.Fprintf(&quoted, `\u%04x`, char)
		default:
			quoted.WriteRune(char)
		}
	}
	quoted.WriteByte('"')
	return quoted.String()
}
