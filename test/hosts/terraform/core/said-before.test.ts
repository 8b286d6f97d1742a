import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApplyOutput } from "../../../../src/hosts/terraform/core/apply-output.js";
import { inTurn } from "../../../../src/hosts/terraform/core/output-filter.js";
import { SaidBefore } from "../../../../src/hosts/terraform/core/said-before.js";

const [RED, YELLOW, RESET] = ["\u001b[31m", "\u001b[33m", "\u001b[0m"];
const boxed = (title: string, color = YELLOW): string =>
  `${color}╷${RESET}${RESET}\n${color}│${RESET} ${RESET}${title}\n${color}╵${RESET}${RESET}\n`;
const written = (title: string): string => `\nWarning: ${title}\n\nwith two\nlines\n`;

function shown(before: string, after: string, size = Infinity): string {
  const said = new SaidBefore();
  said.planned(Buffer.from(before));
  const bytes = Buffer.from(after);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(said.push(bytes.subarray(at, at + size)));
  return Buffer.concat([...parts, said.end()]).toString("utf8");
}

describe.each([
  ["coloured", boxed],
  ["without colours", written],
])("%s warnings", (_name, warning) => {
  const plan = `${warning("one")}${warning("two")}\nOpenTofu used the selected providers\n`;

  it.each([Infinity, 1, 10])("at the start of planning are not said again, in pieces of %i bytes", (size) => {
    const apply = `${warning("one")}${warning("two")}x: Creating...\n${warning("one")}`;
    expect(shown(plan, apply, size)).toBe(`x: Creating...\n${warning("one")}`);
    expect(shown(plan, `${warning("one")}${warning("two")}\nApply complete!\n`, size)).toBe("\nApply complete!\n");
    expect(shown(plan, warning("one") + warning("two"), size)).toBe("");
  });

  it("that come only now are said", () => {
    expect(shown(plan, `${warning("one")}${warning("three")}x\n`)).toBe(`${warning("three")}x\n`);
    expect(shown(plan, `${warning("three")}x\n`)).toBe(`${warning("three")}x\n`);
    expect(shown(plan, `x\n${warning("one")}`)).toBe(`x\n${warning("one")}`);
  });

  it("are looked for at the start only", () => {
    const has = (text: string): boolean => {
      const said = new SaidBefore();
      for (const byte of Buffer.from(text)) said.planned(Buffer.of(byte));
      return said.hasWarnings;
    };
    expect(has(plan)).toBe(true);
    expect(has(`x\n${plan}`)).toBe(false);
    expect(has(boxed("error", RED))).toBe(false);
    expect(has("")).toBe(false);
  });
});

it("a warning without colours that goes on otherwise is said whole", () => {
  const plan = `${written("zero")}${written("one")}x: Refreshing state...\n`;
  for (const other of [written("one").replace("lines", "other lines"), written("one and more"), "\nWarning: o"]) {
    expect(shown(plan, written("zero") + other)).toBe(other);
  }
});

it("no more than 64 KiB of the start of planning is kept", () => {
  const said = new SaidBefore();
  const KiB = 1024;
  said.planned(Buffer.from(boxed("x".repeat(70 * KiB))));
  expect(said.push(Buffer.from(boxed("x".repeat(60 * KiB)).slice(0, 50 * KiB)))).toHaveLength(0);
  expect(said.push(Buffer.from("x".repeat(20 * KiB))).length).toBeGreaterThan(64 * KiB);
});

it("what is no warning goes through byte for byte, whatever was said before", () => {
  const text = fc.string({ maxLength: 20 }).map((one) => `x${one}`);
  fc.assert(
    fc.property(text, text, fc.integer({ min: 1, max: 50 }), (before, after, size) => {
      expect(shown(before + after, before, size)).toBe(Buffer.from(before).toString("utf8"));
      expect(shown(before, after, size)).toBe(Buffer.from(after).toString("utf8"));
    }),
  );
});

describe("filters in turn", () => {
  it("each see what the one before gives, also at the end", () => {
    const said = new SaidBefore();
    said.planned(Buffer.from(boxed("one")));
    const both = inTurn([said, new ApplyOutput({ destroy: true, json: false })]);
    const text = `${boxed("one")}Apply complete! Resources: 0 added, 0 changed, 1 destroyed.`;
    const parts = [...Buffer.from(text)].map((byte) => both?.push(Buffer.of(byte)) ?? Buffer.alloc(0));
    const all = Buffer.concat([...parts, both?.end() ?? Buffer.alloc(0)]).toString("utf8");
    expect(all).toBe("Destroy complete! Resources: 1 destroyed.");
  });

  it("are none when there are none", () => {
    expect(inTurn([])).toBeNull();
  });
});
