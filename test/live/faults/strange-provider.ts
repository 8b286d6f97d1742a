import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../../support/live/workspace.js";
import type { Workspace } from "../../support/live/workspace.js";
import { declared, jsGuest } from "./guests.js";

/** What the provider can do wrong over one call. */
export const ODDITIES = [
  /** Bytes that are no protobuf. */
  "garbage",
  /** Nothing at all in an answer that is otherwise good. */
  "empty",
  /** A message that says it is longer than it is. */
  "short",
  /** A message that is marked as compressed. */
  "compressed",
  /** Two messages where there is one. */
  "two",
  /** A good message and no trailers. */
  "no-trailers",
  /** The stream is reset. */
  "reset",
  /** Part of the message, then the end of the connection. */
  "cut",
  /** Bytes that are no HTTP/2. */
  "no-http2",
  /** Its end. */
  "exit",
  /** A status of gRPC that says it failed. */
  "status",
  /** Nothing, for ever. */
  "never",
] as const;

/**
 * A provider in Node: it speaks go-plugin's handshake and gRPC of protocol 6, has one resource `strange_thing` with one
 * attribute, gives back what it is asked for, and does `STRANGE=METHOD:ODDITY` when METHOD is called;
 * `huge` is a message of 70 MB, which core takes.
 */
const PROVIDER = `#!${process.execPath}
const http2 = require("node:http2");
const [where, what] = (process.env.STRANGE ?? ":").split(":");
const path = process.env.PLUGIN_UNIX_SOCKET_DIR + "/plugin1";

const varint = (n) => { const out = []; for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128); return Buffer.from([...out, n]); };
const bytes = (field, value) => Buffer.concat([varint(field * 8 + 2), varint(value.length), Buffer.from(value)]);
const flag = (field) => Buffer.concat([varint(field * 8), varint(1)]);
function fields(message) {
  const found = new Map();
  let at = 0;
  const next = () => { let n = 0; for (let by = 1; ; by *= 128) { const byte = message[at++]; n += (byte & 127) * by; if (byte < 128) return n; } };
  while (at < message.length) {
    const key = next();
    if (key % 8 === 0) next();
    else { const length = next(); found.set(Math.floor(key / 8), message.subarray(at, (at += length))); }
  }
  return found;
}

const NAME = Buffer.concat([bytes(1, "name"), bytes(2, '"string"'), flag(4)]);
const THING = bytes(2, bytes(2, NAME));
const ANSWERS = {
  GetProviderSchema: () => Buffer.concat([bytes(1, bytes(2, "")), bytes(2, Buffer.concat([bytes(1, "strange_thing"), bytes(2, THING)]))]),
  ValidateProviderConfig: () => Buffer.alloc(0),
  ConfigureProvider: () => Buffer.alloc(0),
  ValidateResourceConfig: () => Buffer.alloc(0),
  UpgradeResourceState: (asked) => bytes(1, bytes(2, fields(asked.get(3)).get(1))),
  ReadResource: (asked) => bytes(1, asked.get(2)),
  PlanResourceChange: (asked) => bytes(1, asked.get(3)),
  ApplyResourceChange: (asked) => bytes(1, asked.get(3)),
  StopProvider: () => Buffer.alloc(0),
};
const framed = (message, compressed = 0, length = message.length) => {
  const head = Buffer.alloc(5);
  head[0] = compressed;
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
};

function answer(stream, method, message) {
  const make = ANSWERS[method];
  const odd = method === where ? what : "";
  if (odd === "never") return;
  if (odd === "exit") process.exit(9);
  if (odd === "reset") return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  if (odd === "no-http2") return sockets.forEach((socket) => socket.write("HTTP/1.1 400 Bad Request\\r\\n\\r\\n"));
  const good = make(fields(message));
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: odd !== "no-trailers" });
  stream.on("wantTrailers", () => stream.sendTrailers(odd === "status" ? { "grpc-status": "13", "grpc-message": "strange" } : { "grpc-status": "0" }));
  if (odd === "garbage") return stream.end(framed(Buffer.alloc(500, 0xff)));
  if (odd === "empty") return stream.end();
  if (odd === "short") return stream.end(framed(good, 0, good.length + 100));
  if (odd === "compressed") return stream.end(framed(good, 1));
  if (odd === "two") return stream.end(Buffer.concat([framed(good), framed(good)]));
  if (odd === "huge") return stream.end(framed(Buffer.concat([good, bytes(99, Buffer.alloc(70_000_000))])));
  if (odd === "cut") return stream.write(framed(good, 0, 1000), () => setTimeout(() => sockets.forEach((socket) => socket.destroy()), 50));
  if (odd === "status") return stream.end();
  stream.end(framed(good));
}

const sockets = new Set();
const server = http2.createServer();
server.on("connection", (socket) => sockets.add(socket));
server.on("sessionError", () => {});
server.on("stream", (stream, headers) => {
  const method = String(headers[":path"]).split("/").pop();
  require("node:fs").appendFileSync(process.env.MOCKCLOUD_DIR + "/strange", method + "\\n");
  const parts = [];
  stream.on("error", () => {});
  stream.on("data", (part) => parts.push(part));
  if (method === "Shutdown") stream.on("end", () => process.exit(0));
  else if (ANSWERS[method] !== undefined) stream.on("end", () => answer(stream, method, Buffer.concat(parts).subarray(5)));
  else stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "12" }, { endStream: true });
});
server.listen(path, () => console.log("1|6|unix|" + path + "|grpc|"));
`;

const MAIN = `terraform {
  required_providers {
    strange = {
      source = "airlock/strange"
    }
  }
}
resource "strange_thing" "one" {
  name = "one"
}
`;

/** A project on the strange provider, which core finds without `init`, with a guest that hears of everything. */
export async function strangeProject(): Promise<Workspace> {
  const space = await workspace({
    files: { "main.tf": MAIN, "guest.js": jsGuest(), "airlock.hcl": declared("./guest.js") },
    providers: [],
  });
  const folder = join(space.folder, "..", "strange");
  mkdirSync(folder);
  writeFileSync(join(folder, "terraform-provider-strange"), PROVIDER);
  chmodSync(join(folder, "terraform-provider-strange"), 0o755);
  writeFileSync(
    space.env["TF_CLI_CONFIG_FILE"] ?? "",
    `provider_installation {\n  dev_overrides {\n    "airlock/strange" = ${JSON.stringify(folder)}\n  }\n  direct {}\n}\n`,
  );
  return space;
}

/** Whether the strange provider was called with this method. */
export function strangeCalled(space: Workspace, method: string): () => boolean {
  const log = join(space.cloud, "strange");
  return () => existsSync(log) && readFileSync(log, "utf8").split("\n").includes(method);
}
