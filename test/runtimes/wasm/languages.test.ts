import { beforeAll, describe, expect, it } from "vitest";
import { wasmProgram } from "../../../runtimes/wasm/program.js";
import type { Limits } from "../../../src/protocol/limits.js";
import { assemblyScript, goProgram, HAS_GO, recordingIo, wasmSpec } from "../../support/wasm.js";

const REQUEST = `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"text":"zwölf €"}}`;

async function serve(code: Uint8Array, lines: readonly string[], limits: Partial<Limits> = {}) {
  const recording = recordingIo(lines);
  await wasmProgram(wasmSpec(code, limits), recording.io, () => undefined);
  return recording;
}

describe("AssemblyScript with Extism's kit", () => {
  let code: Uint8Array;
  beforeAll(async () => {
    code = await assemblyScript(`
      import { Host, LogLevel, Var } from "@extism/as-pdk";
      export function onAbort(message: string | null, file: string | null, line: u32, column: u32): void { unreachable(); }
      export function handle(): i32 {
        const line = Host.inputString();
        if (line == "abort") throw new Error("asked for");
        if (line == "fill") for (;;) kept.push(new Uint8Array(65536));
        Host.log(LogLevel.Warn, "seen " + line.length.toString());
        const last = Var.getString("last");
        Var.set("last", Uint8Array.wrap(String.UTF8.encode(line)));
        // Not outputString: in as-pdk 1.0.0 it counts UTF-16 units for bytes.
        Host.output(Uint8Array.wrap(String.UTF8.encode((last == null ? "first" : last!) + "|" + line)));
        return 0;
      }
      const kept: Uint8Array[] = [];`);
  });

  it("answers, logs and keeps variables", async () => {
    const { written, logs } = await serve(code, [REQUEST, "two"]);
    expect(written).toEqual([`first|${REQUEST}`, `${REQUEST}|two`]);
    expect(logs.map((record) => record.level)).toEqual(["warn", "warn"]);
  });

  it("crashes alone, and runs out of memory by name", async () => {
    await expect(serve(code, ["abort"])).rejects.toMatchObject({ code: "GUEST_CRASHED", gone: true });
    await expect(serve(code, ["fill"], { memoryBytes: 4 << 20 })).rejects.toMatchObject({ code: "GUEST_MEMORY" });
  });
});

describe("AssemblyScript with the WASI shim", () => {
  it("runs unchanged: stdin, stdout, stderr, clock, random, exit", async () => {
    const code = await assemblyScript(
      `const buffer = new ArrayBuffer(65536);
       process.stderr.write(process.argv[0] + " " + Date.now().toString() + " " + (Math.random() < 1).toString() + "\\n");
       for (let read = process.stdin.read(buffer); read > 0; read = process.stdin.read(buffer))
         process.stdout.write(">" + String.UTF8.decode(buffer.slice(0, read)));
       process.exit(0);`,
      { wasi: true },
    );
    const { written, logs } = await serve(code, [REQUEST, "two"]);
    expect(written).toEqual([`>${REQUEST}`, ">two"]);
    expect(logs.map((record) => record.message)).toEqual(["sample 946684800001 true"]);
  });
});

describe.skipIf(!HAS_GO)("Go for wasip1", () => {
  let code: Uint8Array;
  beforeAll(() => {
    code = goProgram(`package main

import (
	"bufio"
	"fmt"
	"os"
	"time"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	var kept [][]byte
	for lines.Scan() {
		switch lines.Text() {
		case "sleep":
			time.Sleep(time.Hour)
		case "panic":
			panic("asked for")
		case "files":
			_, err := os.ReadFile("/etc/passwd")
			fmt.Fprintln(os.Stderr, err != nil, os.Environ(), len(os.Args))
		case "fill":
			for {
				kept = append(kept, make([]byte, 1<<16))
			}
		}
		fmt.Println("go " + lines.Text())
	}
}
`);
  });

  it("runs unchanged: lines in, lines out, sleeping at once", async () => {
    const { written } = await serve(code, [REQUEST, "sleep", "two"]);
    expect(written).toEqual([`go ${REQUEST}`, "go sleep", "go two"]);
  });

  it("finds no file and no environment", async () => {
    expect((await serve(code, ["files"])).logs).toEqual([{ level: "info", message: "true [] 1" }]);
  });

  it("crashes with its panic in the log", async () => {
    const recording = recordingIo(["panic"]);
    await expect(wasmProgram(wasmSpec(code), recording.io, () => undefined)).rejects.toMatchObject({
      code: "GUEST_CRASHED",
    });
    expect(recording.logs[0]?.message).toContain("asked for");
  });

  it("runs out of memory by name", async () => {
    await expect(serve(code, ["fill"], { memoryBytes: 16 << 20 })).rejects.toMatchObject({ code: "GUEST_MEMORY" });
  });
});
