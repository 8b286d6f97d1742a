import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { HOOKS } from "../../src/protocol/hooks.js";
import { jsIntegration, temporaryFolder } from "../support/projects.js";

const MAIN = resolve("dist/src/cli/main.js");
const SECRET = "hunter2-very-secret";
const ENCODED = Buffer.from(SECRET).toString("base64");

/** Says all that it is told, in every way it has. */
const TELLTALE = jsIntegration(
  `const all = JSON.stringify(params);
   console.log(method + all);
   airlock.send(JSON.stringify({ jsonrpc: "2.0", method: "log", params: { message: all } }));
   return { status: "warn", message: all, findings: [{ rule: "told", message: all }], metadata: { all } };`,
  { hooks: HOOKS },
);

const change = {
  actions: ["update"],
  before: { password: SECRET, url: "" },
  after: { password: SECRET, url: `db://me:${SECRET}@host` },
};
const PLAN = {
  format_version: "1.2",
  terraform_version: "1.12.6",
  variables: { token: { value: SECRET } },
  planned_values: { outputs: { about: { sensitive: true, value: SECRET } }, root_module: {} },
  resource_drift: [
    {
      address: "db.drifted",
      mode: "managed",
      type: "db",
      name: "drifted",
      provider_name: "mock",
      change: {
        actions: ["update"],
        before: { password: SECRET },
        after: { password: "other" },
        after_unknown: {},
        before_sensitive: { password: true },
        after_sensitive: { password: true },
      },
    },
  ],
  resource_changes: [
    {
      address: "db.main",
      mode: "managed",
      type: "db",
      name: "main",
      provider_name: "mock",
      change: {
        ...change,
        after_unknown: {},
        before_sensitive: { password: true },
        after_sensitive: { password: true },
      },
    },
  ],
  prior_state: {
    format_version: "1.0",
    values: {
      root_module: {
        resources: [
          {
            address: "data.file.copy",
            mode: "data",
            type: "file",
            name: "copy",
            provider_name: "mock",
            values: { content: SECRET, content_base64: ENCODED },
            sensitive_values: {},
          },
        ],
      },
    },
  },
  configuration: {
    root_module: {
      variables: { token: { sensitive: true, default: SECRET } },
      resources: [
        {
          address: "db.main",
          mode: "managed",
          type: "db",
          name: "main",
          provider_config_key: "mock",
          expressions: { password: { constant_value: SECRET } },
        },
      ],
    },
  },
};

/** Says only whether it sees the secret. */
const LOOKS = jsIntegration(
  `return { status: "success", message: String(params.after?.password === ${JSON.stringify(SECRET)}) };`,
);

describe("a secret that is granted", () => {
  it("is seen by that integration alone", () => {
    const folder = temporaryFolder({
      "plan.json": JSON.stringify(PLAN),
      "looks.js": LOOKS,
      "airlock.hcl": `integration "granted" {
  source = "./looks.js"
  hooks  = ["post-plan-resource"]
  grants = { sensitive = ["d*.password"] }
}
integration "other" {
  source = "./looks.js"
  hooks  = ["post-plan-resource"]
  grants = { sensitive = ["d*.url"] }
}
`,
    });
    const args = [MAIN, "check", join(folder, "plan.json"), "--config", folder, "--format", "json"];
    const { results } = JSON.parse(spawnSync(process.execPath, args, { encoding: "utf8" }).stdout) as {
      results: { integration: string; message: string }[];
    };
    expect(results.map(({ integration, message }) => [integration, message])).toEqual([
      ["granted", "true"],
      ["other", "false"],
    ]);
  });
});

describe("a secret of the plan", () => {
  it.each(["text", "json"])("is in no event, log line or %s output, plain or encoded", (format) => {
    const folder = temporaryFolder({
      "plan.json": JSON.stringify(PLAN),
      "telltale.js": TELLTALE,
      "airlock.hcl": `integration "telltale" { source = "./telltale.js" }`,
    });
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [MAIN, "check", join(folder, "plan.json"), "--config", folder, "--verbose", "--format", format],
      { encoding: "utf8" },
    );
    expect(status).toBe(0);
    const said = stdout + stderr;
    expect(said).toContain("db.main");
    expect(stderr).toContain("plan-stage-complete");
    expect(said).toMatch(/\(sensitive value 16-63:[0-9a-f]{24}\)/);
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain(ENCODED.replace(/=+$/, ""));
  });
});
