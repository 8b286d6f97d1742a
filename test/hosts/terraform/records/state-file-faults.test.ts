import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordsError } from "../../../../src/hosts/terraform/records/records-error.js";
import { readState } from "../../../../src/hosts/terraform/records/state-file.js";
import { thrownCode } from "../../../support/codes.js";
import { instance, resource, stateBytes } from "./states.js";

const CODE = "RECORDS_STATE";
const SECRET = "hunter2-hunter2";

function thrown(bytes: Uint8Array): Error {
  try {
    readState(bytes);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return expect.fail("it was read");
}

/** A state whose attributes nest so deep. */
function nested(levels: number): Buffer {
  const text = stateBytes([resource({ instances: [instance({ attributes: "DEEP" })] })]).toString();
  return Buffer.from(text.replace('"DEEP"', "[".repeat(levels) + "]".repeat(levels)));
}

describe("what is no state", () => {
  it.each([
    "nonsense",
    "{",
    "null",
    "[]",
    '"text"',
    "{}",
    '{"version":3,"modules":[]}',
    '{"version":5}',
    '{"version":"4"}',
    '{"version":4,"resources":{}}',
    '{"version":4,"resources":[null]}',
    '{"version":4,"resources":[{"mode":"managed","type":"a"}]}',
    '{"version":4,"resources":[{"mode":"managed","type":1,"name":"a","instances":[]}]}',
    '{"version":4,"resources":[{"mode":"managed","type":"a","name":"b","instances":[1]}]}',
    '{"version":4,"resources":[{"mode":"managed","type":"a","name":"b","instances":[{"index_key":{}}]}]}',
    '{"version":4,"resources":[{"mode":"managed","type":"a","name":"b","instances":[{"private":7}]}]}',
    '{"version":4,"resources":[{"mode":"managed","type":"a","name":"b","instances":[{"sensitive_attributes":[1]}]}]}',
    '{"serial":1,"lineage":"a","meta":{},"encrypted_data":"AAAA","encryption_version":"v0"}',
  ])("%s is refused", (text) => {
    expect(thrownCode(() => readState(Buffer.from(text)))).toBe(CODE);
  });

  it("is refused however a good one was damaged, or read without a fault of another kind", () => {
    const good = stateBytes([resource()]);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 4 }), (at, wrong) => {
        const bytes = Uint8Array.from(good);
        bytes.set(wrong.subarray(0, good.length - at), at);
        try {
          expect(Array.isArray(readState(bytes))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordsError);
        }
      }),
    );
  });

  it.each([
    [
      "cut off",
      stateBytes([resource({ instances: [instance({ attributes: { password: SECRET } })] })]).subarray(0, -40),
    ],
    ["of another form", stateBytes([resource({ name: { password: SECRET } })])],
    ["with a secret in a wrong place", stateBytes([resource({ mode: SECRET, instances: SECRET })])],
    ["that begins with a secret", Buffer.from(`${SECRET} is no JSON`)],
  ])("and %s is told without what stands in it", (_, bytes) => {
    expect(thrown(bytes).message).not.toContain(SECRET.slice(0, 6));
  });
});

describe("limits of a state", () => {
  it("bytes: at the limit, and one over it", () => {
    const bytes = stateBytes([resource()]);
    expect(readState(bytes, bytes.length)).toHaveLength(1);
    expect(thrownCode(() => readState(bytes, bytes.length - 1))).toBe(CODE);
  });

  it("levels: at the limit, and one over it", () => {
    // Above the attributes: the state, its resources, one, its instances, one.
    expect(readState(nested(195))).toHaveLength(1);
    expect(thrownCode(() => readState(nested(196)))).toBe(CODE);
    expect(thrownCode(() => readState(nested(200_000)))).toBe(CODE);
  });
});
