import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initializeAnswer, resource, verdictsOf } from "../../../test/samples/harness.js";
import type { Verdict } from "../../../src/protocol/verdict.js";

const CONFIG = { required_tags: ["owner", "cost-center"] };

async function judge(over: Record<string, unknown>, config: unknown = CONFIG): Promise<Verdict> {
  const [verdict] = await verdictsOf("required-tags", config, ["post-plan-resource", resource(over)]);
  if (verdict === undefined) throw new Error("no verdict");
  return verdict;
}

function paths(verdict: Verdict): unknown[] {
  return verdict.findings.map((finding) => finding.path);
}

describe("required-tags", () => {
  it("passes a resource with all tags", async () => {
    expect(await judge({ after: { tags: { owner: "me", "cost-center": "1" } } })).toEqual({
      status: "success",
      message: "",
      findings: [],
    });
  });

  it("fails with one finding for each missing tag, at its path", async () => {
    expect(await judge({ after: { tags: { other: "x" } } })).toEqual({
      status: "fail",
      message: "missing tags: owner, cost-center",
      findings: [
        { rule: "required-tags", severity: "medium", message: 'tag "owner" is missing', path: ["tags", "owner"] },
        {
          rule: "required-tags",
          severity: "medium",
          message: 'tag "cost-center" is missing',
          path: ["tags", "cost-center"],
        },
      ],
    });
  });

  it.each([
    ["null", null],
    ["empty", {}],
    ["present without values", { owner: null, "cost-center": "" }],
  ])("fails tags that are %s", async (_what, tags) => {
    expect((await judge({ after: { tags } })).status).toBe("fail");
  });

  it.each(["delete", "no-op", "read"])("does not look at %s", async (action) => {
    expect((await judge({ action, after: { tags: {} } })).status).toBe("success");
  });

  it.each(["create", "update", "replace"])("looks at %s", async (action) => {
    expect((await judge({ action, after: { tags: {} } })).status).toBe("fail");
  });

  it("passes a resource that cannot have tags", async () => {
    expect((await judge({ after: { name: "x" } })).status).toBe("success");
  });

  it("warns about a tag that is known only after apply", async () => {
    const verdict = await judge({ after: { tags: { owner: "me" } }, after_unknown: { tags: { "cost-center": true } } });
    expect(verdict.status).toBe("warn");
    expect(paths(verdict)).toEqual([["tags", "cost-center"]]);
  });

  it("warns about tags that are unknown as a whole", async () => {
    expect((await judge({ after: {}, after_unknown: { tags: true } })).status).toBe("warn");
  });

  it("fails when one tag is missing and another unknown", async () => {
    const verdict = await judge({ after: { tags: {} }, after_unknown: { tags: { owner: true } } });
    expect(verdict.status).toBe("fail");
    expect(paths(verdict)).toEqual([
      ["tags", "owner"],
      ["tags", "cost-center"],
    ]);
  });

  it.each([
    ["a list", [{ key: "owner", value: "me" }]],
    ["sensitive", "(sensitive value)"],
  ])("warns when the attribute is %s", async (_what, tags) => {
    const verdict = await judge({ after: { tags } });
    expect(verdict.status).toBe("warn");
    expect(paths(verdict)).toEqual([["tags"]]);
  });

  it("looks at the configured attribute", async () => {
    const config = { ...CONFIG, attribute: "labels" };
    expect((await judge({ after: { tags: {} } }, config)).status).toBe("success");
    expect((await judge({ after: { labels: {} } }, config)).status).toBe("fail");
  });

  it.each([{}, { required_tags: "owner" }, { required_tags: [1] }, { required_tags: [], attribute: 1 }])(
    "refuses the configuration %j",
    async (config) => {
      expect(await initializeAnswer("required-tags", config)).toMatchObject({ error: { code: -32602 } });
    },
  );

  it("answers a verdict to every planned value", async () => {
    const over = fc.record({ after: fc.jsonValue(), after_unknown: fc.jsonValue() });
    await fc.assert(
      fc.asyncProperty(fc.array(over, { minLength: 1, maxLength: 30 }), async (cases) => {
        const events = cases.map((one) => ["post-plan-resource", resource(one)] as const);
        expect(await verdictsOf("required-tags", CONFIG, ...events)).toHaveLength(cases.length);
      }),
      { numRuns: 10 },
    );
  });
});
