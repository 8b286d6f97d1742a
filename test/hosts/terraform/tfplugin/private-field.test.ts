import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { privateSuffix, withRequestPrivate } from "../../../../src/hosts/terraform/tfplugin/private-field.js";
import type { PrivateMethod } from "../../../../src/hosts/terraform/tfplugin/private-field.js";
import { concat } from "../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { thrownCode } from "../../../support/codes.js";
import { recorded, VERSIONS } from "./fixtures.js";
import { base64, decode } from "./oracle.js";

const CALLS: readonly (readonly [PrivateMethod, string, string, string, string])[] = [
  ["plan", "PlanRequest", "prior_private", "PlanResponse", "planned_private"],
  ["apply", "ApplyRequest", "planned_private", "ApplyResponse", "private"],
  ["read", "ReadRequest", "private", "ReadResponse", "private"],
];
const privateBytes = fc.uint8Array({ maxLength: 300 });

describe.each(VERSIONS)("private bytes, protocol %i", (version) => {
  it.each(CALLS)("of a %s request are replaced, and nothing else", (method, message, field) => {
    const request = recorded.message(version, `${method}Request`);
    const before = decode(message, request);
    expect(before[field]).toBe(base64("private"));
    fc.assert(
      fc.property(privateBytes, (bytes) => {
        const { [field]: replaced, ...others } = decode(message, withRequestPrivate(method, request, bytes));
        expect(replaced ?? "").toBe(base64(bytes));
        expect({ ...others, [field]: before[field] }).toEqual(before);
      }),
    );
  });

  it.each(CALLS)("of a %s request leave nothing of the old ones behind", (method) => {
    const replaced = Buffer.from(
      withRequestPrivate(method, recorded.message(version, `${method}Request`), Buffer.from("x")),
    );
    expect(replaced.includes("private")).toBe(false);
  });

  it.each(CALLS)("of a %s request may be put back byte for byte", (method, message) => {
    const request = recorded.message(version, `${method}Request`);
    const there = withRequestPrivate(method, request, Buffer.from('{"airlock":"x"}'));
    const back = withRequestPrivate(method, there, Buffer.from("private"));
    expect(back).toHaveLength(request.length);
    expect(decode(message, back)).toEqual(decode(message, request));
  });

  it.each(CALLS)("of a %s response are those appended, even none", (method, _request, _field, message, field) => {
    const response = recorded.message(version, `${method}Response`);
    const { [field]: old, ...rest } = decode(message, response);
    expect(old).toBe(base64("private"));
    fc.assert(
      fc.property(privateBytes, (bytes) => {
        const { [field]: appended, ...others } = decode(message, concat(response, privateSuffix(method, bytes)));
        expect(appended ?? "").toBe(base64(bytes));
        expect(others).toEqual(rest);
      }),
    );
  });
});

describe("a request that is no message", () => {
  it("is TFPLUGIN_MESSAGE", () => {
    expect(thrownCode(() => withRequestPrivate("plan", Uint8Array.of(0x0a, 0x7f), new Uint8Array(1)))).toBe(
      "TFPLUGIN_MESSAGE",
    );
  });
});
