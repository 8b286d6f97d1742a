import { describe, expect, it } from "vitest";
import { toDiagnostics } from "../../../../src/hosts/terraform/interposer/outcome-diagnostics.js";
import { blockOf } from "../records/books.js";
import { resultOf } from "../../fake-runtime.js";
import type { Finding } from "../../../../src/protocol/verdict.js";

const BLOCK = blockOf({
  name: '"string"',
  tags: '["map","string"]',
  sizes: '["list","number"]',
  names: '["set","string"]',
});

function finding(parts: Partial<Finding> = {}): Finding {
  return { rule: "required-tags", severity: "medium", message: "a tag is missing", ...parts };
}

/** The diagnostic of the one result of these parts. */
function one(parts: Parameters<typeof resultOf>[0], block: typeof BLOCK | null = null, atMost?: "error" | "warning") {
  const [only, ...others] = toDiagnostics([resultOf({ status: "fail", ...parts })], block, atMost);
  return only !== undefined && others.length === 0 ? only : expect.fail(`${others.length} more`);
}

describe("what core shall print of a result", () => {
  it("is nothing when it is good, and one diagnostic each otherwise, in order", () => {
    const results = (["fail", "success", "warn", "error"] as const).map((status) =>
      resultOf({ status, message: status }),
    );
    expect(toDiagnostics(results, null).map(({ severity, summary }) => [severity, summary])).toEqual([
      ["error", "one: fail"],
      ["warning", "one: warn"],
      ["error", "one: error"],
    ]);
  });

  it("is at most a warning where an error would be taken for more", () => {
    expect(one({ status: "fail" }, null, "warning").severity).toBe("warning");
    expect(one({ status: "error" }, null, "warning").severity).toBe("warning");
    expect(one({ status: "warn" }, null, "error").severity).toBe("warning");
  });

  it("names the provider that the integration stands under", () => {
    expect(one({ provider: "mock.eu", message: "no" }).summary).toBe("one (provider mock.eu): no");
  });

  it("has the first finding for a message that is empty, or the status where there is none", () => {
    expect(one({ message: "", findings: [finding()] }).summary).toBe("one: a tag is missing");
    expect(one({ message: "" }).summary).toBe("one: said fail in post-plan-resource");
  });

  it("has every finding with its rule, severity and page behind it", () => {
    const findings = [
      finding({ url: "https://example.com/r" }),
      finding({ rule: "other", severity: "critical", message: "a\nb" }),
    ];
    expect(one({ message: "no", findings }).detail.split("\n")).toEqual([
      "- required-tags (medium): a tag is missing",
      "  https://example.com/r",
      "- other (critical): a",
      "  b",
      "(post-plan-resource of the integration one)",
    ]);
  });

  it("says a short message once, and a long one again in whole", () => {
    expect(one({ message: "no" }).detail).not.toContain("no\n");
    const long = "x".repeat(400);
    const { summary, detail } = one({ message: long });
    expect(summary).toHaveLength(300);
    expect(detail).toContain(long);
    expect(one({ message: "first\nsecond" }).detail.split("\n").slice(0, 2)).toEqual(["first", "second"]);
  });

  it("of a broken integration says what broke, with what to do and the code", () => {
    const error = { code: "RUNTIME_TIMEOUT", message: "no answer within 5 s", remedy: "Give it more time." };
    const broken = one({ status: "error", error, message: "no answer within 5 s", hook: "pre-apply-resource" });
    expect(broken.summary).toContain("one");
    expect(broken.summary).toContain("pre-apply-resource");
    expect(broken.detail.split("\n")).toEqual(["no answer within 5 s", "Give it more time.", "(RUNTIME_TIMEOUT)"]);
    expect(one({ status: "error", error: { ...error, remedy: null } }).detail.split("\n")).toHaveLength(2);
  });
});

describe("where in the resource it is", () => {
  const at = (...paths: readonly Finding["path"][]) =>
    one({ findings: paths.map((path) => finding(path === undefined ? {} : { path })) }, BLOCK).path;

  it("is told to core as far as the schema can follow", () => {
    expect(at(["name"])).toEqual([{ attribute: "name" }]);
    expect(at(["tags", "owner"])).toEqual([{ attribute: "tags" }, { key: "owner" }]);
    expect(at(["sizes", 2])).toEqual([{ attribute: "sizes" }, { key: 2 }]);
    expect(at(["names", 0])).toEqual([{ attribute: "names" }]);
    expect(at(["tags", 0])).toEqual([{ attribute: "tags" }]);
  });

  it("is all of it where there is no such place, or no path", () => {
    expect(at(["missing"])).toBeNull();
    expect(at([])).toBeNull();
    expect(at(undefined)).toBeNull();
    expect(one({}, BLOCK).path).toBeNull();
  });

  it("is all of it where several findings name several places", () => {
    expect(at(["name"], ["tags"])).toBeNull();
    expect(at(["name"], undefined)).toEqual([{ attribute: "name" }]);
  });

  it("is all of it where no schema is known, as for stages", () => {
    expect(one({ findings: [finding({ path: ["name"] })] }).path).toBeNull();
  });
});
