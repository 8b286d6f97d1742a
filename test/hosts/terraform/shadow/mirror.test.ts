import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rejectedCode } from "../../../support/codes.js";
import { entriesOf, folderOf, shadowOf, write } from "./folders.js";

const STATE = "terraform.tfstate";

/** The entries of a shadow's root but the one for state. */
function mirrored(root: string): Record<string, string | null> {
  return Object.fromEntries(Object.entries(entriesOf(root)).filter(([name]) => name !== STATE));
}

describe("the shadow of a root", () => {
  it("is a folder of links: one for each file, one for a folder that is no module's", async () => {
    const root = folderOf({ "main.tf": "x", "templates/a/b.tpl": "y", ".hidden": "z", "node_modules/x/y": "" });
    const shadow = await shadowOf(root);
    expect(mirrored(shadow.root)).toEqual({
      "main.tf": `-> ${root}/main.tf`,
      ".hidden": `-> ${root}/.hidden`,
      templates: `-> ${root}/templates`,
      node_modules: `-> ${root}/node_modules`,
    });
    expect(shadow.notices).toEqual([]);
  });

  it("holds a link for state before there is any, and no link to nothing", async () => {
    const root = folderOf({ "main.tf": "x" });
    const shadow = await shadowOf(root);
    expect(entriesOf(shadow.root)).toEqual({ "main.tf": `-> ${root}/main.tf`, [STATE]: `-> ${root}/${STATE}` });
    writeFileSync(join(shadow.root, STATE), "state");
    expect(readFileSync(join(root, STATE), "utf8")).toBe("state");
  });

  it("holds links for the state files that a backend names, in mirrored folders", async () => {
    const root = folderOf({ "main.tf": "x", "m/x": "" });
    const stateFiles = [join(root, "my.tfstate"), join(root, "m/s"), join(root, "other/s"), "/elsewhere/s"];
    const shadow = await shadowOf(root, { stateFiles, localModules: [join(root, "m")] });
    expect(entriesOf(shadow.root)).toEqual({
      ...{ "main.tf": `-> ${root}/main.tf`, m: null, "m/x": `-> ${root}/m/x` },
      ...{ "my.tfstate": `-> ${root}/my.tfstate`, "m/s": `-> ${root}/m/s` },
    });
    const none = await shadowOf(folderOf({ "main.tf": "x" }), { stateFiles: [] });
    expect(Object.keys(entriesOf(none.root))).toEqual(["main.tf"]);
  });

  it("has folders for modules, and those on the way to them", async () => {
    const top = folderOf({ "root/main.tf": "", "root/m/main.tf": "a", "lib/m/main.tf": "b", "lib/n/main.tf": "" });
    const root = join(top, "root");
    const shadow = await shadowOf(root, { localModules: [join(root, "m"), join(top, "lib/m")] });
    expect(mirrored(shadow.root)).toMatchObject({ m: null, "m/main.tf": `-> ${root}/m/main.tf` });
    expect(entriesOf(join(shadow.root, "../lib"))).toEqual({
      m: null,
      "m/main.tf": `-> ${top}/lib/m/main.tf`,
      n: `-> ${top}/lib/n`,
    });
  });

  it("has neither version control, nor data of core, nor itself", async () => {
    const root = folderOf({ "main.tf": "", ".git/HEAD": "", ".terraform/x": "", "m/.terraform/x": "", "m/.git/x": "" });
    const shadow = await shadowOf(root, { localModules: [join(root, "m")] });
    expect(Object.keys(entriesOf(shadow.root, [STATE])).sort()).toEqual([".terraform", "m", "main.tf"]);
    const other = folderOf({ "main.tf": "", "data/here/x": "" });
    const moved = await shadowOf(other, { dataDir: "data/here" });
    expect(Object.keys(mirrored(moved.root)).sort()).toEqual(["data", "data/here", "main.tf"]);
  });

  it("repeats the user's own links to folders, and follows those to files", async () => {
    const root = folderOf({ "main.tf": "", "m/main.tf": "", "x.txt": "" });
    const outside = folderOf({ "y/z": "" });
    symlinkSync("m", join(root, "to-module"));
    symlinkSync("x.txt", join(root, "to-file"));
    symlinkSync("nowhere", join(root, "broken"));
    symlinkSync(join(outside, "y"), join(root, "outside"));
    symlinkSync(".", join(root, "self"));
    const shadow = await shadowOf(root, { localModules: [join(root, "to-module")] });
    expect(mirrored(shadow.root)).toMatchObject({
      "to-module": "-> m",
      "to-file": `-> ${root}/to-file`,
      broken: `-> ${root}/broken`,
      outside: `-> ${root}/outside`,
      self: "-> .",
      m: null,
    });
  });
});

describe("a replaced file", () => {
  it("is seen with the other content, and the mode of the real one", async () => {
    const root = folderOf({ "main.tf": "real", "m/main.tf": "real too" });
    chmodSync(join(root, "main.tf"), 0o640);
    const replaced = new Map([
      [join(root, "main.tf"), Buffer.from("shown")],
      [join(root, "m/main.tf"), Buffer.from("shown too")],
    ]);
    const shadow = await shadowOf(root, { replaced });
    expect(readFileSync(join(shadow.root, "main.tf"), "utf8")).toBe("shown");
    expect(readFileSync(join(shadow.root, "m/main.tf"), "utf8")).toBe("shown too");
    expect(statSync(join(shadow.root, "main.tf")).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(root, "main.tf"), "utf8")).toBe("real");
  });

  it("is replaced also where it is a link", async () => {
    const root = folderOf({ "main.real": "real" });
    symlinkSync("main.real", join(root, "main.tf"));
    const shadow = await shadowOf(root, { replaced: new Map([[join(root, "main.tf"), Buffer.from("shown")]]) });
    expect(readFileSync(join(shadow.root, "main.tf"), "utf8")).toBe("shown");
    expect(readFileSync(join(shadow.root, "main.real"), "utf8")).toBe("real");
  });

  it("must exist", async () => {
    const root = folderOf({ "main.tf": "" });
    const replaced = new Map([[join(root, "no.tf"), Buffer.from("")]]);
    expect(await rejectedCode(shadowOf(root, { replaced }))).toBe("SHADOW_UNREADABLE");
  });

  it("of an earlier run is forgotten after a day", async () => {
    const root = folderOf({ "main.tf": "real" });
    const show = (content: string) =>
      shadowOf(root, { replaced: new Map([[join(root, "main.tf"), Buffer.from(content)]]) });
    const folder = join(root, ".terraform/airlock/shadow/replaced");
    await show("one");
    await show("two");
    expect(Object.values(entriesOf(folder)).sort()).toEqual(["one", "two"]);
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const name of Object.keys(entriesOf(folder))) utimesSync(join(folder, name), yesterday, yesterday);
    await show("two");
    expect(Object.values(entriesOf(folder))).toEqual(["two"]);
  });
});

describe("a shadow that is prepared again", () => {
  it("agrees with what the root has become", async () => {
    const root = folderOf({ "main.tf": "", "old.tf": "", "m/main.tf": "", "n/main.tf": "", "gone/x": "" });
    const at = (name: string): string => join(root, name);
    await shadowOf(root, { localModules: [at("m"), at("gone")] });
    rmSync(at("old.tf"));
    rmSync(at("gone"), { recursive: true });
    write(root, { "new.tf": "", "n/more.tf": "" });
    const shadow = await shadowOf(root, { localModules: [at("n")] });
    expect(mirrored(shadow.root)).toEqual({
      "main.tf": `-> ${root}/main.tf`,
      "new.tf": `-> ${root}/new.tf`,
      m: `-> ${root}/m`,
      n: null,
      "n/main.tf": `-> ${root}/n/main.tf`,
      "n/more.tf": `-> ${root}/n/more.tf`,
    });
    rmSync(at("new.tf"));
    mkdirSync(at("new.tf"));
    const again = await shadowOf(root, { localModules: [at("new.tf")] });
    expect(mirrored(again.root)).toMatchObject({ "new.tf": null, n: `-> ${root}/n` });
  });

  it("is not touched where nothing changed", async () => {
    const root = folderOf({ "main.tf": "", "m/main.tf": "" });
    const request = { localModules: [join(root, "m")], replaced: new Map([[join(root, "main.tf"), Buffer.from("x")]]) };
    const shadow = await shadowOf(root, request);
    const look = (): number[] =>
      ["main.tf", "m/main.tf", "terraform.tfstate", "m"].map((name) => lstatSync(join(shadow.root, name)).ino);
    const before = look();
    await shadowOf(root, request);
    await shadow.renew();
    expect(look()).toEqual(before);
  });

  it("by several at once is as by one", async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`m/${index}.tf`, ""]));
    const root = folderOf({ "main.tf": "real", ...files });
    const request = { localModules: [join(root, "m")], replaced: new Map([[join(root, "main.tf"), Buffer.from("x")]]) };
    const shadows = await Promise.all(Array.from({ length: 8 }, () => shadowOf(root, request)));
    await Promise.all(shadows.map((shadow) => shadow.finish()));
    const [shadow] = shadows;
    const found = mirrored(shadow?.root ?? "");
    expect(Object.keys(found).sort()).toEqual(["main.tf", "m", ...Object.keys(files)].sort());
    expect(readFileSync(join(shadow?.root ?? "", "main.tf"), "utf8")).toBe("x");
    expect(entriesOf(root)).toEqual({ "main.tf": "real", m: null, ...files });
    expect(shadows.flatMap(({ notices }) => notices)).toEqual([]);
  });

  it("loses the half-made entries of a killed run once they are old", async () => {
    const root = folderOf({ "main.tf": "" });
    const { root: shadow } = await shadowOf(root);
    for (const name of [".airlock-old", ".airlock-new"]) writeFileSync(join(shadow, name), "");
    const before = new Date(Date.now() - 61 * 60 * 1000);
    utimesSync(join(shadow, ".airlock-old"), before, before);
    await shadowOf(root);
    expect(Object.keys(mirrored(shadow))).toEqual([".airlock-new", "main.tf"]);
    expect(entriesOf(root)).toMatchObject({ "main.tf": "" });
  });
});

describe("a shadow that cannot be made", () => {
  it("may hold so many entries and no more", async () => {
    const root = folderOf({ "a.tf": "", "b.tf": "", "m/c.tf": "" });
    const request = { localModules: [join(root, "m")] };
    // The state counts too.
    await (await shadowOf(root, { ...request, maxEntries: 5 })).finish();
    expect(await rejectedCode(shadowOf(root, { ...request, maxEntries: 4 }))).toBe("SHADOW_UNSUPPORTED");
    expect(entriesOf(root)).not.toHaveProperty([STATE]);
  });

  it("is refused where nothing can be written", async () => {
    const root = folderOf({ "main.tf": "" });
    expect(await rejectedCode(shadowOf(root, { dataDir: "/sys/airlock-test" }))).toBe("SHADOW_NO_SPACE");
    write(root, { ".terraform": "a file" });
    expect(await rejectedCode(shadowOf(root))).toBe("SHADOW_UNSUPPORTED");
    expect(entriesOf(root, [])).toEqual({ "main.tf": "", ".terraform": "a file" });
  });
});
