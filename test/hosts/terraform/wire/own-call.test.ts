import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { rejectedCode } from "../../../support/codes.js";
import { data, frame, headers, prefixed, REQUEST, reset, RESPONSE, settings, TRAILERS } from "./raw-peer.js";
import { ask, oracleRelay, rawRelay, reply } from "./relays.js";

const PATH = "/plugin.GRPCController/Shutdown";

describe("a call of our own", () => {
  it("gives the provider's answer", async () => {
    const { client, relay } = await oracleRelay((stream, body, path) => {
      reply(stream, Buffer.concat([Buffer.from(path), body.subarray(5)]));
    });
    await ask(client, Buffer.from("first"));
    const answer = await relay.call(PATH, Buffer.from("!"));
    expect(Buffer.from(answer).toString()).toBe(`${PATH}!`);
  });

  it("may be large both ways", async () => {
    const large = randomBytes(5_000_000);
    const { client, relay } = await oracleRelay((stream, body) => {
      reply(stream, body.subarray(5));
    });
    await ask(client, Buffer.from("first"));
    expect(large.equals(await relay.call(PATH, large))).toBe(true);
  });

  it("is refused when nothing is connected", async () => {
    const { relay } = await rawRelay();
    expect(await rejectedCode(relay.call(PATH, Buffer.alloc(0)))).toBe("WIRE_PROVIDER_LOST");
  });

  it.each([
    ["a status other than OK", headers(3, { ...RESPONSE, "grpc-status": "12" }, true), "WIRE_CALL_FAILED"],
    ["no status", Buffer.concat([headers(3, RESPONSE), data(3, prefixed(Buffer.alloc(1)), true)]), "WIRE_CALL_FAILED"],
    ["a reset", reset(3, 8), "WIRE_CALL_FAILED"],
    ["no message", headers(3, { ...RESPONSE, ...TRAILERS }, true), "WIRE_NOT_UNARY"],
    [
      "a compressed message",
      Buffer.concat([headers(3, RESPONSE), data(3, prefixed(Buffer.alloc(1), 1))]),
      "WIRE_COMPRESSED",
    ],
    [
      "a message over the limit",
      Buffer.concat([headers(3, RESPONSE), data(3, Buffer.of(0, 0x7f, 0, 0, 0))]),
      "WIRE_MESSAGE_TOO_LARGE",
    ],
    ["GOAWAY", frame(7, 0, 0, Buffer.of(0, 0, 0, 1, 0, 0, 0, 0)), "WIRE_PROVIDER_LOST"],
  ])("fails when the provider answers with %s", async (_what, bytes, code) => {
    const { core, provider: connecting, relay } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST));
    const provider = await connecting;
    provider.send(settings());
    const answer = rejectedCode(relay.call(PATH, Buffer.alloc(0)));
    await provider.end(3);
    provider.send(bytes);
    expect(await answer).toBe(code);
  });

  it("fails when the provider is lost before or after", async () => {
    const { core, provider: connecting, relay } = await rawRelay();
    core.greet();
    core.send(headers(1, REQUEST));
    const provider = await connecting;
    provider.send(settings());
    const answer = rejectedCode(relay.call(PATH, Buffer.alloc(0)));
    await provider.end(3);
    provider.socket.destroy();
    expect(await answer).toBe("WIRE_PROVIDER_LOST");
    expect(await rejectedCode(relay.call(PATH, Buffer.alloc(0)))).toBe("WIRE_PROVIDER_LOST");
  });
});
