import { harmless } from "../attack.js";
import type { AttackClass } from "../attack.js";
import type { Unwalled } from "../control/unwalled.js";
import { bothScripts, bothWasm, js, programAlone, wasm } from "../guests/files.js";
import { answerWith } from "../guests/form.js";
import { extism, wasi, writeRaw } from "../guests/wasm-guest.js";

const CONNECTED = "a connection arrived at a port of this machine";
const connected = ({ effects }: Unwalled): boolean => effects.includes(CONNECTED);

const CONNECT = `
  await attempt("node:net", async () => {
    const net = await import("node:net");
    return new Promise((done) => {
      const socket = net.connect(port, "127.0.0.1", () => { socket.destroy(); done("connected"); });
      socket.on("error", () => done(null));
    });
  });`;

const SCRIPT = `
  const { port } = config;
  const url = "http://127.0.0.1:" + port + "/";
  await attempt("fetch", async () => (await fetch(url)).status);
  await attempt("import", () => import(url));
${CONNECT}
  await attempt("XMLHttpRequest", () => { const one = new XMLHttpRequest(); one.open("GET", url, false); one.send(); return one.status; });
  await attempt("WebSocket", () => { if (globalThis.airlock === undefined) return; new WebSocket("ws://127.0.0.1:" + port); return "made"; });
  await attempt("EventSource", () => new EventSource(url) && "made");
  await attempt("host", () => airlock.fetch(url));`;

const asks = (port: string): string =>
  `{"jsonrpc":"2.0","id":"a","method":"http/fetch","params":{"url":"http://127.0.0.1:${port}/"}}\n`;
const NOTHING = answerWith('{"status":"success","message":"0"}');

/** Tries to get out through the network. */
export const NETWORK: AttackClass = {
  name: "network",
  tries: "connecting to a port of this machine, by every way that a host could offer",
  beyond: "an executable without an isolation of the system reaches every address that its user may",
  attacks: [
    {
      name: "a script connects",
      guests: { js: js({ hook: SCRIPT }) },
      judge: harmless,
      control: { shows: connected },
    },
    {
      name: "an isolated program connects",
      isolated: true,
      guests: { executable: programAlone({ hook: `const { port } = config;${CONNECT}` }) },
      judge: harmless,
      control: { shows: connected },
    },
    {
      name: "it asks its host for HTTP that was not granted",
      guests: {
        ...bothScripts({
          hook: `return raw(${JSON.stringify(asks("PORT"))}.replace("PORT", config.port) + ${JSON.stringify(NOTHING)});`,
        }),
        ...bothWasm((texts, { scene }) => ({
          hook: `${writeRaw(texts, asks(String(scene.port)) + answerWith('{"status":"success","message":"0"}'))} (i32.const 0)`,
        })),
      },
      judge: harmless,
      control: { shows: connected },
    },
    {
      name: "it asks for HTTP by Extism's own function",
      guests: {
        "plug-in": wasm("plug-in", (texts, { scene }) => ({
          imports: `${extism("http_request", "(param i64 i64) (result i64)")} ${extism("http_status_code", "(result i32)")}`,
          hook: `(drop (call $http_request (call $block ${texts.of(
            JSON.stringify({ url: `http://127.0.0.1:${scene.port}/`, method: "GET" }),
          )}) (i64.const 0)))
            (i32.eq (call $http_status_code) (i32.const 200))`,
        })),
      },
      judge: harmless,
      control: { shows: connected },
    },
    {
      name: "every socket call of preview1 on every file number",
      guests: bothWasm(() => {
        const tried = (call: string): string =>
          `(if (i32.eqz ${call}) (then (local.set $gains (i32.add (local.get $gains) (i32.const 1)))))`;
        return {
          imports: [
            wasi("sock_accept", "i32 i32 i32"),
            wasi("sock_send", "i32 i32 i32 i32 i32"),
            wasi("sock_recv", "i32 i32 i32 i32 i32 i32"),
            wasi("sock_shutdown", "i32 i32"),
          ].join("\n"),
          locals: "(local $file i32) (local $gains i32)",
          hook: `(loop $files
            ${tried("(call $sock_accept (local.get $file) (i32.const 0) (i32.const 64))")}
            ${tried("(call $sock_send (local.get $file) (i32.const 128) (i32.const 1) (i32.const 0) (i32.const 64))")}
            ${tried("(call $sock_recv (local.get $file) (i32.const 128) (i32.const 1) (i32.const 0) (i32.const 64) (i32.const 68))")}
            ${tried("(call $sock_shutdown (local.get $file) (i32.const 2))")}
            (local.set $file (i32.add (local.get $file) (i32.const 1)))
            (br_if $files (i32.lt_u (local.get $file) (i32.const 16))))
            (local.get $gains)`,
        };
      }),
      judge: harmless,
    },
  ],
};
