import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { useFolder, WASM } from "./folder.js";

const { at, write, resolve, refusal } = useFolder();
const sha256 = (bytes: string | Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

describe("a bare file as a source", () => {
  it("is wasm by its extension", async () => {
    const path = write("a/policy.wasm", WASM);
    expect(await resolve("./a/policy.wasm")).toEqual({
      source: "./a/policy.wasm",
      kind: "wasm",
      path,
      directory: at("a"),
      digest: sha256(WASM),
      code: WASM,
      manifest: null,
    });
  });

  it.each(["x.js", "x.mjs", "X.JS"])("is js by its extension: %s", async (name) => {
    write(name, "export {}", 0o755);
    const { kind, code } = await resolve(name);
    expect(kind).toBe("js");
    expect(Buffer.from(code ?? []).toString()).toBe("export {}");
  });

  it("is a program by its mode, digested but not held", async () => {
    const text = "#!/bin/sh\n".padEnd(200_000, "#");
    const path = write("run.sh", text, 0o755);
    expect(await resolve("run.sh")).toMatchObject({ kind: "executable", path, code: null, digest: sha256(text) });
  });

  it("may be named by its absolute path", async () => {
    const path = write("policy.wasm", WASM);
    expect(await resolve(path, { directory: "/nowhere" })).toMatchObject({ source: path, path });
  });

  it("may be reached by a link, and keeps its own name", async () => {
    write("real.wasm", WASM);
    symlinkSync("real.wasm", at("link.wasm"));
    expect((await resolve("link.wasm")).path).toBe(at("link.wasm"));
  });

  it.each([
    ["policy.js", "secret"],
    ["policy.wasm", "secret.js"],
    ["policy.mjs", ".npmrc"],
  ])("is refused when it is a link, named %s, to %s: no message may quote what stands there", async (name, target) => {
    write(target, "hunter2");
    symlinkSync(target, at(name));
    const error = await refusal(name);
    expect(error.code).toBe("PACKAGE_KIND_UNKNOWN");
    expect(JSON.stringify([error.message, error.remedy])).not.toContain("hunter2");
  });

  it("is refused when nothing tells its kind", async () => {
    write("policy.ts", "export {}");
    const error = await refusal("policy.ts");
    expect(error).toMatchObject({ code: "PACKAGE_KIND_UNKNOWN", integration: "sample" });
    expect(error.remedy).toContain("chmod +x");
  });

  it("is refused when it is neither a folder nor a regular file", async () => {
    execFileSync("mkfifo", [at("pipe.wasm")]);
    expect((await refusal("pipe.wasm")).code).toBe("PACKAGE_UNREADABLE");
    expect((await refusal("/dev/null")).code).toBe("PACKAGE_UNREADABLE");
  });

  it("is refused when its path cannot be one", async () => {
    expect((await refusal("a\0b.wasm")).code).toBe("PACKAGE_UNREADABLE");
    expect((await refusal(`./${"x".repeat(5_000)}.wasm`)).code).toBe("PACKAGE_UNREADABLE");
  });

  it("is refused when links lead in a circle", async () => {
    symlinkSync("b.wasm", at("a.wasm"));
    symlinkSync("a.wasm", at("b.wasm"));
    expect((await refusal("a.wasm")).code).toBe("PACKAGE_UNREADABLE");
  });
});

describe("a file named .wasm that is none", () => {
  it("is refused with its first bytes, made safe to show", async () => {
    write("policy.wasm", '(module "\u001b[31m")');
    const error = await refusal("policy.wasm");
    expect(error.code).toBe("PACKAGE_NOT_WASM");
    expect(error.message).toContain('"(module \\x22\\x1b[31m');
    expect(error.message).not.toContain("\u001b");
  });

  it.each([
    ["empty", []],
    ["only a part of the head", [0x00, 0x61, 0x73, 0x6d]],
    ["of another version", [0x00, 0x61, 0x73, 0x6d, 0x02, 0x00, 0x00, 0x00]],
    ["a component", [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]],
  ])("is refused when it is %s", async (_what, bytes) => {
    write("policy.wasm", Uint8Array.from(bytes));
    expect((await refusal("policy.wasm")).code).toBe("PACKAGE_NOT_WASM");
  });
});

describe("the size of a module", () => {
  it.each(["x.wasm", "x.js"])("may be exactly the allowed one: %s", async (name) => {
    write(name, Uint8Array.from([...WASM, ...new Uint8Array(992)]));
    expect((await resolve(name, { moduleBytes: 1_000 })).code).toHaveLength(1_000);
  });

  it.each(["x.wasm", "x.js"])("is refused one byte over it: %s", async (name) => {
    write(name, Uint8Array.from([...WASM, ...new Uint8Array(993)]));
    expect((await refusal(name, { moduleBytes: 1_000 })).code).toBe("PACKAGE_TOO_LARGE");
  });
});

describe("a source at which nothing is", () => {
  it("is refused with its absolute path and without a guess from far away", async () => {
    write("unrelated.txt", "");
    const error = await refusal("./policies/cost.wasm");
    expect(error).toMatchObject({ code: "PACKAGE_NOT_FOUND", integration: "sample" });
    expect(error.message).toContain(at("policies/cost.wasm"));
    expect(error.remedy).not.toContain("Did you mean");
  });

  it("names the sibling that was probably meant", async () => {
    write("policies/budget.wasm", WASM);
    expect((await refusal("./policies/bugdet.wasm")).remedy).toContain(at("policies/budget.wasm"));
  });

  it("names it when a folder above is misspelt", async () => {
    mkdirSync(at("integrations"));
    expect((await refusal("./integratons/budget/main.wasm")).remedy).toContain(at("integrations/budget/main.wasm"));
  });

  it("is also what lies below a file", async () => {
    write("a.wasm", WASM);
    expect((await refusal("a.wasm/b.wasm")).code).toBe("PACKAGE_NOT_FOUND");
  });

  it("is a link that leads nowhere", async () => {
    symlinkSync("gone.wasm", at("link.wasm"));
    expect((await refusal("link.wasm")).code).toBe("PACKAGE_NOT_FOUND");
  });
});
