import { execFileSync } from "node:child_process";
import { mkdir, symlink } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { readDeclarations } from "../../src/declare/read.js";
import { declared, faults, folder, shown } from "./folder.js";

const inTerraform = (name: string) => `terraform {\n  integration "${name}" {}\n}\n`;
const inJson = (name: string) => JSON.stringify({ terraform: { integration: { [name]: {} } } });

async function names(files: Record<string, string>): Promise<string[]> {
  return (await declared(files)).map(({ name }) => name);
}

describe("which files are read", () => {
  test("all four forms and airlock.hcl, in the order of their names", async () => {
    const files = {
      "z.tf": inTerraform("tf"),
      "b.tofu": inTerraform("tofu"),
      "c.tf.json": inJson("tf_json"),
      "d.tofu.json": inJson("tofu_json"),
      "airlock.hcl": 'integration "airlock" {}',
    };
    expect(await names(files)).toEqual(["airlock", "tofu", "tf_json", "tofu_json", "tf"]);
  });

  test("airlock.hcl alone is enough", async () => {
    expect(await names({ "airlock.hcl": 'integration "a" {}\nintegration "b" {}' })).toEqual(["a", "b"]);
  });

  test("x.tofu takes the place of x.tf, x.tofu.json that of x.tf.json", async () => {
    const files = {
      "x.tf": inTerraform("a"),
      "x.tofu": inTerraform("b"),
      "y.tf.json": inJson("c"),
      "y.tofu.json": inJson("d"),
    };
    expect(await names(files)).toEqual(["b", "d"]);
  });

  test("x.tofu does not take the place of x.tf.json", async () => {
    expect(await names({ "x.tf.json": inJson("a"), "x.tofu": inTerraform("b") })).toEqual(["a", "b"]);
  });

  test("dotfiles, editor backups and other files are not read", async () => {
    const broken = 'integration "x" {';
    const files = {
      ".hidden.tf": broken,
      "main.tf~": broken,
      "#main.tf#": broken,
      "notes.txt": broken,
      "other.hcl": broken,
    };
    expect(await names({ ...files, "x.tfvars": broken, "x.tftest.hcl": broken })).toEqual([]);
  });

  test("folders inside are not read, whatever their name", async () => {
    const directory = await folder({});
    await mkdir(join(directory, "module.tf"));
    expect((await readDeclarations(directory)).declarations).toEqual([]);
  });

  test("a link to a file is read", async () => {
    const elsewhere = await folder({ "shared.txt": 'integration "linked" {}' });
    const directory = await folder({});
    await symlink(join(elsewhere, "shared.txt"), join(directory, "airlock.hcl"));
    expect((await readDeclarations(directory)).declarations).toMatchObject([{ name: "linked", directory }]);
  });

  test("a folder without integrations gives empty lists", async () => {
    const directory = await folder({ "main.tf": 'resource "a" "b" {}', "data.tf.json": "{}" });
    expect(await readDeclarations(directory)).toEqual({
      declarations: [],
      providerIntegrations: [],
      trust: [],
      projectBlocks: [],
    });
  });
});

describe("override files", () => {
  test.each(["override.tf", "x_override.tf", "override.tofu"])("%s may hold no integration block", async (name) => {
    expect((await faults({ [name]: inTerraform("a") })).map(shown)).toEqual(["DECLARE_MISPLACED 2:3"]);
  });

  test.each(["override.tf.json", "x_override.tofu.json"])("%s neither", async (name) => {
    expect((await faults({ [name]: inJson("a") })).map(({ code }) => code)).toEqual(["DECLARE_MISPLACED"]);
  });

  test("anything else in them is core's", async () => {
    expect(await names({ "override.tf": "terraform {\n  # no integration\n}\n" })).toEqual([]);
  });

  test("a name that only ends alike is none", async () => {
    expect(await names({ "myoverride.tf": inTerraform("a") })).toEqual(["a"]);
  });
});

describe("what cannot be read", () => {
  test("a folder that is not there", async () => {
    const missing = join(await folder({}), "missing");
    await expect(readDeclarations(missing)).rejects.toMatchObject({ code: "DECLARE_UNREADABLE" });
  });

  test("a file in place of a folder", async () => {
    const directory = await folder({ "airlock.hcl": "" });
    await expect(readDeclarations(join(directory, "airlock.hcl"))).rejects.toMatchObject({
      code: "DECLARE_UNREADABLE",
    });
  });

  test("a link that leads nowhere", async () => {
    const directory = await folder({});
    await symlink(join(directory, "nowhere"), join(directory, "main.tf"));
    await expect(readDeclarations(directory)).rejects.toMatchObject({ code: "DECLARE_UNREADABLE" });
  });

  test.skipIf(process.platform === "win32")("a named pipe, without waiting for its writer", async () => {
    const directory = await folder({});
    execFileSync("mkfifo", [join(directory, "main.tf")]);
    await expect(readDeclarations(directory)).rejects.toMatchObject({ code: "DECLARE_UNREADABLE" });
  });
});

test("paths keep the folder's own spelling, and sources start from its absolute path", async () => {
  const directory = await folder({ "main.tf": inTerraform("a") });
  const spelling = relative(process.cwd(), directory);
  const [declaration] = (await readDeclarations(spelling)).declarations;
  expect(declaration?.location?.file).toBe(join(spelling, "main.tf"));
  expect(declaration?.directory).toBe(resolve(directory));
});
