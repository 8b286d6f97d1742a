import { describe, expect, it } from "vitest";
import { annotateText } from "../../src/report/show-text.js";
import { stored } from "../hosts/terraform/metadata/stored-states.js";

const PLAIN = { color: false };
const BELOW = '    # integration metadata\n    cost = {\n        "n": 1\n    }\n';

function state(entries: Readonly<Record<string, object>>) {
  return { state: new Map(Object.entries(entries).map(([key, data]) => [key, stored({ cost: data })])), planned: null };
}

function block(header: string, body = '    id = "i-1"\n'): string {
  return `# ${header}\nresource "mock_thing" "a" {\n${body}}\n`;
}

describe("core's text of a state", () => {
  it("has what is stored right beneath each resource's block", () => {
    const text = `${block("mock_thing.a:")}\n${block("mock_thing.b:")}`;
    expect(annotateText(text, state({ "mock_thing.a": { n: 1 } }), PLAIN)).toBe(
      `${block("mock_thing.a:")}${BELOW}\n${block("mock_thing.b:")}`,
    );
  });

  it.each([
    ["mock_thing.a: (tainted)", "mock_thing.a"],
    ["mock_thing.a: (deposed object ab12)", "mock_thing.a\nab12"],
    ['module.m["a b: c"].mock_thing.a["x y"]:', 'module.m["a b: c"].mock_thing.a["x y"]'],
  ])("knows the header %s", (header, key) => {
    expect(annotateText(block(header), state({ [key]: { n: 1 } }), PLAIN)).toBe(`${block(header)}${BELOW}`);
  });

  it("does not take a deposed object for the current one", () => {
    const text = block("mock_thing.a: (deposed object ab12)");
    expect(annotateText(text, state({ "mock_thing.a": { n: 1 } }), PLAIN)).toBe(text);
  });

  it("is not deceived by values that look like headers and ends of blocks", () => {
    const body = "    text = <<-EOT\n        # mock_thing.b:\n        }\n    }\n    EOT\n";
    const text = `${block("mock_thing.a:", body)}\n${block("mock_thing.b:")}`;
    expect(annotateText(text, state({ "mock_thing.b": { n: 1 } }), PLAIN)).toBe(`${text}${BELOW}`);
  });

  it("is as it was without anything stored, and with what it does not print", () => {
    const text = `${block("mock_thing.a:")}\n\nOutputs:\n\nx = 1\n`;
    expect(annotateText(text, state({}), PLAIN)).toBe(text);
    expect(annotateText(text, state({ "mock_thing.c": { n: 1 } }), PLAIN)).toBe(text);
    expect(annotateText("", state({ "mock_thing.c": { n: 1 } }), PLAIN)).toBe("");
  });
});

describe("core's text of a plan", () => {
  const change = (header: string) =>
    `  # ${header}\n  ~ resource "mock_thing" "a" {\n      ~ id = "i-1" -> "i-2"\n        tags = {\n            "a" = "b"\n        }\n    }\n`;
  const below = BELOW.replaceAll(/^/gm, "    ").trimEnd() + "\n";

  it.each(["will be updated in-place", "must be replaced", "is tainted, so it must be replaced", "has changed"])(
    "has it beneath a change that %s",
    (what) => {
      const text = change(`mock_thing.a ${what}`);
      expect(annotateText(text, state({ "mock_thing.a": { n: 1 } }), PLAIN)).toBe(`${text}${below}`);
    },
  );

  it("has what will be stored, once, where a resource is shown twice", () => {
    const text = change("mock_thing.a has changed") + change("mock_thing.a must be replaced");
    const metadata = { ...state({ "mock_thing.a": { n: 0 } }), planned: state({ "mock_thing.a": { n: 1 } }).state };
    const shown = annotateText(text, metadata, PLAIN);
    expect(shown.match(/"n": \d/g)).toEqual(['"n": 1']);
  });

  it("is read through core's colours", () => {
    const text = change("mock_thing.a").replace(
      "  # mock_thing.a",
      "\u001b[1m  # mock_thing.a\u001b[0m must be \u001b[1mreplaced",
    );
    expect(annotateText(text, state({ "mock_thing.a": { n: 1 } }), PLAIN)).toBe(`${text}${below}`);
  });
});

describe("what is stored", () => {
  it("is in colour only when it is told so", () => {
    const metadata = state({ "mock_thing.a": { n: 1 } });
    expect(annotateText(block("mock_thing.a:"), metadata, PLAIN)).not.toContain("\u001b");
    expect(annotateText(block("mock_thing.a:"), metadata, { color: true })).toContain("\u001b[");
  });

  it("cannot deceive a terminal, and cannot flood it", () => {
    const large = state({
      "mock_thing.a": { text: `\u001b[2J${"x".repeat(5000)}`, list: Array.from({ length: 1000 }, () => 1) },
    });
    const shown = annotateText(block("mock_thing.a:"), large, PLAIN);
    expect(shown).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(shown.split("\n").length).toBeLessThan(110);
    expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThan(520);
  });
});
