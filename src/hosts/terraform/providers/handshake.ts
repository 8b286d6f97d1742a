import type { Readable } from "node:stream";
import { quote } from "../../../base/quote.js";
import { ProviderError } from "./provider-error.js";
import { parseAddress } from "./reattach.js";
import type { ProtocolVersion, ProviderAddress } from "./reattach.js";

/** A handshake with a certificate in it has about 1,500 bytes. */
export const MAX_HANDSHAKE_BYTES = 16 * 1024;
/** `go-plugin` takes a sixth field that is longer for a certificate, and speaks TLS from then on. */
const MAX_PLAIN_EXTRA = 50;

/** What a provider says of itself. */
export interface Handshake {
  readonly protocol: ProtocolVersion;
  readonly address: ProviderAddress;
}

/**
 * Reads `CORE|PROTOCOL|NETWORK|ADDRESS|grpc|…`, the first line of a go-plugin server
 * (github.com/hashicorp/go-plugin, `client.go`, Start). Throws `ProviderError`: PROVIDER_PROTOCOL for a provider of
 * another protocol version than 5 and 6, PROVIDER_HANDSHAKE for anything else that core would not take, for TLS, and
 * for an address that is not of this machine.
 */
export function parseHandshake(line: string, source: string): Handshake {
  const [core, protocol, network = "", place = "", kind, extra = ""] = line.trim().split("|");
  if (core !== "1" || protocol === undefined || place === "") {
    throw bad(source, `it began with ${quote(line)}, which is no handshake`);
  }
  if (protocol !== "5" && protocol !== "6") {
    throw new ProviderError("PROVIDER_PROTOCOL", `${source} speaks protocol ${quote(protocol)}, not 5 or 6`, {
      remedy: "Use a version of the provider that is made for this version of core.",
    });
  }
  if (kind !== "grpc") throw bad(source, `it speaks ${quote(kind ?? "netrpc")} and not gRPC`);
  if (extra.length > MAX_PLAIN_EXTRA) throw bad(source, "it insists on TLS, though nobody asked for it");
  const address = parseAddress(network, place);
  if (address === undefined)
    throw bad(source, `it listens on ${quote(`${network} ${place}`)}, where nobody may reach it`);
  return { protocol: protocol === "5" ? 5 : 6, address };
}

/**
 * The first line of a stream, without its end; what follows is thrown away as it comes, so that nobody waits to write it.
 * Resolves with undefined when the stream ends first; rejects with PROVIDER_HANDSHAKE over `MAX_HANDSHAKE_BYTES`.
 */
export function firstLine(stream: Readable, source: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const take = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf(0x0a);
      if (end === -1 && seen.length <= MAX_HANDSHAKE_BYTES) return;
      stream.off("data", take);
      stream.resume();
      if (end !== -1 && end <= MAX_HANDSHAKE_BYTES) resolve(seen.subarray(0, end).toString("utf8"));
      else reject(bad(source, `its first line is over ${MAX_HANDSHAKE_BYTES} bytes`));
    };
    stream.on("data", take);
    stream.once("close", () => {
      resolve(undefined);
    });
  });
}

function bad(source: string, why: string): ProviderError {
  return new ProviderError("PROVIDER_HANDSHAKE", `${source} did not start as a provider does: ${why}`, {
    remedy: "Is this file really the provider? Run airlock init again.",
  });
}
