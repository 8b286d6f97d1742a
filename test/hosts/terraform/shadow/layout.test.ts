import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { describe, expect, it } from "vitest";
import { inShadow, isInside, planLayout } from "../../../../src/hosts/terraform/shadow/layout.js";
import type { LayoutRequest } from "../../../../src/hosts/terraform/shadow/layout.js";
import { rejectedCode } from "../../../support/codes.js";
import { folderOf } from "./folders.js";

const plan = (root: string, extra: Partial<LayoutRequest> = {}) =>
  planLayout({ root, dataDir: undefined, localModules: [], ...extra });

describe("what is mirrored", () => {
  it("is the root alone when it has no modules", async () => {
    const root = folderOf({ "main.tf": "" });
    const layout = await plan(root);
    expect(layout).toMatchObject({ root, top: root, home: join(root, ".terraform/airlock/shadow") });
    expect([...layout.mirrored]).toEqual([root]);
    expect(inShadow(layout, root)).toBe(join(root, ".terraform/airlock/shadow/tree", root));
  });

  it("goes down from the common folder of the root and its modules", async () => {
    const top = folderOf({
      "envs/prod/main.tf": "",
      "envs/prod/m/main.tf": "",
      "shared/a/b/main.tf": "",
      "shared/c/x": "",
    });
    const at = (name: string): string => join(top, name);
    const { mirrored, modules, ...layout } = await plan(at("envs/prod"), {
      localModules: [at("envs/prod/m"), at("shared/a/b")],
    });
    expect(layout.top).toBe(top);
    expect([...mirrored].sort()).toEqual(
      [top, ...["envs", "envs/prod", "envs/prod/m", "shared", "shared/a", "shared/a/b"].map(at)].sort(),
    );
    expect([...modules].sort()).toEqual(["envs/prod", "envs/prod/m", "shared/a/b"].map(at).sort());
  });

  it("goes up to the folder of the version control, whose files a configuration refers to", async () => {
    const top = folderOf({ ".git/HEAD": "", "envs/prod/main.tf": "" });
    expect((await plan(join(top, "envs/prod"))).top).toBe(top);
    const worktree = folderOf({ ".git": "gitdir: x", "envs/prod/main.tf": "" });
    expect((await plan(join(worktree, "envs/prod"))).top).toBe(worktree);
  });

  it("leaves out modules that do not exist, for core to name them", async () => {
    const root = folderOf({ "main.tf": "", file: "" });
    const { mirrored } = await plan(root, {
      localModules: [join(root, "no/m"), join(root, "file"), join(root, "../no")],
    });
    expect([...mirrored]).toEqual([root]);
  });

  it("holds the real folders behind links, and those that hold the links", async () => {
    const top = folderOf({ "root/main.tf": "", "root/way/x": "", "lib/deep/m/main.tf": "" });
    symlinkSync("../../lib/deep", join(top, "root/way/linked"));
    const { mirrored } = await plan(join(top, "root"), { localModules: [join(top, "root/way/linked/m")] });
    expect([...mirrored].sort()).toEqual(
      [top, ...["lib", "lib/deep", "lib/deep/m", "root", "root/way"].map((name) => join(top, name))].sort(),
    );
  });

  it("is the real root when that is named through a link", async () => {
    const top = folderOf({ "root/main.tf": "", "root/m/main.tf": "" });
    symlinkSync("root", join(top, "alias"));
    const layout = await plan(join(top, "alias"), { localModules: [join(top, "alias/m")] });
    expect([...layout.mirrored].sort()).toEqual([join(top, "root"), join(top, "root/m")]);
  });
});

describe("the data folder", () => {
  it("is where TF_DATA_DIR says, counted from the root", async () => {
    const root = folderOf({ "main.tf": "" });
    expect((await plan(root, { dataDir: "data" })).home).toBe(join(root, "data/airlock/shadow"));
    expect((await plan(root, { dataDir: "/data" })).home).toBe("/data/airlock/shadow");
    expect((await plan(root, { dataDir: "" })).dataDir).toBe(join(root, ".terraform"));
  });

  it("beside the root widens what is mirrored, so that core finds it beside the shadow's root", async () => {
    const top = folderOf({ "root/main.tf": "" });
    expect((await plan(join(top, "root"), { dataDir: "../data" })).top).toBe(top);
    expect((await plan(join(top, "root"), { dataDir: join(top, "data") })).top).toBe(join(top, "root"));
  });
});

describe("a root that cannot be shadowed", () => {
  it("is the root of the file system", async () => {
    expect(await rejectedCode(plan(parse(process.cwd()).root))).toBe("SHADOW_UNSUPPORTED");
  });

  it("is one inside a shadow", async () => {
    const root = folderOf({ "main.tf": "" });
    const { home } = await plan(root);
    mkdirSync(join(home, "tree"), { recursive: true });
    const dataDir = dirname(dirname(home));
    expect(await rejectedCode(plan(join(home, "tree"), { dataDir }))).toBe("SHADOW_UNSUPPORTED");
    expect(await rejectedCode(plan(home, { dataDir }))).toBe("SHADOW_UNSUPPORTED");
  });

  it("does not exist", async () => {
    expect(await rejectedCode(plan(join(folderOf({}), "no")))).toBe("SHADOW_UNREADABLE");
  });

  it("has a module behind links that lead in a circle", async () => {
    const root = folderOf({ "main.tf": "" });
    symlinkSync("two", join(root, "one"));
    symlinkSync("one", join(root, "two"));
    expect(await rejectedCode(plan(root, { localModules: [join(root, "one/m")] }))).toBe("SHADOW_LOOP");
  });

  it("but links that only look like a circle are followed", async () => {
    const root = folderOf({ "main.tf": "", "m/main.tf": "" });
    symlinkSync(".", join(root, "self"));
    const through = join(root, ...Array.from({ length: 40 }, () => "self"), "m");
    expect([...(await plan(root, { localModules: [through] })).mirrored].sort()).toEqual([root, join(root, "m")]);
    const over = join(root, ...Array.from({ length: 41 }, () => "self"), "m");
    expect(await rejectedCode(plan(root, { localModules: [over] }))).toBe("SHADOW_LOOP");
  });
});

it.each([
  ["/a", "/a", true],
  ["/a/b", "/a", true],
  ["/a", "/a/b", false],
  ["/ab", "/a", false],
  ["/a/..b", "/a", true],
  ["/b", "/a", false],
])("%s is inside %s: %s", (path, folder, inside) => {
  expect(isInside(path, folder)).toBe(inside);
});
