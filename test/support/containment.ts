import { beforeAll, describe, expect, it } from "vitest";
import { ATTACK_CLASSES } from "../../src/attest/classes.js";
import { FORMS } from "../../src/attest/guests/form.js";
import type { Form } from "../../src/attest/guests/form.js";
import { runClass } from "../../src/attest/run-class.js";
import type { ClassOutcome } from "../../src/attest/run-class.js";
import { HAS_BUBBLEWRAP } from "./bubblewrap.js";

/** A class takes this long where many things run beside it, in ms. */
const WHOLE_CLASS_MS = 300_000;

/**
 * Makes every attack of a class, in every form, and its controls; a test for each. `forms` are those in which the class
 * attacks: one that is lost would be seen by nothing else.
 */
export function describeClass(name: string, forms: readonly Form[]): void {
  const one = ATTACK_CLASSES.find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`there is no class ${name}`);
  const made = one.attacks.filter(({ isolated = false }) => HAS_BUBBLEWRAP || !isolated);
  describe(name, () => {
    let outcome: ClassOutcome;
    beforeAll(async () => {
      outcome = await runClass(one);
    }, WHOLE_CLASS_MS);

    it("attacks in these forms", () => {
      const used = new Set(outcome.attacks.map(({ form }) => form));
      expect(FORMS.filter((form) => used.has(form))).toEqual(forms);
    });

    it.each(
      made.flatMap((attack) =>
        FORMS.filter((form) => attack.guests[form] !== undefined).map((form) => [attack.name, form] as const),
      ),
    )("holds: %s (%s)", (attack, form) => {
      const found = outcome.attacks.filter((each) => each.attack === attack && each.form === form);
      expect(found.map(({ why }) => why)).toEqual([null]);
    });

    it("works where the wall is not, wherever that can be shown", () => {
      expect(outcome.controls.filter(({ why }) => why !== null)).toEqual([]);
    });

    it("harms nobody", () => {
      expect(outcome.harm).toEqual([]);
    });
  });
}
