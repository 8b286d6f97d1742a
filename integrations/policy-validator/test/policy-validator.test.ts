import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { initializeAnswer, resource, verdictsOf } from "../../../test/samples/harness.js";
import { matchesGlob } from "../src/glob.js";

type Rule = Record<string, unknown>;

async function judge(rule: Rule | Rule[], over: Record<string, unknown>) {
  const rules = (Array.isArray(rule) ? rule : [rule]).map((one) => ({ name: "r", type: "*", path: "value", ...one }));
  const [verdict] = await verdictsOf("policy-validator", { rules }, ["post-plan-resource", resource(over)]);
  return verdict;
}

async function holds(operator: string, value: unknown, actual: unknown): Promise<boolean> {
  const after = actual === undefined ? {} : { value: actual };
  return (await judge({ operator, value }, { after }))?.status === "success";
}

describe("operators of policy-validator", () => {
  it.each<[string, unknown, unknown, boolean]>([
    ["equals", true, true, true],
    ["equals", { a: 1, b: [2] }, { b: [2], a: 1 }, true],
    ["equals", [1, 2], [2, 1], false],
    ["equals", {}, [], false],
    ["equals", 1, "1", false],
    ["equals", 1, undefined, false],
    ["not_equals", 1, 2, true],
    ["not_equals", 1, 1, false],
    ["not_equals", 1, undefined, true],
    ["in", ["a", "b"], "b", true],
    ["in", ["a", "b"], "c", false],
    ["in", ["a"], undefined, false],
    ["not_in", ["a"], "a", false],
    ["not_in", ["a"], "b", true],
    ["not_in", ["a"], undefined, true],
    ["matches", "^acme-\\d+$", "acme-12", true],
    ["matches", "^acme-\\d+$", "other", false],
    ["matches", "5", 5, false],
    ["matches", ".", undefined, false],
    ["exists", undefined, 0, true],
    ["exists", undefined, null, false],
    ["exists", undefined, undefined, false],
    ["absent", undefined, undefined, true],
    ["absent", undefined, null, true],
    ["absent", undefined, false, false],
    ["greater_than", 5, 6, true],
    ["greater_than", 5, 5, false],
    ["greater_than", 5, "6", false],
    ["less_than", 5, 4, true],
    ["less_than", 5, 5, false],
    ["less_than", 5, undefined, false],
    ["contains", "b", "abc", true],
    ["contains", "d", "abc", false],
    ["contains", { a: 1 }, [{ a: 1 }], true],
    ["contains", 2, [1], false],
    ["contains", "k", { k: 1 }, true],
    ["contains", "constructor", {}, false],
    ["contains", "x", 5, false],
  ])("%s %j holds for %j: %j", async (operator, value, actual, expected) => {
    expect(await holds(operator, value, actual)).toBe(expected);
  });
});

describe("rules of policy-validator", () => {
  const encrypted = { path: "encrypted", operator: "equals", value: true };

  it("report rule, severity, message and path", async () => {
    const rule = { ...encrypted, name: "enc", severity: "critical", message: "encrypt it" };
    expect(await judge(rule, { after: { encrypted: false } })).toEqual({
      status: "fail",
      message: "broken rules: enc",
      findings: [{ rule: "enc", severity: "critical", message: "encrypt it", path: ["encrypted"] }],
    });
  });

  it.each([
    ["info", "warn"],
    ["low", "warn"],
    [undefined, "fail"],
    ["medium", "fail"],
    ["high", "fail"],
    ["critical", "fail"],
  ])("of severity %s make a %s", async (severity, status) => {
    expect((await judge({ ...encrypted, severity }, { after: {} }))?.status).toBe(status);
  });

  it("apply to the types that their glob names", async () => {
    const rule = { ...encrypted, type: "aws_*_volume" };
    expect((await judge(rule, { type: "aws_ebs_volume", after: {} }))?.status).toBe("fail");
    expect((await judge(rule, { type: "aws_instance", after: {} }))?.status).toBe("success");
  });

  it("look into lists and maps with *", async () => {
    const rule = { path: "ingress.*.cidr.*", operator: "not_equals", value: "0.0.0.0/0" };
    const after = { ingress: [{ cidr: ["10.0.0.0/8"] }, { cidr: ["10.0.0.0/8", "0.0.0.0/0"] }] };
    expect((await judge(rule, { after }))?.findings.map(({ path }) => path)).toEqual([["ingress", 1, "cidr", 1]]);
  });

  it("take a path as a list where a name has a dot", async () => {
    const rule = { path: ["labels", "app.kubernetes.io/name"], operator: "exists" };
    expect((await judge(rule, { after: { labels: { "app.kubernetes.io/name": "x" } } }))?.status).toBe("success");
  });

  it("only warn about what is known after apply", async () => {
    const verdict = await judge(encrypted, { after: {}, after_unknown: { encrypted: true } });
    expect(verdict).toMatchObject({ status: "warn", findings: [{ severity: "info", path: ["encrypted"] }] });
  });

  it("do not look at what is deleted", async () => {
    expect((await judge(encrypted, { action: "delete", after: null }))?.status).toBe("success");
  });

  it("are all reported, the worst deciding", async () => {
    const rules = [
      { ...encrypted, name: "a", severity: "low" },
      { ...encrypted, name: "b", severity: "high" },
    ];
    const verdict = await judge(rules, { after: {} });
    expect(verdict?.status).toBe("fail");
    expect(verdict?.findings.map(({ rule }) => rule)).toEqual(["a", "b"]);
  });

  it.each<[string, unknown]>([
    ["no list", "x"],
    ["a rule that is no map", ["x"]],
    ["no name", [{ type: "*", path: "a", operator: "exists" }]],
    ["no type", [{ name: "r", path: "a", operator: "exists" }]],
    ["no path", [{ name: "r", type: "*", operator: "exists" }]],
    ["an empty path", [{ name: "r", type: "*", path: "", operator: "exists" }]],
    ["an unknown operator", [{ name: "r", type: "*", path: "a", operator: "like" }]],
    ["a name of the prototype as operator", [{ name: "r", type: "*", path: "a", operator: "constructor" }]],
    ["an unknown severity", [{ name: "r", type: "*", path: "a", operator: "exists", severity: "awful" }]],
    ["a bad regular expression", [{ name: "r", type: "*", path: "a", operator: "matches", value: "(" }]],
    ["a bound that is no number", [{ name: "r", type: "*", path: "a", operator: "less_than", value: "5" }]],
    ["a choice that is no list", [{ name: "r", type: "*", path: "a", operator: "in", value: "5" }]],
  ])("are refused: %s", async (_what, rules) => {
    expect(await initializeAnswer("policy-validator", { rules })).toMatchObject({ error: { code: -32602 } });
  });
});

describe("globs of policy-validator", () => {
  it.each([
    ["aws_instance", "aws_*", true],
    ["aws_instance", "*", true],
    ["aws_instance", "aws_instanc?", true],
    ["aws_instance", "aws", false],
    ["aws_instance", "*_x", false],
    ["", "*", true],
    ["", "?", false],
    ["a.b", "a?b", true],
  ])("%s by %s: %j", (text, glob, expected) => {
    expect(matchesGlob(text, glob)).toBe(expected);
  });

  it("agree with a regular expression made of the same glob", () => {
    const glob = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 10 });
    fc.assert(
      fc.property(text, glob, (value, pattern) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
        expect(matchesGlob(value, pattern)).toBe(expression.test(value));
      }),
    );
  });
});
