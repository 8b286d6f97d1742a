import { describe, expect, it } from "vitest";
import { useFolder, WASM } from "./folder.js";

const { write, resolve, refusal } = useFolder();

describe("a source on another machine", () => {
  it.each([
    "https://example.com/policy.wasm",
    "file:///tmp/policy.wasm",
    "oci://example.com/policies/cost:1",
    "git::https://example.com/policies.git",
    "git@example.com:team/policies.git",
    "registry.example.com/team/cost",
    "example.com/team/policies//cost",
  ])("is refused by its form: %s", async (source) => {
    const error = await refusal(source);
    expect(error).toMatchObject({ code: "PACKAGE_REMOTE_SOURCE", integration: "sample" });
    expect(error.remedy).toContain("./");
  });

  it("is refused even when a local file has that path", async () => {
    write("policies.d/team/cost.wasm", WASM);
    expect((await refusal("policies.d/team/cost.wasm")).code).toBe("PACKAGE_REMOTE_SOURCE");
    await expect(resolve("./policies.d/team/cost.wasm")).resolves.toMatchObject({ kind: "wasm" });
  });

  it.each(["integrations/team/cost.wasm", "../integrations/a/b.wasm", "./a.b/c/d.wasm", "a@b.wasm"])(
    "is not what a local path is: %s",
    async (source) => {
      expect((await refusal(source)).code).toBe("PACKAGE_NOT_FOUND");
    },
  );
});
