import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runJs } from "../../../test/runtimes/js/harness.js";
import { initialize, request, resourceEvent } from "./requests.js";

const SOURCE = `
import { defineIntegration, fail, log, serve, valueAt } from ${JSON.stringify(join(import.meta.dirname, "../src/index.ts"))};
serve(defineIntegration({
  name: "both", version: "1.0.0", stateless: true,
  hooks: {
    async "post-plan-resource"(event) {
      log.info("looking at " + event.address);
      await null;
      return fail(String(valueAt(event, ["instance_type"])), { metadata: { \u00fc: "\u2028" } });
    },
    "pre-plan-resource"() { throw new RangeError("no"); },
  },
}));`;

const LINES = [
  request(0, "ping"),
  initialize({ a: 1 }),
  request(2, "post-plan-resource", resourceEvent()),
  request("three", "post-plan-resource", resourceEvent({ after: null })),
  request(4, "plan-stage-start"),
  request(5, "post-plan-resource"),
  request(6, "shutdown"),
];

let folder = "";
let bundle = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "airlock-sdk-"));
  const options = { bundle: true, format: "esm", platform: "neutral", write: false } as const;
  bundle = buildSync({ stdin: { contents: SOURCE, resolveDir: folder }, ...options }).outputFiles[0]?.text ?? "";
  writeFileSync(join(folder, "both.mjs"), bundle);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function underNode(input: string): string[] {
  const ended = spawnSync(process.execPath, [join(folder, "both.mjs")], { input, encoding: "utf8", timeout: 20_000 });
  expect(ended.stderr).toBe("");
  expect(ended.status).toBe(0);
  return ended.stdout.split("\n").slice(0, -1);
}

describe("one source in both forms", () => {
  it("says the same bytes in the sandbox and under Node", async () => {
    const sandboxed = await runJs(bundle, LINES);
    expect(sandboxed.error).toBeNull();
    expect(sandboxed.exchanges.flat()).toEqual(underNode(`${LINES.join("\n")}\n`));
    expect(sandboxed.exchanges[2]).toHaveLength(2);
  });

  it("answers in the order of the requests, however they arrive", () => {
    const many = [
      initialize(),
      ...Array.from({ length: 50 }, (_, id) => request(id + 2, "post-plan-resource", resourceEvent())),
    ];
    const ids = underNode(`${many.join("\n")}\n`)
      .map((line) => JSON.parse(line) as { id?: number })
      .filter((message) => message.id !== undefined)
      .map((message) => message.id);
    expect(ids).toEqual(many.map((_, index) => index + 1));
  });

  it("ends by itself when the host closes stdin, and does not answer half a line", () => {
    expect(underNode(`${request(0, "ping")}\n{"jsonrpc"`)).toEqual(['{"jsonrpc":"2.0","id":0,"result":null}']);
  });
});
