import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../src/runtime/runtime.js";
import type { IntegrationDeclarationInput } from "../../src/declare/declaration.js";
import type { IntegrationResult, RuntimeObserver } from "../../src/runtime/types.js";
import { resourceEvent, temporaryFolder } from "../support/projects.js";

/** Leaves a file when it is started, and answers with its environment. */
const PROGRAM = `#!/usr/bin/env node
require("node:fs").writeFileSync(__dirname + "/started", "");
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = method === "initialize"
    ? { name: "p", version: "1", protocol_version: 1, hooks: ["post-plan-resource"] }
    : { status: "success", message: JSON.stringify(process.env), metadata: { params } };
  console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
});
`;

function packageFolder(schema?: object): string {
  const manifest = { name: "p", version: "1.0.0", kind: "executable", entry: "run.cjs", config_schema: schema };
  const folder = temporaryFolder({ "integration.json": JSON.stringify(manifest), "run.cjs": PROGRAM });
  chmodSync(join(folder, "run.cjs"), 0o755);
  return folder;
}

type Declared = Partial<IntegrationDeclarationInput> & { readonly source: string };

async function ask(
  declared: Declared,
  environment: Record<string, string | undefined>,
  observer: RuntimeObserver = () => undefined,
) {
  const path = process.env["PATH"] ?? "";
  await using runtime = createRuntime({
    // It leaves a file, which an isolated program cannot.
    integrations: [{ name: "p", directory: declared.source, isolation: "none", ...declared }],
    environment: { PATH: path, ...environment },
    observer,
  });
  const broken = await runtime.start();
  const results: readonly IntegrationResult[] =
    broken.length > 0 ? broken : (await runtime.dispatch(resourceEvent("a.b"))).results;
  return { broken, message: results[0]?.message ?? "", code: results[0]?.error?.code ?? null };
}

describe("the environment of an executable", () => {
  it("is empty without a grant, whatever this process has", async () => {
    const { message } = await ask({ source: packageFolder() }, { SECRET: "s", HOME: "/home/me" });
    expect(JSON.parse(message)).toEqual({});
  });

  it("is what was granted by name and is set, and nothing more", async () => {
    const grants = { env: ["TOKEN", "EMPTY", "UNSET", "toString"], clock: false, random: false };
    const environment = { TOKEN: "t", EMPTY: "", TOKEN_2: "x", UNSET: undefined };
    const { message } = await ask({ source: packageFolder(), grants }, environment);
    expect(JSON.parse(message)).toEqual({ TOKEN: "t", EMPTY: "" });
  });

  it("lacks what is not set, which is warned of once", async () => {
    const warnings: string[] = [];
    const grants = { env: ["TOKEN", "UNSET", "GONE"] };
    await ask({ source: packageFolder(), grants }, { TOKEN: "t" }, (notice) => {
      if (notice.type === "grant-warning") warnings.push(notice.message);
    });
    expect(warnings).toEqual(["granted environment variables are not set: UNSET, GONE"]);
  });

  it("is that of the options, not of this process", async () => {
    const grants = { env: ["AIRLOCK_TEST_ONLY_HERE"], clock: false, random: false };
    process.env["AIRLOCK_TEST_ONLY_HERE"] = "of the test";
    try {
      const { message } = await ask({ source: packageFolder(), grants }, {});
      expect(JSON.parse(message)).not.toHaveProperty("AIRLOCK_TEST_ONLY_HERE");
    } finally {
      delete process.env["AIRLOCK_TEST_ONLY_HERE"];
    }
  });
});

describe("the config of an executable", () => {
  const schema = {
    type: "object",
    properties: { max: { type: "integer", minimum: 1 } },
    required: ["max"],
    additionalProperties: false,
  };

  it("that fits the schema of its package lets it start", async () => {
    const source = packageFolder(schema);
    expect((await ask({ source, config: { max: 1 } }, {})).code).toBe(null);
    expect(existsSync(join(source, "started"))).toBe(true);
  });

  it.each([
    ["a value out of bounds", { max: 0 }],
    ["a missing key", {}],
    ["a key too many", { max: 1, min: 2 }],
    ["a wrong type", { max: "many" }],
  ])("with %s ends in GUEST_CONFIG, and its process never starts", async (_what, config) => {
    const source = packageFolder(schema);
    const { broken } = await ask({ source, config }, {});
    expect(broken).toMatchObject([{ hook: "initialize", status: "error", error: { code: "GUEST_CONFIG" } }]);
    expect(existsSync(join(source, "started"))).toBe(false);
  });

  it("under a schema whose pattern never ends is stopped at the time limit, and its process never starts", async () => {
    const source = packageFolder({ properties: { a: { pattern: "^(a+)+$" } } });
    const config = { a: `${"a".repeat(60)}!` };
    const { broken } = await ask({ source, config, initializeTimeoutMs: 1_500 }, {});
    expect(broken).toMatchObject([{ hook: "initialize", error: { code: "GUEST_TIMEOUT" } }]);
    expect(existsSync(join(source, "started"))).toBe(false);
  });

  it("under a schema that is none ends in a named error, and its process never starts", async () => {
    const source = packageFolder({ type: "object", properties: { a: { $ref: "#/$defs/missing" } } });
    const { broken } = await ask({ source, config: { a: 1 } }, {});
    expect(broken[0]?.error?.code).toBe("GUEST_CONFIG");
    expect(existsSync(join(source, "started"))).toBe(false);
  });

  it("without a schema is the integration's own affair", async () => {
    expect((await ask({ source: packageFolder(), config: { anything: [1, { x: null }] } }, {})).code).toBe(null);
  });
});
