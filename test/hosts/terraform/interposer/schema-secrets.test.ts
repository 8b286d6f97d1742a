import { describe, expect, it } from "vitest";
import { learnSecrets } from "../../../../src/hosts/terraform/interposer/schema-secrets.js";
import { SecretSet } from "../../../../src/hosts/sensitive/secret-set.js";
import { concat, integerField, lengthField } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { readSchema } from "../../../../src/hosts/terraform/tfplugin/schema.js";
import { dynamicValue, UNKNOWN } from "./messages.js";

const SECRET = "hunter2-hunter2";
const TEXT = '"string"';

function attribute(name: string, ...flags: readonly Uint8Array[]): Uint8Array {
  return lengthField(2, concat(lengthField(1, name), lengthField(2, TEXT), ...flags));
}

/** Field 7 of an attribute is `sensitive`, 11 of version 6 `write_only`. */
const SENSITIVE = integerField(7, 1);
const WRITE_ONLY = integerField(11, 1);

function block(...content: readonly Uint8Array[]) {
  return readSchema(lengthField(2, concat(...content)), 6);
}

function nested(name: string, nesting: number, ...content: readonly Uint8Array[]): Uint8Array {
  return lengthField(3, concat(lengthField(1, name), lengthField(2, concat(...content)), integerField(3, nesting)));
}

function learnt(schema: ReturnType<typeof block>, value: unknown): SecretSet {
  const secrets = new SecretSet();
  learnSecrets(dynamicValue(value), schema, secrets);
  return secrets;
}

describe("what a schema calls sensitive", () => {
  it("is learnt, and nothing else", () => {
    const secrets = learnt(block(attribute("name"), attribute("token", SENSITIVE)), {
      name: "plain-text",
      token: SECRET,
    });
    expect([secrets.matches(SECRET), secrets.matches("plain-text")]).toEqual([true, false]);
  });

  it("is learnt in blocks of every nesting", () => {
    for (const [nesting, value] of [
      [1, { token: SECRET }],
      [2, [{ token: "first-secret" }, { token: SECRET }]],
      [3, [{ token: SECRET }]],
      [4, { key: { token: SECRET } }],
    ] as const) {
      const schema = block(nested("part", nesting, attribute("token", SENSITIVE)));
      expect(learnt(schema, { part: value }).matches(SECRET), `nesting ${nesting}`).toBe(true);
    }
  });

  it("is not there where it is not set, or not known", () => {
    const schema = block(attribute("token", SENSITIVE));
    expect(learnt(schema, { token: null }).isEmpty).toBe(true);
    expect(learnt(schema, { token: UNKNOWN }).isEmpty).toBe(true);
  });

  it("is none of an object that does not exist", () => {
    const secrets = new SecretSet();
    const schema = block(attribute("token", SENSITIVE));
    learnSecrets(null, schema, secrets);
    learnSecrets(dynamicValue(null), schema, secrets);
    expect(secrets.isEmpty).toBe(true);
  });

  it("may be what is only written", () => {
    expect(learnt(block(attribute("token", WRITE_ONLY)), { token: SECRET }).matches(SECRET)).toBe(true);
  });
});

describe("a value that cannot be read", () => {
  it("teaches nothing, for core will refuse it", () => {
    expect(learnt(block(attribute("token", SENSITIVE)), { other: SECRET }).isEmpty).toBe(true);
  });

  it("is not even looked at where the schema has no secrets", () => {
    expect(learnt(block(attribute("name")), { other: SECRET }).isEmpty).toBe(true);
  });
});
