import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lockInfoOf } from "../../../../src/hosts/terraform/shadow/state-files.js";
import { entriesOf, folderOf, shadowOf, write } from "./folders.js";

const STATE = "terraform.tfstate";
const INFO = ".terraform.tfstate.lock.info";

describe("a root without state", () => {
  it("has an empty one while a run goes on, and none when nobody wrote it", async () => {
    const root = folderOf({ "main.tf": "" });
    const shadow = await shadowOf(root);
    expect(entriesOf(root)).toEqual({ "main.tf": "", [STATE]: "" });
    await shadow.finish();
    expect(entriesOf(root)).toEqual({ "main.tf": "" });
    await shadow.renew();
    expect(entriesOf(root)).toEqual({ "main.tf": "", [STATE]: "" });
  });

  it("keeps the one that was written", async () => {
    const root = folderOf({ "main.tf": "" });
    const shadow = await shadowOf(root);
    writeFileSync(join(shadow.root, STATE), "state");
    await shadow.finish();
    expect(entriesOf(root)).toEqual({ "main.tf": "", [STATE]: "state" });
  });

  it.each(["in the root", "in the shadow"])("keeps the empty one when somebody holds the lock %s", async (where) => {
    const root = folderOf({ "main.tf": "" });
    const shadow = await shadowOf(root);
    writeFileSync(join(where === "in the root" ? root : shadow.root, INFO), "{}");
    await shadow.finish();
    expect(entriesOf(root)).toMatchObject({ [STATE]: "" });
  });

  it("keeps an empty one that was there before", async () => {
    const root = folderOf({ "main.tf": "", [STATE]: "" });
    await (await shadowOf(root)).finish();
    expect(entriesOf(root)).toEqual({ "main.tf": "", [STATE]: "" });
  });

  it("gets what core wrote where its link was gone", async () => {
    const root = folderOf({ "main.tf": "" });
    const shadow = await shadowOf(root);
    rmSync(join(shadow.root, STATE));
    writeFileSync(join(shadow.root, STATE), "state");
    expect(await shadow.finish()).toEqual([]);
    expect(entriesOf(root)).toEqual({ "main.tf": "", [STATE]: "state" });
  });

  it("gets the first backup at the end", async () => {
    const root = folderOf({ "main.tf": "", [STATE]: "old" });
    const shadow = await shadowOf(root);
    writeFileSync(join(shadow.root, `${STATE}.backup`), "old");
    expect(await shadow.finish()).toEqual([]);
    expect(entriesOf(root)).toMatchObject({ [`${STATE}.backup`]: "old" });
  });
});

describe("lock information", () => {
  it("of a run in the root is seen in the shadow", async () => {
    const root = folderOf({ "main.tf": "", [STATE]: "", [INFO]: "another's" });
    const shadow = await shadowOf(root);
    expect(readFileSync(join(shadow.root, INFO), "utf8")).toBe("another's");
    await shadow.finish();
    expect(entriesOf(root)).toEqual({ "main.tf": "", [STATE]: "", [INFO]: "another's" });
  });

  it("of a run in the shadow is left to core, which takes it away", async () => {
    const root = folderOf({ "main.tf": "", [STATE]: "" });
    const shadow = await shadowOf(root);
    writeFileSync(join(shadow.root, INFO), "ours");
    await (await shadowOf(root)).finish();
    expect(entriesOf(shadow.root)).toMatchObject({ [INFO]: "ours" });
    expect(entriesOf(root)).toEqual({ "main.tf": "", [STATE]: "" });
  });
});

describe("the folder for states of workspaces", () => {
  const FOLDER = "terraform.tfstate.d";

  it("is there when a workspace may be made, and gone when none was", async () => {
    const root = folderOf({ "main.tf": "" });
    const shadow = await shadowOf(root, { mayMakeWorkspace: true });
    expect(existsSync(join(root, FOLDER))).toBe(true);
    await shadow.finish();
    expect(existsSync(join(root, FOLDER))).toBe(false);
    await shadow.renew();
    write(shadow.root, { [`${FOLDER}/one/terraform.tfstate`]: "state" });
    await shadow.finish();
    expect(entriesOf(root)).toMatchObject({ [`${FOLDER}/one/terraform.tfstate`]: "state" });
  });

  it("is not made without need, and one that was there stays", async () => {
    const root = folderOf({ "main.tf": "" });
    await shadowOf(root);
    expect(existsSync(join(root, FOLDER))).toBe(false);
    mkdirSync(join(root, FOLDER));
    await (await shadowOf(root, { mayMakeWorkspace: true })).finish();
    expect(existsSync(join(root, FOLDER))).toBe(true);
  });

  it.each([
    ["one", true],
    ["default", false],
    ["", false],
    ["\n", false],
    ["x".repeat(5000), false],
  ])("is there when %j is the selected workspace: %s", async (name, made) => {
    const root = folderOf({ "main.tf": "", ".terraform/environment": name });
    await shadowOf(root);
    expect(existsSync(join(root, FOLDER))).toBe(made);
  });
});

describe("the selected workspace", () => {
  it("is the same in the shadow as in the root, whichever selects", async () => {
    const root = folderOf({ "main.tf": "" });
    const users = join(root, ".terraform/environment");
    const shadow = await shadowOf(root);
    const cores = join(shadow.dataDir, "environment");
    expect(existsSync(cores)).toBe(false);
    writeFileSync(cores, "one");
    await shadow.finish();
    expect(readFileSync(users, "utf8")).toBe("one");
    writeFileSync(users, "two");
    await shadowOf(root);
    expect(readFileSync(cores, "utf8")).toBe("two");
    writeFileSync(cores, "three");
    expect(readFileSync(users, "utf8")).toBe("three");
    rmSync(users);
    await shadowOf(root);
    expect(entriesOf(shadow.dataDir)).toEqual({});
  });

  it("is the later one when both selected", async () => {
    const root = folderOf({ "main.tf": "" });
    const users = join(root, ".terraform/environment");
    const cores = join((await shadowOf(root)).dataDir, "environment");
    const hour = new Date(Date.now() - 60 * 60 * 1000);
    writeFileSync(cores, "one");
    writeFileSync(users, "two");
    utimesSync(cores, hour, hour);
    await shadowOf(root);
    expect([readFileSync(users, "utf8"), readFileSync(cores, "utf8")]).toEqual(["two", "two"]);
    rmSync(cores);
    writeFileSync(cores, "three");
    utimesSync(users, hour, hour);
    await shadowOf(root);
    expect([readFileSync(users, "utf8"), readFileSync(cores, "utf8")]).toEqual(["three", "three"]);
  });

  it("needs no sharing where the data folder is one and the same", async () => {
    const [root, dataDir] = [folderOf({ "main.tf": "" }), folderOf({ environment: "one" })];
    const shadow = await shadowOf(root, { dataDir });
    expect(shadow.dataDir).toBe(dataDir);
    expect(entriesOf(dataDir)["environment"]).toBe("one");
    const relative = await shadowOf(root, { dataDir: "data" });
    expect(relative.dataDir).toBe(join(relative.root, "data"));
  });
});

it("the name of lock information is that of core", () => {
  expect(lockInfoOf("/a/b.tfstate")).toBe("/a/.b.tfstate.lock.info");
  expect(lockInfoOf("/a/.b")).toBe("/a/.b.lock.info");
});
