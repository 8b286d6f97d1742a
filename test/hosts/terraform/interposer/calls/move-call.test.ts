import { describe, expect, it } from "vitest";
import { MoveCall } from "../../../../../src/hosts/terraform/interposer/calls/move-call.js";
import { readMoveRequest, readMoveResponse } from "../../../../../src/hosts/terraform/tfplugin/calls.js";
import { concat, lengthField } from "../../../../../src/hosts/terraform/tfplugin/protobuf.js";
import { appended, exchange, marked, storedIn, storing } from "../sessions.js";

const request = (bytes: Uint8Array): Uint8Array =>
  concat(lengthField(2, Buffer.from("old_type")), lengthField(5, Buffer.from("new_type")), lengthField(6, bytes));
const response = (bytes: Uint8Array): Uint8Array =>
  concat(lengthField(1, Buffer.from("a state")), lengthField(3, bytes));

describe("what is stored for an object that changes its type", () => {
  it("goes with it, past the provider", async () => {
    const given = response(Buffer.from('{"k":2}'));
    const { forward, answer } = await exchange(new MoveCall(), request(storing({ cost: 1 }, '{"k":1}')), given);
    expect(Buffer.from(readMoveRequest(forward).sourcePrivate).toString()).toBe('{"k":1}');
    expect(Buffer.from(forward).includes("airlock")).toBe(false);
    expect(Buffer.from(forward).includes("new_type")).toBe(true);
    const kept = readMoveResponse(answer).targetPrivate;
    expect(storedIn(kept)).toEqual({ cost: 1 });
    expect(JSON.parse(Buffer.from(kept).toString())).toMatchObject({ k: 2 });
  });

  it.each([marked("an.id"), Buffer.from('{"k":1}'), Buffer.from("plain text"), new Uint8Array(0)])(
    "is nothing where nothing is stored: %o",
    async (bytes) => {
      const given = response(Buffer.from('{"k":2}'));
      const { answer } = await exchange(new MoveCall(), request(bytes), given);
      expect(appended(answer, given)).toHaveLength(0);
    },
  );

  it("has no place where the provider keeps something else than an object", async () => {
    const given = response(Buffer.from("plain text"));
    const { answer } = await exchange(new MoveCall(), request(storing({ cost: 1 })), given);
    expect(appended(answer, given)).toHaveLength(0);
  });
});
