import fc from "fast-check";
import { expect, it } from "vitest";
import { resourceEvent } from "../../../../src/hosts/terraform/interposer/subject.js";
import { readPlanValue } from "../../../../src/hosts/terraform/tfplugin/plan-value.js";
import type { Path } from "../../../../src/protocol/events.js";
import { dynamicValue, UNKNOWN } from "./messages.js";
import { openSession, SOURCE } from "./sessions.js";
import { blockOf } from "../records/books.js";

const BLOCK = blockOf(
  {
    name: '"string"',
    note: '"string"',
    token: '"string"',
    tags: '["map","string"]',
    list: '["list","string"]',
    deep: '["object",{"a":["list",["map","string"]]}]',
  },
  ["token"],
);

/** Long enough to be looked for inside other texts, with characters that JSON, URLs and HTML write otherwise. */
const secretText = fc
  .string({
    unit: fc.constantFrom(...('abcXYZ019"\\<>&%+/ \n\u00e9\u{1F600}'.match(/./gsu) ?? [])),
    minLength: 12,
    maxLength: 24,
  })
  .filter((text) => text.trim().length >= 12 && new Set(text).size > 4);

/** Forms in which a copy of a secret can stand elsewhere. */
const FORMS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `before ${secret} behind`,
  (secret) => JSON.stringify({ password: secret }),
  (secret) => encodeURIComponent(secret),
  (secret) => `https://u:${encodeURIComponent(secret)}@host/`,
  (secret) => Buffer.from(secret).toString("base64"),
  (secret) => Buffer.from(`user:${secret}`).toString("base64"),
  (secret) => Buffer.from(secret).toString("hex"),
];

const place = fc.constantFrom("name", "note", "tag", "key", "list", "deep");
/** Where a copy stands: in which part of the event, at which place, and in which form. */
const copies = fc.array(
  fc.record({ part: fc.constantFrom("before", "after", "config"), place, form: fc.nat(FORMS.length - 1) }),
  { maxLength: 5 },
);
/** How the secret is known to be one: by the schema, by core's records, or by what was learnt before. */
const known = fc.constantFrom<"schema" | "records" | "learnt">("schema", "records", "learnt");

type Part = "before" | "after" | "config";

function valueOf(texts: ReadonlyMap<string, string>, token: string | null, mark: string | null) {
  const at = (name: string): string | null => texts.get(name) ?? null;
  return readPlanValue(
    dynamicValue({
      deep: { a: [{ k: at("deep") ?? "plain" }, { k: "plain" }] },
      list: ["plain", at("list") ?? "plain"],
      name: mark ?? at("name"),
      note: at("note") ?? UNKNOWN,
      tags: { plain: "plain", tag: at("tag") ?? "plain", [at("key") ?? "other"]: UNKNOWN },
      token,
    }),
    BLOCK,
  );
}

it("no event holds a secret in any form, wherever it was put and however it became known", () => {
  fc.assert(
    fc.property(secretText, known, copies, (secret, how, placed) => {
      const { run } = openSession();
      if (how === "learnt") run.secrets.add(secret);
      const value = (part: Part) =>
        valueOf(
          new Map(placed.filter((one) => one.part === part).map((one) => [one.place, FORMS[one.form]?.(secret) ?? ""])),
          how === "schema" ? secret : null,
          how === "records" ? secret : null,
        );
      const marked: readonly Path[] = how === "records" ? [["name"]] : [];
      const event = resourceEvent(run, "post-plan-resource", {
        mode: "managed",
        type: "mock_thing",
        source: SOURCE,
        located: { address: "mock_thing.one", candidates: [], alias: null },
        alias: null,
        action: "update",
        before: value("before"),
        after: value("after"),
        config: value("config"),
        block: BLOCK,
        attached: null,
        marked: { before: marked, after: marked },
      });
      const text = JSON.stringify(event);
      // As JSON the event writes the secret itself in JSON's form.
      const forms = [JSON.stringify(secret).slice(1, -1), ...FORMS.slice(3).map((form) => form(secret))];
      for (const form of forms) expect(text).not.toContain(form);
      expect(text).toContain("plain");
    }),
    { numRuns: 300 },
  );
});
