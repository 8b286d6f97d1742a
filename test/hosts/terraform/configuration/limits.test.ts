import { describe, expect, test } from "vitest";
import {
  CONFIGURATION_LIMITS,
  MAX_JSON_CONFIGURATION_VALUES,
} from "../../../../src/hosts/terraform/configuration/limits.js";
import type { ConfigurationLimits } from "../../../../src/hosts/terraform/configuration/limits.js";
import { configured } from "./folder.js";

async function read(files: Record<string, string>, limits: Partial<ConfigurationLimits>) {
  const { resources, incomplete } = await configured(files, { limits: { ...CONFIGURATION_LIMITS, ...limits } });
  return [resources.length, incomplete];
}

const resource = (name: string) => `resource "a_b" "${name}" {}\n`;
const call = (name: string, source: string) => `module "${name}" {\n  source = "${source}"\n}\n`;

describe("limits", () => {
  const flat = { "a.tf": resource("a"), "b.tf": resource("b"), "c.tf.json": "{}" };

  test("files", async () => {
    expect(await read(flat, { files: 3 })).toEqual([2, false]);
    expect(await read(flat, { files: 1 })).toEqual([1, true]);
  });

  test("files count once for all calls", async () => {
    const files = { "main.tf": call("a", "./m") + call("b", "./m"), "m/main.tf": resource("a") };
    expect(await read(files, { files: 2 })).toEqual([2, false]);
    expect(await read(files, { files: 1 })).toEqual([0, true]);
  });

  test("bytes", async () => {
    const bytes = Object.values(flat).join("").length;
    expect(await read(flat, { bytes })).toEqual([2, false]);
    expect(await read(flat, { bytes: bytes - 1 })).toEqual([2, true]);
    expect(await read(flat, { bytes: resource("a").length })).toEqual([1, true]);
  });

  test("values of one JSON file", async () => {
    // The file, its resources, their type, the one block and the list are values, too.
    const json = (count: number) => `{"resource":{"a_b":{"c":{"x":[${"1,".repeat(count - 6)}1]}}}}`;
    expect(await read({ "main.tf.json": json(MAX_JSON_CONFIGURATION_VALUES) }, {})).toEqual([1, false]);
    expect(await read({ "main.tf.json": json(MAX_JSON_CONFIGURATION_VALUES + 1) }, {})).toEqual([0, true]);
  });

  test("more files than are read ahead", async () => {
    const files = Array.from({ length: 40 }, (_, at) => [`f${at}.tf`, resource(`r${at}`)] as const);
    expect(await read(Object.fromEntries(files), {})).toEqual([40, false]);
  });

  const chain = {
    "main.tf": resource("r") + call("a", "./a"),
    "a/main.tf": resource("r") + call("b", "./b"),
    "a/b/main.tf": resource("r"),
  };

  test("depth of modules", async () => {
    expect(await read(chain, { moduleDepth: 2 })).toEqual([3, false]);
    expect(await read(chain, { moduleDepth: 1 })).toEqual([2, true]);
  });

  test("modules", async () => {
    expect(await read(chain, { modules: 3 })).toEqual([3, false]);
    expect(await read(chain, { modules: 2 })).toEqual([2, true]);
  });

  test("resources", async () => {
    expect(await read(chain, { resources: 3 })).toEqual([3, false]);
    expect(await read(chain, { resources: 2 })).toEqual([2, true]);
  });

  test("calls that double at each level end at the limit on modules", async () => {
    const files: Record<string, string> = { [`${"m/".repeat(20)}main.tf`]: resource("r") };
    for (let level = 0; level < 20; level += 1) {
      files[`${"m/".repeat(level)}main.tf`] = resource("r") + call("x", "./m") + call("y", "./m");
    }
    expect(await read(files, {})).toEqual([CONFIGURATION_LIMITS.modules, true]);
  });
});
