import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IntegrationDeclarationInput } from "../src/declare/declaration.js";

function guest(stateless: boolean, work: string): string {
  return `
export function handle(line) {
  const { id, method } = JSON.parse(line);
  const answer = (result) => JSON.stringify({ jsonrpc: "2.0", id, result });
  if (method === "initialize") {
    return answer({ name: "fan-out", version: "1.0.0", protocol_version: 1, stateless: ${stateless}, hooks: ["post-plan-resource"] });
  }
  if (method === "shutdown") return answer({});
  ${work}
  return answer({ status: "success" });
}
`;
}

/** Declarations of `count` js guests that each wait for a server on loopback before they answer: no processor works for them meanwhile. */
export async function waitingGuests(
  folder: string,
  port: number,
  count: number,
): Promise<readonly IntegrationDeclarationInput[]> {
  const fetch = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "http/fetch",
    params: { url: `http://127.0.0.1:${port}/` },
  });
  const work = `if (JSON.parse(airlock.request(${JSON.stringify(fetch)})).error !== undefined) throw new Error("not answered");`;
  await writeFile(join(folder, "waiting.mjs"), guest(false, work));
  const grants = { hosts: [`private:http://127.0.0.1:${port}`] };
  return Array.from({ length: count }, (_, index) => ({
    name: `waiting_${index}`,
    source: "./waiting.mjs",
    directory: folder,
    grants,
  }));
}

/** One stateless js guest that computes `turns` turns of a loop for each event. */
export async function computingGuest(folder: string, turns: number): Promise<IntegrationDeclarationInput> {
  const work = `let sum = 0; for (let turn = 0; turn < ${turns}; turn++) sum = (sum + turn * turn) % 65521; if (sum < 0) throw new Error("less than nothing");`;
  await writeFile(join(folder, "computing.mjs"), guest(true, work));
  return { name: "computing", source: "./computing.mjs", directory: folder };
}
