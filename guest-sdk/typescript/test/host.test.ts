import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsProgram } from "../../../runtimes/js/program.js";
import { specOf } from "../../../test/runtimes/js/harness.js";
import { recordingIo } from "../../../test/support/wasm.js";
import { initialize, request, resourceEvent } from "./requests.js";

const SOURCE = `
import { defineIntegration, host, HostError, serve, success } from ${JSON.stringify(join(import.meta.dirname, "../src/index.ts"))};
serve(defineIntegration({
  name: "asks", version: "1.0.0",
  hooks: {
    async "post-plan-resource"(_event, { environment }) {
      const [page, file, refused] = await Promise.all([
        host.fetch("https://api.example.com/", { method: "POST", body: "eA==", bodyEncoding: "base64" }),
        host.readFile("./prices.json", "base64"),
        host.readFile("./other.json").catch((error) => [error instanceof HostError, error.code, error.message]),
      ]);
      return success(JSON.stringify({ page, file, refused, environment }));
    },
  },
}));`;

const LINES = [
  initialize({}, { environment: { TOKEN: "t" } }),
  request(2, "post-plan-resource", resourceEvent()),
  request(3, "shutdown"),
];

/** What the host says to each request of the integration. */
function answer(line: string): string {
  const { id, method, params } = JSON.parse(line) as { id: string; method: string; params: { path?: string } };
  if (params.path === "./other.json") {
    const error = { code: -32_000, message: "no", data: { code: "REQUEST_NOT_GRANTED" } };
    return JSON.stringify({ jsonrpc: "2.0", id, error });
  }
  const result = method === "http/fetch" ? { status: 200, headers: {}, body: "page" } : { content: "file" };
  return JSON.stringify({ jsonrpc: "2.0", id, result });
}

let folder = "";
let bundle = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "airlock-sdk-"));
  const options = { bundle: true, format: "esm", platform: "neutral", write: false } as const;
  bundle = buildSync({ stdin: { contents: SOURCE, resolveDir: folder }, ...options }).outputFiles[0]?.text ?? "";
  writeFileSync(join(folder, "asks.mjs"), bundle);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Conversation {
  /** Requests of the integration. */
  readonly asked: unknown[];
  /** Its answers to the host. */
  readonly said: unknown[];
}

async function inSandbox(): Promise<Conversation> {
  const asked: unknown[] = [];
  const { io, written } = recordingIo(LINES);
  const ask = (line: string): string => {
    asked.push(JSON.parse(line));
    return answer(line);
  };
  await jsProgram(specOf(bundle), { ...io, request: ask }, () => undefined);
  return { asked, said: written.map((line) => JSON.parse(line) as unknown) };
}

async function underNode(): Promise<Conversation> {
  const asked: unknown[] = [];
  const said: unknown[] = [];
  const child = spawn(process.execPath, [join(folder, "asks.mjs")], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.write(`${LINES.join("\n")}\n`);
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = JSON.parse(line) as { method?: string };
    if (message.method !== undefined) {
      asked.push(message);
      child.stdin.write(`${answer(line)}\n`);
    } else if (said.push(message) === LINES.length) child.stdin.end();
  });
  await once(child, "close");
  return { asked, said };
}

describe("what an integration asks of its host", () => {
  it("is the same in the sandbox and under Node, one thing at a time, answers and refusals included", async () => {
    const sandboxed = await inSandbox();
    expect(sandboxed).toEqual(await underNode());
    expect(sandboxed.asked).toMatchObject([
      {
        id: "sdk-1",
        method: "http/fetch",
        params: { url: "https://api.example.com/", method: "POST", body: "eA==", body_encoding: "base64" },
      },
      { id: "sdk-2", method: "files/read", params: { path: "./prices.json", encoding: "base64" } },
      { id: "sdk-3", method: "files/read", params: { path: "./other.json", encoding: "text" } },
    ]);
    const { message } = (sandboxed.said[1] as { result: { message: string } }).result;
    expect(JSON.parse(message)).toEqual({
      page: { status: 200, headers: {}, body: "page" },
      file: "file",
      refused: [true, "REQUEST_NOT_GRANTED", "no"],
      environment: { TOKEN: "t" },
    });
  });
});
