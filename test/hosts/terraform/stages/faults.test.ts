import { expect, it } from "vitest";
import { ProviderError } from "../../../../src/hosts/terraform/providers/provider-error.js";
import { Faults } from "../../../../src/hosts/terraform/stages/faults.js";

function told(): { readonly faults: Faults; readonly notes: readonly string[] } {
  const notes: string[] = [];
  return { faults: new Faults((text) => notes.push(text)), notes };
}

it("a fault is told with its place, its remedy and its code", () => {
  const { faults, notes } = told();
  faults.tell(new ProviderError("PROVIDER_CRASHED", "it ended", { remedy: "Look." }), "a/b/c");
  faults.tell(new ProviderError("PROVIDER_CRASHED", "it ended"), "");
  faults.tell(new Error("other"), "a/b/c /Plan");
  faults.tell("no error", "");
  expect(notes).toEqual([
    "a/b/c: it ended\nLook.\n(PROVIDER_CRASHED)",
    "it ended\n(PROVIDER_CRASHED)",
    "a/b/c /Plan: other",
    "no error",
  ]);
});

it("the same fault is told once", () => {
  const { faults, notes } = told();
  for (let time = 0; time < 3; time += 1) faults.tell(new Error("again"), "here");
  faults.tell(new Error("again"), "there");
  expect(notes).toEqual(["here: again", "there: again"]);
});

it("a hundred faults are told, and that there are more", () => {
  const { faults, notes } = told();
  for (let at = 1; at <= 100; at += 1) faults.tell(new Error(`fault ${at}`), "");
  expect(notes).toHaveLength(100);
  expect(notes.at(-1)).toBe("fault 100");
  for (let at = 101; at <= 110; at += 1) faults.tell(new Error(`fault ${at}`), "");
  expect(notes).toHaveLength(101);
  expect(notes.at(-1)).not.toContain("fault 101");
});
