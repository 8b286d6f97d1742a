import { introduction } from "./guests/form.js";

/**
 * An honest integration that keeps state: it counts its calls, and says what it sees attached to the resource. If an
 * attack ends it, or anything that it stands on, it counts from 1 again.
 */
export const NEIGHBOUR_SOURCE = `
let calls = 0;
export function handle(line) {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize") return JSON.stringify({ jsonrpc: "2.0", id, result: ${introduction()} });
  if (method === "shutdown" || method === "ping") return JSON.stringify({ jsonrpc: "2.0", id, result: {} });
  const message = JSON.stringify([++calls, params.metadata]);
  return JSON.stringify({ jsonrpc: "2.0", id, result: { status: "success", message } });
}
`;
