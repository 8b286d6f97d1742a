import { mkdirSync, symlinkSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PACKAGE_ERROR_CODES } from "../../src/package/package-error.js";
import { useFolder, WASM } from "./folder.js";

const { at, write, manifest, resolve, refusal } = useFolder();

describe("a folder with a manifest", () => {
  it("is read with its entry", async () => {
    manifest("pkg", {
      hooks: ["post-plan-resource"],
      config_schema: { type: "object" },
      wanted_grants: { env: ["A"] },
    });
    const path = write("pkg/main.wasm", WASM);
    expect(await resolve("pkg")).toMatchObject({
      source: "pkg",
      kind: "wasm",
      path,
      directory: at("pkg"),
      code: WASM,
      manifest: { name: "sample", hooks: ["post-plan-resource"], wanted_grants: { env: ["A"], clock: false } },
    });
  });

  it("tells the kind itself, whatever the entry is called", async () => {
    manifest("pkg", { kind: "js", entry: "src/bundle.txt" });
    write("pkg/src/bundle.txt", "export {}");
    expect((await resolve("pkg")).kind).toBe("js");
  });

  it("may hold a program", async () => {
    manifest("pkg", { kind: "executable", entry: "./run.py" });
    write("pkg/run.py", "#!/usr/bin/env python3\n", 0o755);
    expect(await resolve("pkg/")).toMatchObject({ kind: "executable", code: null, directory: at("pkg") });
  });

  it("is refused when its program may not be executed", async () => {
    manifest("pkg", { kind: "executable", entry: "run.py" });
    write("pkg/run.py", "#!/usr/bin/env python3\n");
    const error = await refusal("pkg");
    expect(error.code).toBe("PACKAGE_NOT_EXECUTABLE");
    expect(error.remedy).toContain(`chmod +x ${at("pkg/run.py")}`);
  });

  it("is refused when its wasm entry is text", async () => {
    manifest("pkg");
    write("pkg/main.wasm", "hello");
    expect((await refusal("pkg")).code).toBe("PACKAGE_NOT_WASM");
  });

  it("is refused when its entry is over the allowed size", async () => {
    manifest("pkg", { kind: "js", entry: "main.js" });
    write("pkg/main.js", "x".repeat(1_001));
    expect((await refusal("pkg")).code).toBe("PACKAGE_TOO_LARGE");
  });
});

describe("the entry of a manifest", () => {
  it.each(["nothing.wasm", "main.wasm/below", ""])("must be there: %j", async (entry) => {
    manifest("pkg", { entry });
    write("pkg/main.wasm", WASM);
    expect((await refusal("pkg")).code).toBe("PACKAGE_ENTRY_MISSING");
  });

  it("must be a file", async () => {
    manifest("pkg", { entry: "sub" });
    mkdirSync(at("pkg/sub"));
    expect((await refusal("pkg")).code).toBe("PACKAGE_ENTRY_MISSING");
  });

  it.each(["../other.wasm", "sub/../main.wasm", "..", "sub\\..\\..\\other.wasm"])(
    "must not go up: %s",
    async (entry) => {
      manifest("pkg", { entry });
      write("pkg/main.wasm", WASM);
      write("other.wasm", WASM);
      expect((await refusal("pkg")).code).toBe("PACKAGE_ENTRY_OUTSIDE");
    },
  );

  it("must not be an absolute path", async () => {
    manifest("pkg", { entry: write("pkg/main.wasm", WASM) });
    expect((await refusal("pkg")).code).toBe("PACKAGE_ENTRY_OUTSIDE");
  });

  it("must not be a link that leads out, nor lie below one", async () => {
    const other = write("elsewhere/other.wasm", WASM);
    manifest("pkg", { entry: "link.wasm" });
    symlinkSync(other, at("pkg/link.wasm"));
    expect((await refusal("pkg")).code).toBe("PACKAGE_ENTRY_OUTSIDE");
    manifest("pkg", { entry: "sub/other.wasm" });
    symlinkSync(at("elsewhere"), at("pkg/sub"));
    expect((await refusal("pkg")).code).toBe("PACKAGE_ENTRY_OUTSIDE");
  });

  it("must not lead into a folder whose name only starts the same", async () => {
    manifest("pkg", { entry: "link.wasm" });
    symlinkSync(write("pkg-other/main.wasm", WASM), at("pkg/link.wasm"));
    expect((await refusal("pkg")).code).toBe("PACKAGE_ENTRY_OUTSIDE");
  });

  it("may be a link inside, and have dots in its name; the package itself may be reached by a link", async () => {
    manifest("pkg", { entry: "..link.wasm" });
    const path = write("pkg/main.wasm", WASM);
    symlinkSync("main.wasm", at("pkg/..link.wasm"));
    symlinkSync("pkg", at("alias"));
    expect(await resolve("alias")).toMatchObject({ path, directory: at("pkg") });
  });

  it("never resolves to a place outside, whatever it is", async () => {
    const parts = fc.array(fc.constantFrom("..", ".", "", "a", "/", "\\", "main.wasm", "%2e%2e", "\0"), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(parts, async (names) => {
        manifest("pkg", { entry: names.join("/") });
        write("pkg/main.wasm", WASM);
        write("main.wasm", WASM);
        const path = await resolve("pkg").then(
          (found) => found.path,
          (error: unknown) => (error as { code: string }).code,
        );
        expect([at("pkg/main.wasm"), ...PACKAGE_ERROR_CODES]).toContain(path);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a manifest that is none", () => {
  const invalid = async (text: string | Uint8Array): Promise<{ message: string; remedy: string | undefined }> => {
    write("pkg/integration.json", text);
    const error = await refusal("pkg");
    expect(error).toMatchObject({ code: "PACKAGE_MANIFEST_INVALID", integration: "sample" });
    expect(error.message).toContain(at("pkg/integration.json"));
    return error;
  };
  const base = { name: "sample", version: "1.0.0", kind: "wasm", entry: "main.wasm" };

  it.each(["", "{", "[]", "null", "42", '"text"'])("is refused: %j", async (text) => {
    await invalid(text);
  });

  it("is refused when it is not UTF-8", async () => {
    await invalid(Uint8Array.of(0x22, 0xff, 0x22));
  });

  it("is refused when a key reaches into prototypes", async () => {
    await invalid('{"name":"x","__proto__":{"a":1}}');
    await invalid('{"config_schema":{"constructor":{"prototype":{}}}}');
  });

  it("is refused without the control characters that it holds", async () => {
    expect((await invalid("\u001b[31m{")).message).not.toMatch(/\p{Cc}/u);
  });

  it("is refused with the key that is wrong", async () => {
    expect((await invalid(JSON.stringify({ ...base, kind: "native" }))).message).toContain("kind");
    expect((await invalid(JSON.stringify({ ...base, hooks: ["post-plan"] }))).message).toContain("hooks.0");
    expect((await invalid(JSON.stringify({ ...base, entry: undefined }))).message).toContain("entry");
    expect((await invalid(JSON.stringify({ ...base, wanted_grants: { env: ["A=B"] } }))).message).toContain(
      "wanted_grants.env.0",
    );
  });

  it("is refused with an unknown key and the one that was probably meant", async () => {
    expect((await invalid(JSON.stringify({ ...base, discription: "x" }))).remedy).toContain('"description"');
    expect((await invalid(JSON.stringify({ ...base, wanted_grants: { clok: true } }))).remedy).toContain('"clock"');
    expect((await invalid(JSON.stringify({ ...base, zzzzzzzz: 1 }))).remedy).toContain("config_schema");
  });

  it("may have the allowed size, and is refused one byte over it", async () => {
    const text = JSON.stringify(base);
    write("pkg/main.wasm", WASM);
    write("pkg/integration.json", text.padEnd(256 * 1024));
    await expect(resolve("pkg")).resolves.toMatchObject({ kind: "wasm" });
    await invalid(text.padEnd(256 * 1024 + 1));
  });

  it("may be nested deeply without harm", async () => {
    await invalid("[".repeat(100_000));
    await invalid(`{"config_schema":${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}}`);
  });

  it("may have the allowed nesting and number of values, and is refused beyond, since a schema is recursed into", async () => {
    const nested = (levels: number): string =>
      JSON.stringify({ ...base, config_schema: {} }).replace("{}", '{"a":'.repeat(levels) + "1" + "}".repeat(levels));
    write("pkg/main.wasm", WASM);
    write("pkg/integration.json", nested(127));
    await expect(resolve("pkg")).resolves.toMatchObject({ kind: "wasm" });
    await invalid(nested(128));
    await invalid(JSON.stringify({ ...base, config_schema: { enum: new Array(50_001).fill(0) } }));
  });

  it("is refused when it is a folder", async () => {
    mkdirSync(at("pkg/integration.json"), { recursive: true });
    expect((await refusal("pkg")).code).toBe("PACKAGE_UNREADABLE");
  });
});
