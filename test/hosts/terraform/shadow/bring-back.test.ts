import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
  openSync,
  writeSync,
  closeSync,
  symlinkSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ShadowError } from "../../../../src/hosts/terraform/shadow/shadow-error.js";
import { entriesOf, folderOf, shadowOf as shadowWith, write } from "./folders.js";

const codes = (errors: readonly ShadowError[]): string[] => errors.map(({ code }) => code);
const HOUR = 60 * 60 * 1000;

/** A shadow without state, of which other tests tell. */
const shadowOf: typeof shadowWith = (root, extra) => shadowWith(root, { stateFiles: [], ...extra });

/** Writes a file as `sed -i` and many others do: beside, then renamed over. */
function replace(path: string, content: string): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

function setTime(path: string, ms: number): void {
  utimesSync(path, new Date(Date.now() + ms), new Date(Date.now() + ms));
}

describe("what a run made in the shadow", () => {
  it("is in the root afterwards: files, folders, files in linked folders", async () => {
    const root = folderOf({ "main.tf": "", "files/a": "", "m/main.tf": "" });
    const shadow = await shadowOf(root, { localModules: [join(root, "m")] });
    write(shadow.root, { "new.txt": "1", "deep/er/x": "2", "files/b": "3", "m/made": "4" });
    mkdirSync(join(shadow.root, "empty"));
    chmodSync(join(shadow.root, "new.txt"), 0o750);
    expect(await shadow.finish()).toEqual([]);
    expect(entriesOf(root)).toEqual({
      ...{ "main.tf": "", files: null, "files/a": "", "files/b": "3", m: null, "m/main.tf": "", "m/made": "4" },
      ...{ "new.txt": "1", deep: null, "deep/er": null, "deep/er/x": "2", empty: null },
    });
    expect(statSync(join(root, "new.txt")).mode & 0o777).toBe(0o750);
    expect(await shadow.finish()).toEqual([]);
  });

  it("beside the root, among what is mirrored, is there too", async () => {
    const top = folderOf({ "root/main.tf": "", "lib/main.tf": "" });
    const shadow = await shadowOf(join(top, "root"), { localModules: [join(top, "lib")] });
    write(shadow.root, { "../made": "1", "../lib/made": "2" });
    expect(await shadow.finish()).toEqual([]);
    expect(entriesOf(top)).toMatchObject({ made: "1", "lib/made": "2" });
  });

  it("is seen by a run that goes on, and what that writes later is in the root too", async () => {
    const root = folderOf({ "main.tf": "" });
    const shadow = await shadowOf(root);
    const open = openSync(join(shadow.root, "log"), "w");
    writeSync(open, "one ");
    const other = await shadowOf(root);
    await other.finish();
    expect(readFileSync(join(shadow.root, "log"), "utf8")).toBe("one ");
    writeSync(open, "two");
    closeSync(open);
    await shadow.finish();
    expect(readFileSync(join(root, "log"), "utf8")).toBe("one two");
  });

  it("takes the place of the file that it was made from", async () => {
    const root = folderOf({ "main.tf": "", "data.txt": "old", "link.txt": "x" });
    chmodSync(join(root, "data.txt"), 0o604);
    setTime(join(root, "data.txt"), -HOUR);
    const shadow = await shadowOf(root);
    replace(join(shadow.root, "data.txt"), "changed");
    expect(await shadow.finish()).toEqual([]);
    expect(readFileSync(join(root, "data.txt"), "utf8")).toBe("changed");
    expect(statSync(join(root, "data.txt")).mode & 0o777).toBe(0o604);
  });

  it("does not take the place of a newer file, and is kept", async () => {
    const root = folderOf({ "main.tf": "", "data.txt": "old" });
    const shadow = await shadowOf(root);
    replace(join(shadow.root, "data.txt"), "the run's");
    writeFileSync(join(root, "data.txt"), "the user's");
    setTime(join(root, "data.txt"), HOUR);
    const [notice, ...more] = await shadow.finish();
    expect([notice?.code, more]).toEqual(["SHADOW_LEFTOVER", []]);
    expect(readFileSync(join(root, "data.txt"), "utf8")).toBe("the user's");
    const kept = entriesOf(join(root, ".terraform/airlock/shadow/kept"));
    expect(Object.values(kept)).toEqual(["the run's"]);
    expect(notice?.remedy).toContain(Object.keys(kept)[0]);
    // The root's file is seen again, and nothing is told twice.
    expect(readFileSync(join(shadow.root, "data.txt"), "utf8")).toBe("the user's");
    expect(await shadow.finish()).toEqual([]);
  });

  it("is no matter when it is what is there, whatever is newer", async () => {
    const root = folderOf({ "main.tf": "", "data.txt": "same" });
    const shadow = await shadowOf(root);
    replace(join(shadow.root, "data.txt"), "same");
    setTime(join(root, "data.txt"), HOUR);
    expect(await shadow.finish()).toEqual([]);
    expect(entriesOf(root)).toEqual({ "main.tf": "", "data.txt": "same" });
  });

  it("never takes the place of a file that is shown with other content", async () => {
    const root = folderOf({ "main.tf": "with block" });
    setTime(join(root, "main.tf"), -HOUR);
    const replaced = new Map([[join(root, "main.tf"), Buffer.from("without")]]);
    const shadow = await shadowOf(root, { replaced });
    replace(join(shadow.root, "main.tf"), "without, changed");
    expect(codes(await shadow.finish())).toEqual(["SHADOW_LEFTOVER"]);
    expect(readFileSync(join(root, "main.tf"), "utf8")).toBe("with block");
    const again = await shadowOf(root, { replaced });
    expect(readFileSync(join(again.root, "main.tf"), "utf8")).toBe("without");
  });

  it("is named when something else is in its place", async () => {
    const root = folderOf({ "main.tf": "" });
    const shadow = await shadowOf(root);
    write(shadow.root, { a: "file", "b/c": "folder" });
    mkdirSync(join(root, "a"));
    writeFileSync(join(root, "b"), "file");
    expect(codes(await shadow.finish())).toEqual(["SHADOW_LEFTOVER", "SHADOW_LEFTOVER"]);
    expect(entriesOf(root)).toEqual({ "main.tf": "", a: null, b: "file" });
  });

  it("is named when it is nested too deeply", async () => {
    const root = folderOf({ "main.tf": "" });
    const shadow = await shadowOf(root);
    const deep = (depth: number): string => join(...Array.from({ length: depth }, () => "d"));
    write(shadow.root, { [join(deep(64), "x")]: "" });
    expect(await shadow.finish()).toEqual([]);
    write(shadow.root, { [join("e", deep(64), "x")]: "" });
    expect(codes(await shadow.finish())).toEqual(["SHADOW_LEFTOVER"]);
  });

  it("is not what core keeps in its data folder, nor a link, nor what was deleted", async () => {
    const root = folderOf({ "main.tf": "", "x.txt": "" });
    const shadow = await shadowOf(root);
    write(shadow.root, { ".terraform/providers/x": "" });
    symlinkSync("/nowhere", join(shadow.root, "link"));
    rmSync(join(shadow.root, "x.txt"));
    expect(await shadow.finish()).toEqual([]);
    expect(entriesOf(root)).toEqual({ "main.tf": "", "x.txt": "" });
  });
});

describe("what a killed run left", () => {
  it("is brought back by the next", async () => {
    const root = folderOf({ "main.tf": "" });
    const killed = await shadowOf(root);
    write(killed.root, { "new.txt": "1", "deep/x": "2", ".terraform.lock.hcl": "locked" });
    const next = await shadowOf(root);
    expect(next.notices).toEqual([]);
    expect(entriesOf(root)).toEqual({
      ...{ "main.tf": "", "new.txt": "1", deep: null, "deep/x": "2", ".terraform.lock.hcl": "locked" },
    });
    expect(entriesOf(next.root)).toMatchObject({ "new.txt": `-> ${root}/new.txt`, deep: `-> ${root}/deep` });
  });

  it("is told of when it cannot be", async () => {
    const root = folderOf({ "main.tf": "", "data.txt": "old" });
    const killed = await shadowOf(root);
    replace(join(killed.root, "data.txt"), "the run's");
    writeFileSync(join(root, "data.txt"), "the user's");
    setTime(join(root, "data.txt"), HOUR);
    const next = await shadowOf(root);
    expect(codes(next.notices)).toEqual(["SHADOW_LEFTOVER"]);
    expect((await shadowOf(root)).notices).toEqual([]);
  });

  it("in the folder of a module that is gone does not bring the folder back", async () => {
    const root = folderOf({ "main.tf": "", "m/main.tf": "" });
    await shadowOf(root, { localModules: [join(root, "m")] });
    rmSync(join(root, "m"), { recursive: true });
    const next = await shadowOf(root);
    expect(next.notices).toEqual([]);
    expect(entriesOf(root)).toEqual({ "main.tf": "" });
    expect(entriesOf(next.root)).not.toHaveProperty("m");
  });
});

it("renewing a shadow brings back what was made and makes links anew", async () => {
  const root = folderOf({ "main.tf": "" });
  const shadow = await shadowOf(root);
  write(shadow.root, { made: "1" });
  rmSync(join(shadow.root, "main.tf"));
  expect(await shadow.renew()).toEqual([]);
  expect(entriesOf(root)).toEqual({ "main.tf": "", made: "1" });
  expect(entriesOf(shadow.root)).toMatchObject({
    made: `-> ${root}/made`,
    "main.tf": `-> ${root}/main.tf`,
  });
});
