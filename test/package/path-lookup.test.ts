import { mkdirSync } from "node:fs";
import { delimiter, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { useFolder } from "./folder.js";

const { at, write, resolve, refusal } = useFolder();
const join = (...folders: string[]): string => folders.join(delimiter);

describe("an integration without a source", () => {
  it("is the first program of its name on PATH", async () => {
    const path = write("b/airlock-integration-sample", "#!/bin/sh\n", 0o755);
    write("c/airlock-integration-sample", "#!/bin/sh\n", 0o755);
    expect(await resolve(undefined, { path: join(at("a"), at("b"), at("c")) })).toMatchObject({
      source: path,
      kind: "executable",
      path,
      directory: at("b"),
      code: null,
      manifest: null,
    });
  });

  it("is not looked for in relative folders, nor in the current one", async () => {
    write("b/airlock-integration-sample", "#!/bin/sh\n", 0o755);
    const path = join("", ".", relative(process.cwd(), at("b")));
    expect((await refusal(undefined, { path })).code).toBe("PACKAGE_NOT_FOUND");
  });

  it.each([undefined, ""])("is not found with a PATH of %j", async (path) => {
    const error = await refusal(undefined, { path });
    expect(error).toMatchObject({ code: "PACKAGE_NOT_FOUND", integration: "sample" });
    expect(error.remedy).toContain("airlock-integration-sample");
  });

  it("passes over a folder and a file without the right to execute", async () => {
    mkdirSync(at("a/airlock-integration-sample"), { recursive: true });
    write("b/airlock-integration-sample", "#!/bin/sh\n");
    const path = write("c/airlock-integration-sample", "#!/bin/sh\n", 0o755);
    expect((await resolve(undefined, { path: join(at("a"), at("b"), at("c")) })).path).toBe(path);
    expect((await refusal(undefined, { path: join(at("a"), at("b")) })).code).toBe("PACKAGE_NOT_EXECUTABLE");
  });
});
