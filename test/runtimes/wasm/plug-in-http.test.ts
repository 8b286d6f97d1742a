import { describe, expect, it } from "vitest";
import { wasmProgram } from "../../../runtimes/wasm/program.js";
import { recordingIo, wasmSpec } from "../../support/wasm.js";
import { plugIn } from "./guests.js";

/** Gives Extism's `http_request` its input, and gives back the body with the status before it. */
const ASKS = plugIn(
  `(local.set $body (call $http_request (call $input_offset) (i64.const 0)))
   (call $store_u8 (local.get $body) (i32.add (i32.const 48) (i32.div_u (call $http_status_code) (i32.const 100))))
   (call $output_set (local.get $body) (call $length (local.get $body)))`,
  "",
  "(local $body i64)",
);

function ask(input: string, answer: (line: string) => unknown) {
  const asked: unknown[] = [];
  const recording = recordingIo([input]);
  const request = (line: string): string => {
    asked.push(JSON.parse(line));
    return JSON.stringify({ jsonrpc: "2.0", id: 0, ...(answer(line) as object) });
  };
  const ended = wasmProgram(wasmSpec(ASKS), { ...recording.io, request }, () => undefined);
  return { asked, recording, ended };
}

describe("HTTP as Extism's plug-in kits ask for it", () => {
  it("goes the way of http/fetch", async () => {
    const body = Buffer.from("_kay").toString("base64");
    const input = JSON.stringify({ url: "https://api.example.com/", method: "POST", headers: { a: "b" } });
    const { asked, recording, ended } = ask(input, () => ({ result: { status: 200, headers: {}, body } }));
    await ended;
    expect(recording.written).toEqual(["2kay"]);
    expect(asked).toEqual([
      {
        jsonrpc: "2.0",
        id: 0,
        method: "http/fetch",
        params: { url: "https://api.example.com/", method: "POST", headers: { a: "b" }, encoding: "base64" },
      },
    ]);
  });

  it("without a response is a log line that says why, and nothing at address 0", async () => {
    const { recording, ended } = ask('{"url":"https://api.example.com/"}', () => ({
      error: { code: -32_000, message: "not granted" },
    }));
    await expect(ended).rejects.toMatchObject({ code: "GUEST_CRASHED" });
    expect(recording.logs).toMatchObject([{ level: "error", message: "it asked for HTTP: not granted" }]);
  });

  it("in a form that is none is told of, and nobody is asked", async () => {
    const { asked, recording, ended } = ask("no JSON", () => ({}));
    await expect(ended).rejects.toMatchObject({ code: "GUEST_CRASHED" });
    expect(asked).toEqual([]);
    expect(recording.logs).toMatchObject([{ level: "error" }]);
  });
});
