import { answer } from "../../required-tags-wasm-plugin/assembly/protocol";

// Lines from stdin, answers to stdout, until stdin ends: an ordinary program that knows nothing of its host.

const LF: u8 = 10;
const chunk = new ArrayBuffer(65536);
let pending = new Uint8Array(0);

for (let read = process.stdin.read(chunk); read > 0; read = process.stdin.read(chunk)) {
  pending = joined(pending, Uint8Array.wrap(chunk, 0, read));
  let start = 0;
  for (let end = pending.indexOf(LF, start); end >= 0; end = pending.indexOf(LF, start)) {
    const line = String.UTF8.decode(pending.slice(start, end).buffer);
    const said = answer(line);
    if (said != "") process.stdout.write(String.UTF8.encode(said + "\n"));
    start = end + 1;
  }
  pending = pending.slice(start);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
