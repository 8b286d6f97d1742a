/** Every form in which an integration can come. */
export const FORMS = ["js", "plug-in", "command", "executable"] as const;
export type Form = (typeof FORMS)[number];

/** The two that are WebAssembly as they are. */
export const WASM = ["plug-in", "command"] as const;

/** The hook that every attack asks for. */
export const HOOK = "post-plan-resource";

/** What a guest of ours says of itself in `initialize`; `said` adds to it. */
export function introduction(said: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ name: "attack", version: "1.0.0", protocol_version: 1, hooks: [HOOK], ...said });
}

/** Stands for the id of the request in the text of an answer. */
export const ID = "$ID";

/** A whole answer around this result. */
export function answerWith(result: string): string {
  return `{"jsonrpc":"2.0","id":${ID},"result":${result}}`;
}

/** Text, or a text many times over. */
export type Part = string | { readonly text: string; readonly times: number };

/** A part as it stands. */
export function plainText(part: Part): string {
  return typeof part === "string" ? part : part.text.repeat(part.times);
}
