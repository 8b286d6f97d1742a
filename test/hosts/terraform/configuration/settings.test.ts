import { describe, expect, test } from "vitest";
import { configured } from "./folder.js";

describe("where core runs", () => {
  const execution = async (body: string, environment: Record<string, string> = {}) => {
    const configuration = await configured({ "main.tf": `terraform {\n${body}\n}\n` }, { environment });
    return [configuration.execution, configuration.backend];
  };

  test("here, without a backend and with one that only keeps the state", async () => {
    expect(await execution("")).toEqual([{ kind: "local" }, null]);
    expect(await execution('backend "s3" {}')).toEqual([{ kind: "local" }, "s3"]);
    expect(await execution('backend "local" {}')).toEqual([{ kind: "local" }, "local"]);
  });

  test("elsewhere, with a cloud block or the backend remote", async () => {
    expect(await execution("cloud {}")).toMatchObject([
      { kind: "remote", block: "cloud", location: { line: 2 } },
      null,
    ]);
    expect(await execution('\nbackend "remote" {}')).toMatchObject([
      { kind: "remote", block: "remote", location: { line: 3 } },
      "remote",
    ]);
  });

  test("here, when the environment says so", async () => {
    expect(await execution("cloud {}", { TF_FORCE_LOCAL_BACKEND: "1" })).toEqual([{ kind: "local" }, null]);
    expect(await execution("cloud {}", { TF_FORCE_LOCAL_BACKEND: "" })).toMatchObject([{ kind: "remote" }, null]);
  });

  test("an override file decides", async () => {
    const files = { "main.tf": "terraform {\n  cloud {}\n}", "override.tf": 'terraform {\n  backend "local" {}\n}' };
    expect(await configured(files)).toMatchObject({ execution: { kind: "local" }, backend: "local" });
    const other = { "main.tf": 'terraform {\n  backend "s3" {}\n}', "override.tf.json": '{"terraform":{"cloud":{}}}' };
    expect(await configured(other)).toMatchObject({ execution: { kind: "remote", block: "cloud" }, backend: null });
  });

  test("a child module has no say", async () => {
    const files = { "main.tf": 'module "a" {\n  source = "./a"\n}', "a/main.tf": "terraform {\n  cloud {}\n}" };
    expect(await configured(files)).toMatchObject({ execution: { kind: "local" }, backend: null });
  });
});

describe("sensitive variables", () => {
  test("are those marked sensitive or ephemeral, with defaults that are literals", async () => {
    const { sensitiveVariables } = await configured({
      "main.tf": `
variable "password" {
  type      = string
  default   = "hunter2"
  sensitive = true
}
variable "plain" { default = "x" }
variable "token" { ephemeral = true }
variable "no" {
  sensitive = false
}
module "a" {
  source = "./a"
}`,
      "override.tf": 'variable "plain" {\n  sensitive = "true"\n}',
      "a/main.tf.json": '{"variable":{"inner":{"sensitive":true,"default":{"k":["v"]}}}}',
    });
    expect(sensitiveVariables).toEqual([
      { modulePath: [], name: "password", defaultValue: "hunter2" },
      { modulePath: [], name: "plain", defaultValue: "x" },
      { modulePath: [], name: "token", defaultValue: undefined },
      { modulePath: ["a"], name: "inner", defaultValue: { k: ["v"] } },
    ]);
  });
});

test("moved, import and removed blocks say what they say", async () => {
  const { refactorings } = await configured({
    "main.tf": `
moved {
  from = aws_a.old
  to   = module.m["x"].aws_a.new[0]
}
import {
  to = aws_a.i
  id = "i-1"
}
removed {
  from = aws_a.gone
  lifecycle {
    destroy = false
  }
}
module "m" {
  source = "./m"
}`,
    "m/main.tf.json": '{"moved":[{"from":"aws_a.x","to":"aws_a.y"}]}',
  });
  const shown = refactorings.map(({ kind, modulePath, from, to, location }) => [
    kind,
    modulePath,
    from,
    to,
    location.line,
  ]);
  expect(shown).toEqual([
    ["moved", [], "aws_a.old", 'module.m["x"].aws_a.new[0]', 2],
    ["import", [], null, "aws_a.i", 6],
    ["removed", [], "aws_a.gone", null, 10],
    ["moved", ["m"], "aws_a.x", "aws_a.y", 1],
  ]);
});
