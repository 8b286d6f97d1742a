import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfiguration } from "../../../../src/hosts/terraform/configuration/read-configuration.js";
import { rejectedCode } from "../../../support/codes.js";
import { configured, manifest, tree } from "./folder.js";

const RESOURCE = 'resource "time_static" "t" {}\n';
const call = (name: string, source: string, more = "") => `module "${name}" {\n  source = "${source}"\n${more}}\n`;

async function addresses(files: Record<string, string>, options = {}) {
  const { resources, incomplete } = await configured(files, options);
  return { addresses: resources.map(({ address }) => address).sort(), incomplete };
}

describe("local modules", () => {
  test("are followed down, each for every call that leads to it", async () => {
    const files = {
      "main.tf": RESOURCE + call("a", "./modules/a") + call("b", "./modules/a"),
      "modules/a/main.tf": RESOURCE + call("inner", "../inner"),
      "modules/inner/main.tf.json": '{"data":{"time_static":{"d":{}}}}',
    };
    expect(await addresses(files)).toEqual({
      addresses: [
        "module.a.module.inner.data.time_static.d",
        "module.a.time_static.t",
        "module.b.module.inner.data.time_static.d",
        "module.b.time_static.t",
        "time_static.t",
      ],
      incomplete: false,
    });
  });

  test("calls in JSON, too", async () => {
    const json = '{"module":{"a":{"source":"./a","count":2}}}';
    const { resources } = await configured({ "main.tf.json": json, "a/main.tf": RESOURCE });
    expect(resources).toMatchObject([{ address: "module.a.time_static.t", modulePath: ["a"], repeated: true }]);
  });

  test("count or for_each on any call of the path repeats", async () => {
    const files = {
      "main.tf": call("a", "./a", "  for_each = toset([])\n") + call("b", "./a"),
      "a/main.tf": RESOURCE + call("c", "./c"),
      "a/c/main.tf": RESOURCE,
    };
    const { resources } = await configured(files);
    expect(resources.map(({ address, repeated }) => [address, repeated]).sort()).toEqual([
      ["module.a.module.c.time_static.t", true],
      ["module.a.time_static.t", true],
      ["module.b.module.c.time_static.t", false],
      ["module.b.time_static.t", false],
    ]);
  });

  test("one that is not there, or has no source, is incomplete, never an error", async () => {
    const files = { "main.tf": RESOURCE + call("a", "./missing") };
    expect(await addresses(files)).toEqual({ addresses: ["time_static.t"], incomplete: true });
    expect(await addresses({ "main.tf": 'module "a" {}\n' })).toEqual({ addresses: [], incomplete: true });
  });

  test("modules that call each other end, and are incomplete", async () => {
    const files = { "main.tf": RESOURCE + call("a", "./a"), "a/main.tf": RESOURCE + call("b", "../") };
    expect(await addresses(files)).toEqual({
      addresses: ["module.a.time_static.t", "time_static.t"],
      incomplete: true,
    });
  });

  test("an override file may change the source", async () => {
    const files = {
      "main.tf": call("a", "./a"),
      "override.tf": call("a", "./b"),
      "a/main.tf": RESOURCE,
      "b/main.tf": 'resource "time_static" "b" {}',
    };
    expect(await addresses(files)).toEqual({ addresses: ["module.a.time_static.b"], incomplete: false });
  });
});

test("folders that are reached by local sources alone are told, each once", async () => {
  const root = tree({
    "main.tf": call("a", "./a") + call("b", "./a") + call("r", "registry/x/y"),
    "a/main.tf": call("c", "../c"),
    "c/main.tf": RESOURCE,
    "r/main.tf": call("inner", "./inner"),
    "r/inner/main.tf": RESOURCE,
    ".terraform/modules/modules.json": manifest({ r: "r" }),
  });
  const { localModules } = await readConfiguration(root, { dataDir: ".terraform" });
  expect([...localModules].sort()).toEqual([join(root, "a"), join(root, "c")]);
});

describe("installed modules", () => {
  const MANIFEST = manifest({ vpc: ".terraform/modules/vpc", "vpc.sub": ".terraform/modules/vpc.sub" });
  const installed = {
    "main.tf": call("vpc", "terraform-aws-modules/vpc/aws"),
    ".terraform/modules/vpc/main.tf": RESOURCE + call("sub", "git::https://example.com/x"),
    ".terraform/modules/vpc.sub/main.tf": RESOURCE,
  };
  const files = { ...installed, ".terraform/modules/modules.json": MANIFEST };
  const found = ["module.vpc.module.sub.time_static.t", "module.vpc.time_static.t"];

  test("are where the manifest says", async () => {
    expect(await addresses(files)).toEqual({ addresses: found, incomplete: false });
  });

  test("a data folder elsewhere, relative or absolute, with its own working folder", async () => {
    const root = tree({ ...installed, "data/modules/modules.json": MANIFEST });
    const elsewhere = tree({ "main.tf": call("vpc", "terraform-aws-modules/vpc/aws") });
    const read = async (folder: string, options: { dataDir: string; workingDirectory?: string }) =>
      (await readConfiguration(folder, options)).resources.map(({ address }) => address).sort();
    expect(await read(root, { dataDir: "data" })).toEqual(found);
    expect(await read(elsewhere, { dataDir: join(root, "data"), workingDirectory: root })).toEqual(found);
    expect(await read(elsewhere, { dataDir: join(root, "data") })).toEqual([]);
  });

  test("a source that core must evaluate is where the manifest says, too", async () => {
    const evaluated = {
      ...files,
      "main.tf": 'module "vpc" {\n  source = var.source\n}\n',
    };
    expect(await addresses(evaluated)).toEqual({ addresses: found, incomplete: false });
  });

  test.each([
    ["no manifest", undefined],
    ["no JSON", "{"],
    ["another form", '{"Modules":{"vpc":1}}'],
    ["another module", manifest({ other: ".terraform/modules/vpc" })],
  ])("with %s it is incomplete", async (_what, text) => {
    const withManifest = text === undefined ? installed : { ...installed, ".terraform/modules/modules.json": text };
    expect(await addresses(withManifest)).toEqual({ addresses: [], incomplete: true });
  });
});

describe("an integration block in a module", () => {
  test.each([
    ["terraform", "main.tf", 'terraform {\n  integration "x" {}\n}', 2],
    ["provider", "main.tf", 'provider "aws" {\n\n  integration "x" {}\n}', 3],
    ["terraform in JSON", "main.tf.json", '{"terraform":\n{"integration":{\n"x":{}}}}', 3],
  ])("of a child: in %s", async (_where, name, text, line) => {
    const root = tree({ "main.tf": call("a", "./a"), "a/main.tf": call("b", "./b"), [`a/b/${name}`]: text });
    const reading = readConfiguration(root, { dataDir: ".terraform" });
    await expect(reading).rejects.toMatchObject({
      code: "CONFIGURATION_MODULE_INTEGRATION",
      address: "module.a.module.b",
      location: { file: join(root, "a/b", name), line },
    });
  });

  test("of the root is fine, as is the word elsewhere and a provider's own block", async () => {
    const other = 'resource "genesys" "f" {\n  integration {}\n}\nprovider "genesys" {\n  integration {}\n}\n';
    const files = {
      "main.tf": `terraform {\n  integration "x" {}\n}\n${call("a", "./a")}`,
      "a/main.tf": `# integration "x" {}\n${other}`,
      "a/airlock.hcl": 'integration "x" {}',
    };
    expect(await addresses(files)).toMatchObject({ incomplete: false });
    const asChild = { "main.tf": call("a", "./a"), "a/main.tf": 'terraform {\n  integration "x" {}\n}' };
    expect(await rejectedCode(configured(asChild))).toBe("CONFIGURATION_MODULE_INTEGRATION");
  });
});
