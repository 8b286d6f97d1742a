import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBuiltIn, parseSource } from "../../../../src/hosts/terraform/providers/source-address.js";
import { thrownCode } from "../../../support/codes.js";

describe("a source address", () => {
  it.each([
    ["time", "registry.opentofu.org/hashicorp/time"],
    ["example/time", "registry.opentofu.org/example/time"],
    ["registry.terraform.io/hashicorp/time", "registry.terraform.io/hashicorp/time"],
    ["Example.COM:8443/Acme/My-Cloud_2", "example.com:8443/acme/my-cloud_2"],
  ])("%s is completed as tofu does", (text, full) => {
    expect(parseSource(text, "tofu").text).toBe(full);
  });

  it("gets terraform's own registry under terraform", () => {
    expect(parseSource("hashicorp/time", "terraform").host).toBe("registry.terraform.io");
  });

  it("keeps its parts", () => {
    expect(parseSource("a.example/b/c", "tofu")).toEqual({
      host: "a.example",
      namespace: "b",
      type: "c",
      text: "a.example/b/c",
    });
  });

  it.each([
    "",
    "/",
    "a/",
    "/b",
    "a//b",
    "a/b/c/d",
    "../x",
    "a/..",
    "./b/c",
    "a/b c",
    "a/-b",
    "a/b-",
    "a\\b/c",
    "host:x/a/b",
    "a.b/c/d.e",
  ])("%j is none", (text) => {
    expect(thrownCode(() => parseSource(text, "tofu"))).toBe("PROVIDER_SOURCE");
  });

  it("may have 512 characters and no more", () => {
    expect(parseSource(`a/${"b".repeat(510)}`, "tofu").type).toHaveLength(510);
    expect(thrownCode(() => parseSource(`a/${"b".repeat(511)}`, "tofu"))).toBe("PROVIDER_SOURCE");
  });

  it("never leaves the folder that it is joined to", () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom("..", ".", "a", "\\", "b.c", "", "%2e"), { maxLength: 4 }).map((all) => all.join("/")),
    );
    fc.assert(
      fc.property(text, (any) => {
        try {
          const { host, namespace, type } = parseSource(any, "tofu");
          for (const part of [host, namespace, type]) expect(part).not.toMatch(/^\.|[/\\\0]|^$/);
        } catch (error) {
          expect(error).toHaveProperty("code", "PROVIDER_SOURCE");
        }
      }),
    );
  });

  it("is of core itself under terraform.io only", () => {
    expect(isBuiltIn(parseSource("terraform.io/builtin/terraform", "tofu"))).toBe(true);
    expect(isBuiltIn(parseSource("hashicorp/time", "tofu"))).toBe(false);
  });
});
