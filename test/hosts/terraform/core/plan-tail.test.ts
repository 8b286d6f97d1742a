import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PlanTail } from "../../../../src/hosts/terraform/core/plan-tail.js";
import type { PlanEnding } from "../../../../src/hosts/terraform/core/plan-tail.js";
import { describeLive } from "../../../support/live/describe.js";
import { workspace } from "../../../support/live/workspace.js";

const OURS = "/tmp/airlock-x1/plan";
const RULE = "─".repeat(77);
const COLOR = { before: "\u001b[90m\n", after: "\u001b[0m\n" };
const PLAIN = { before: "\n", after: "\n" };
const PLAN = "Plan: 1 to add, 0 to change, 0 to destroy.\n";
const APPLY = "To perform exactly these actions, run the following command to apply:\n    tofu apply ";
const NOTE =
  "\nNote: You didn't use the -out option to save this plan, so OpenTofu can't\n" +
  'guarantee to take exactly these actions if you run "tofu apply" now.\n';

function saved(path: string): string {
  return `\nSaved the plan to: ${path}\n\n${APPLY}"${path}"\n`;
}
const rule = (color: typeof COLOR): string => color.before + RULE + color.after;

function filtered(chunks: readonly (string | Buffer)[], ending: PlanEnding = { kind: "unsaved" }): string {
  const tail = new PlanTail({ core: "tofu", planPath: OURS });
  const out = chunks.map((chunk) => tail.push(Buffer.from(chunk)));
  return Buffer.concat([...out, tail.end(ending)]).toString();
}

describe.each([
  ["with colours", COLOR],
  ["without colours", PLAIN],
])("the closing text %s", (_title, color) => {
  const output = PLAN + rule(color) + saved(OURS);

  it("becomes what core says without -out", () => {
    expect(filtered([output])).toBe(PLAN + rule(color) + NOTE);
  });
  it("becomes what core says with the user's -out", () => {
    expect(filtered([output], { kind: "saved", path: "my.plan" })).toBe(PLAN + rule(color) + saved("my.plan"));
  });
  it("is dropped", () => {
    expect(filtered([output], { kind: "none" })).toBe(PLAN);
  });

  it("wraps a long path as core does", () => {
    const path = `/${"x".repeat(60)}/y`;
    const said = `\nSaved the plan to:\n${path}\n\n${APPLY}"${path}"\n`;
    expect(filtered([output], { kind: "saved", path })).toBe(PLAN + rule(color) + said);
  });

  it("is found behind other rules and what looks like it", () => {
    const before = `${PLAN}\n${RULE}\n\nSaved the plan to: elsewhere\n${rule(color)}${rule(color)}\n\n${RULE}`;
    expect(filtered([before + output], { kind: "none" })).toBe(before + PLAN);
  });

  it("keeps the paragraph on generated configuration", () => {
    const generated = "\nOpenTofu has generated configuration and written it to g.tf. Please review\nit.\n";
    const all = PLAN + rule(color) + generated + saved(OURS);
    expect(filtered([all])).toBe(PLAN + rule(color) + generated + NOTE);
    expect(filtered([all], { kind: "none" })).toBe(PLAN + rule(color) + generated);
    const endless = PLAN + rule(color) + generated + "x".repeat(20_000) + saved(OURS);
    expect(filtered([endless], { kind: "none" })).toBe(endless);
  });

  it("keeps what core says behind it, in its place", () => {
    expect(filtered([output, "Releasing\n", "state lock\n"])).toBe(
      `${PLAN}${rule(color)}${NOTE}Releasing\nstate lock\n`,
    );
    expect(filtered([output, "x".repeat(70_000)], { kind: "none" })).toBe(PLAN + "x".repeat(70_000));
  });

  it("is the same however its bytes are cut", () => {
    const all = Buffer.from(`a\n\n${RULE}\nSaved ─\n\u001b[90mx\u001b[0m${output}Releasing\n`);
    const whole = filtered([all]);
    fc.assert(
      fc.property(fc.array(fc.nat(all.length), { maxLength: 40 }), (cuts) => {
        const at = [0, ...cuts.toSorted((one, other) => one - other), all.length];
        expect(filtered(at.slice(1).map((end, index) => all.subarray(at[index], end)))).toBe(whole);
      }),
    );
  });
});

describe("all else", () => {
  it("goes through byte for byte", () => {
    const piece = fc.oneof(
      fc.constantFrom(RULE, "─", "\n", "\n\n", "\u001b[90m", "\u001b[0m", "\nSaved the plan to: ", "\n─────\n\nSaved"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.uint8Array(), (pieces, bytes) => {
        const tail = new PlanTail({ core: "tofu", planPath: OURS });
        const chunks = [...pieces.map((text) => Buffer.from(text)), Buffer.from(bytes)];
        const out = chunks.map((chunk) => tail.push(chunk));
        expect(Buffer.concat([...out, tail.end({ kind: "unsaved" })])).toEqual(Buffer.concat(chunks));
        expect(tail.closed).toBe(false);
      }),
    );
  });

  it("goes through at once, also without the end of its line", () => {
    const tail = new PlanTail({ core: "tofu", planPath: OURS });
    const shown = (text: string): string => tail.push(Buffer.from(text)).toString();
    for (const text of [
      "Refreshing...\n",
      "var.x\n  Enter a value: ",
      "\u001b[1mbold\u001b[0m",
      "x",
      "─",
      "\n",
      "──\n",
    ]) {
      expect(shown(text)).toBe(text);
    }
    expect(shown("\n")).toBe("");
    expect(shown("y")).toBe("\ny");
    expect(shown("\n\n──")).toBe("\n");
    expect(shown("─ x")).toBe("\n─── x");
  });

  it("of a plan that says nothing at its end, as in automation, stays so", () => {
    expect(filtered([PLAN], { kind: "saved", path: "my.plan" })).toBe(PLAN);
    expect(filtered([`${PLAN}\n${RULE}\n\nSaved the pl`])).toBe(`${PLAN}\n${RULE}\n\nSaved the pl`);
    expect(filtered([`${PLAN}\n${"─".repeat(100_000)}`])).toBe(`${PLAN}\n${"─".repeat(100_000)}`);
  });
});

await describeLive("the output of a plan through the filter", (core) => {
  const files = { "main.tf": 'resource "terraform_data" "a" {\n  input = timestamp()\n}\n' };

  it.each([
    ["with colours", [], {}],
    ["without colours", ["-no-color"], {}],
    ["in automation", [], { TF_IN_AUTOMATION: "1" }],
    ["to destroy", ["-destroy"], {}],
  ])("is that of a plan without -out: %s", async (_title, flags, env: Record<string, string>) => {
    const space = await workspace({ files, providers: [] });
    await space.init(core);
    const planPath = `${space.temporary}/ours.plan`;
    const ours = await space.succeed(core, ["plan", ...flags, `-out=${planPath}`], { env });
    const through = (ending: PlanEnding): string => {
      const tail = new PlanTail({ core: core.name, planPath });
      const out = ours.stdout.match(/[^]{1,50}/g)?.map((chunk) => tail.push(Buffer.from(chunk))) ?? [];
      return Buffer.concat([...out, tail.end(ending)]).toString();
    };
    const plain = await space.succeed(core, ["plan", ...flags], { env });
    expect(through({ kind: "unsaved" })).toBe(plain.stdout);
    const path = `my ${"long ".repeat(20)}.plan`;
    const theirs = await space.succeed(core, ["plan", ...flags, `-out=${path}`], { env });
    expect(through({ kind: "saved", path })).toBe(theirs.stdout);
  });

  it("without its closing text leads over to the question of an apply", async () => {
    const space = await workspace({ files, providers: [] });
    await space.init(core);
    const planPath = `${space.temporary}/ours.plan`;
    const tail = new PlanTail({ core: core.name, planPath });
    const ours = await space.succeed(core, ["plan", `-out=${planPath}`]);
    const plan = tail.push(Buffer.from(ours.stdout)).toString() + tail.end({ kind: "none" }).toString();
    expect(tail.closed).toBe(true);
    const apply = await space.run(core, ["apply"], { input: "no\n" });
    expect(apply.stdout.startsWith(`${plan}\u001b[0m\u001b[1m\nDo you want`)).toBe(true);
  });
});
