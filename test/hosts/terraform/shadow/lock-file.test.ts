import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { entriesOf, folderOf, shadowOf } from "./folders.js";

const NAME = ".terraform.lock.hcl";
const read = (folder: string): string => readFileSync(join(folder, NAME), "utf8");

describe("the lock file", () => {
  it("is seen by core as the user has it, and is a copy", async () => {
    const root = folderOf({ "main.tf": "", [NAME]: "one" });
    const shadow = await shadowOf(root);
    expect(entriesOf(shadow.root)[NAME]).toBe("one");
    writeFileSync(join(root, NAME), "two");
    expect(read((await shadowOf(root)).root)).toBe("two");
    rmSync(join(root, NAME));
    expect(entriesOf((await shadowOf(root)).root)).not.toHaveProperty([NAME]);
  });

  it("goes back when core wrote or changed it, with its mode", async () => {
    const root = folderOf({ "main.tf": "" });
    const shadow = await shadowOf(root);
    writeFileSync(join(shadow.root, NAME), "first");
    expect(await shadow.finish()).toEqual([]);
    expect(read(root)).toBe("first");
    expect(statSync(join(root, NAME)).mode & 0o777).toBe(0o644);
    chmodSync(join(root, NAME), 0o600);
    await shadow.renew();
    writeFileSync(join(shadow.root, NAME), "second");
    expect(await shadow.finish()).toEqual([]);
    expect(read(root)).toBe("second");
    expect(statSync(join(root, NAME)).mode & 0o777).toBe(0o600);
  });

  it("stays the user's when core left it alone", async () => {
    const root = folderOf({ "main.tf": "", [NAME]: "one" });
    const shadow = await shadowOf(root);
    writeFileSync(join(root, NAME), "meanwhile");
    expect(await shadow.finish()).toEqual([]);
    expect(read(root)).toBe("meanwhile");
  });

  it("changed by both stays the user's, and core's is kept", async () => {
    const root = folderOf({ "main.tf": "", [NAME]: "one" });
    const shadow = await shadowOf(root);
    writeFileSync(join(root, NAME), "the user's");
    writeFileSync(join(shadow.root, NAME), "core's");
    const [notice] = await shadow.finish();
    expect(notice?.code).toBe("SHADOW_LEFTOVER");
    expect(read(root)).toBe("the user's");
    const kept = join(root, ".terraform/airlock/shadow/kept/terraform.lock.hcl");
    expect(readFileSync(kept, "utf8")).toBe("core's");
    expect(notice?.remedy).toContain(kept);
    expect(read((await shadowOf(root)).root)).toBe("the user's");
  });

  it("changed by both to the same is no matter", async () => {
    const root = folderOf({ "main.tf": "", [NAME]: "one" });
    const shadow = await shadowOf(root);
    for (const folder of [root, shadow.root]) writeFileSync(join(folder, NAME), "same");
    expect(await shadow.finish()).toEqual([]);
    expect(read(root)).toBe("same");
  });

  it("that another run is writing is not lost when this one prepares", async () => {
    const root = folderOf({ "main.tf": "", [NAME]: "one" });
    const first = await shadowOf(root);
    writeFileSync(join(first.root, NAME), "by init");
    const second = await shadowOf(root);
    expect([read(root), read(second.root)]).toEqual(["by init", "by init"]);
    expect([...(await first.finish()), ...(await second.finish())]).toEqual([]);
  });
});
