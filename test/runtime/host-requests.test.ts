import { dirname } from "node:path";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { IntegrationResult, RuntimeNotice } from "../../src/runtime/types.js";
import { httpServer } from "../broker/servers.js";
import { asking, asks } from "../support/asking.js";
import type { Heard } from "../support/asking.js";
import { FORMS } from "../support/misbehaving.js";
import type { Form } from "../support/misbehaving.js";
import { resourceEvent } from "../support/projects.js";

interface Run {
  readonly results: readonly IntegrationResult[];
  readonly heard: readonly Heard[];
  readonly notices: readonly RuntimeNotice[];
}

type Declared = Partial<Omit<IntegrationDeclarationInput, "name" | "source" | "directory">>;

/** Has a guest of this form ask for each of these, one event after another; `prices.json` is beside it. */
async function run(form: Form, declared: Declared, ...asked: readonly unknown[]): Promise<Run> {
  const source = await asking(form);
  writeFileSync(join(dirname(source), "prices.json"), "[1]");
  const notices: RuntimeNotice[] = [];
  await using runtime = createRuntime({
    integrations: [
      {
        name: "guest",
        source,
        directory: dirname(source),
        timeoutMs: 20_000,
        initializeTimeoutMs: 20_000,
        ...declared,
      },
    ],
    environment: { PATH: process.env["PATH"], TOKEN: "granted", OTHER: "not granted" },
    observer: (notice) => notices.push(notice),
  });
  expect(await runtime.start()).toEqual([]);
  const results: IntegrationResult[] = [];
  for (const after of asked) {
    results.push(...(await runtime.dispatch(resourceEvent("a.b", "post-plan-resource", after))).results);
  }
  return { results, heard: results.map(({ metadata }) => metadata as unknown as Heard), notices };
}

const warnings = ({ notices }: Run): string[] =>
  notices.flatMap((notice) => (notice.type === "grant-warning" ? [`${notice.integration}: ${notice.remedy}`] : []));

describe.each(FORMS)("a %s guest", (form) => {
  it("gets what it was granted: a host, a file, a variable", async () => {
    const port = await httpServer((request, response) => response.end(`you asked for ${request.url ?? ""}`));
    const host = `http://127.0.0.1:${port}`;
    const { heard, notices } = await run(
      form,
      { grants: { hosts: [host], files: ["./prices.json"], env: ["TOKEN"] } },
      asks("http/fetch", { url: `${host}/prices` }),
      asks("files/read", { path: "./prices.json" }),
    );
    expect(heard[0]?.answer.result).toMatchObject({ status: 200, body: "you asked for /prices" });
    expect(heard[1]?.answer.result).toEqual({ content: "[1]" });
    expect(heard[0]?.environment).toEqual({ TOKEN: "granted" });
    const told = notices.filter(({ type }) => ["http-request", "grant-warning", "log"].includes(type));
    expect(told).toMatchObject([{ type: "http-request", integration: "guest", host, status: 200, code: null }]);
  });

  it("gets nothing else; it is told the line that would grant it, and the user once", async () => {
    let asked = 0;
    const port = await httpServer((_request, response) => {
      asked++;
      response.end();
    });
    const url = `http://127.0.0.1:${port}/`;
    const ended = await run(
      form,
      {},
      asks("http/fetch", { url }),
      asks("http/fetch", { url }),
      asks("files/read", { path: "./prices.json" }),
    );
    const lines = [
      `grants = { hosts = ["http://127.0.0.1:${port}"] }`,
      `grants = { hosts = ["http://127.0.0.1:${port}"] }`,
      'grants = { files = ["./prices.json"] }',
    ];
    for (const [at, line] of lines.entries()) {
      expect(ended.heard[at]?.answer.error?.data).toEqual({ code: "REQUEST_NOT_GRANTED" });
      expect(ended.heard[at]?.answer.error?.message).toContain(line);
    }
    expect(ended.heard[0]?.environment).toEqual({});
    expect(asked).toBe(0);
    expect(warnings(ended)).toEqual(
      [lines[1], lines[2]].map((line) => `guest: the declaration would need: ${line ?? ""}`),
    );
  });

  it("that waits for a host without end is stopped at its own time limit, and what it asked for with it", async () => {
    const closed = new Promise((resolve) => {
      void httpServer((request) => request.socket.on("close", resolve)).then((port) => {
        ports.push(port);
      });
    });
    const ports: number[] = [];
    await expect.poll(() => ports.length).toBe(1);
    const host = `http://127.0.0.1:${ports[0] ?? 0}`;
    const fine = asks("files/read", { path: "./prices.json" });
    const { results } = await run(
      form,
      { grants: { hosts: [host], files: ["./prices.json"] }, timeoutMs: 1_000 },
      asks("http/fetch", { url: host }),
      fine,
    );
    expect(results.map(({ error }) => error?.code ?? null)).toEqual(["GUEST_TIMEOUT", null]);
    await closed;
  });

  it("may ask as often as it may write lines in one call, and no more often", async () => {
    const grants = { files: ["./prices.json"] };
    const often = (times: number) => asks("files/read", { path: "./prices.json" }, times);
    // The answer itself is a line, too.
    const { results } = await run(form, { grants }, often(form === "executable" ? 16 : 999), often(1_001));
    expect(results.map(({ error }) => error?.code ?? null)).toEqual([null, "GUEST_MESSAGE_TOO_LARGE"]);
  });
});
