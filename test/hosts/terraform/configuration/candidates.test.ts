import { describe, expect, test } from "vitest";
import { MAX_CANDIDATES, ResourceIndex } from "../../../../src/hosts/terraform/configuration/candidates.js";
import { configured } from "./folder.js";

const MAIN = `
resource "cloud_vm" "a" {
  size = "small"
  zone = "one"
}
resource "cloud_vm" "b" {
  size = "large"
}
resource "cloud_vm" "c" {
  size  = var.size
  zone  = "two"
  count = 2
}
data "cloud_vm" "d" {
  size = "small"
}
module "m" {
  source = "./m"
}
`;
const CHILD = 'resource "cloud_vm" "e" {\n  size = 3\n}\n';

async function index(files: Record<string, string> = { "main.tf": MAIN, "m/main.tf": CHILD }) {
  return new ResourceIndex(await configured(files));
}

describe("candidates", () => {
  test.each([
    [{ size: "small", zone: "one" }, ["cloud_vm.a"], true],
    [{ size: "large", zone: null }, ["cloud_vm.b"], true],
    [{ size: "large" }, ["cloud_vm.b", "cloud_vm.c"], false],
    [{ size: "huge", zone: "two" }, ["cloud_vm.c"], false],
    [{ size: "3", zone: null }, ["module.m.cloud_vm.e"], true],
    [{ size: 3, zone: "none" }, ["module.m.cloud_vm.e"], true],
    [{ size: undefined, zone: "one" }, ["cloud_vm.a", "cloud_vm.b", "module.m.cloud_vm.e"], false],
    [{}, ["cloud_vm.a", "cloud_vm.b", "cloud_vm.c", "module.m.cloud_vm.e"], false],
    [{ size: "huge", zone: "none" }, [], false],
  ])("of %j are %j", async (config, addresses, exact) => {
    expect((await index()).candidates("cloud_vm", "managed", config)).toMatchObject({ addresses, exact, more: false });
  });

  test("modes and types are kept apart", async () => {
    const found = (await index()).candidates("cloud_vm", "data", { size: "small" });
    expect(found.addresses).toEqual(["data.cloud_vm.d"]);
    expect(found.resources).toMatchObject([{ name: "d", mode: "data" }]);
    expect((await index()).candidates("cloud_disk", "managed", {})).toMatchObject({ addresses: [], exact: false });
  });

  test("the only one is not exact while a part of the configuration is not known", async () => {
    const found = (await index({ "main.tf": MAIN })).candidates("cloud_vm", "managed", { size: "large", zone: null });
    expect(found).toMatchObject({ addresses: ["cloud_vm.b"], exact: false });
  });

  test("a key of the prototype is an attribute like any other", async () => {
    const files = { "main.tf": 'resource "a_b" "c" {\n  toString = "x"\n}' };
    expect((await index(files)).candidates("a_b", "managed", {})).toMatchObject({ exact: true });
  });

  test("so many are told, and that there are more", async () => {
    const blocks = (count: number) =>
      Array.from({ length: count }, (_, at) => `resource "a_b" "r${at}" {\n  x = "y"\n}\n`).join("");
    const full = (await index({ "main.tf": blocks(MAX_CANDIDATES) })).candidates("a_b", "managed", { x: "y" });
    expect([full.addresses.length, full.more]).toEqual([MAX_CANDIDATES, false]);
    const over = (await index({ "main.tf": blocks(MAX_CANDIDATES + 1) })).candidates("a_b", "managed", { x: "y" });
    expect([over.addresses.length, over.more]).toEqual([MAX_CANDIDATES, true]);
  });

  test("finding each of many is no search through all", async () => {
    const count = 3_000;
    const blocks = Array.from(
      { length: count },
      (_, at) => `resource "a_b" "r${at}" {\n  key = "k${at}"\n  x = "y"\n}\n`,
    );
    const resources = await index({ "main.tf": blocks.join("") });
    let looked = 0;
    for (let at = 0; at < count; at += 1) {
      // Counts how often the attribute that is the same in all is compared.
      const config = {
        key: `k${at}`,
        get x() {
          looked += 1;
          return "y";
        },
      };
      expect(resources.candidates("a_b", "managed", config).addresses).toEqual([`a_b.r${at}`]);
    }
    expect(looked).toBeLessThanOrEqual(2 * count);
  });
});
