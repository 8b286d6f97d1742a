import { introduction } from "./form.js";

/**
 * What a script does at each step: statements of JavaScript, which see `params`, and in a module `config`, which it was
 * initialized with. `hook` may return (a promise of) how many things it got away with, as `got` counts them; or
 * `raw(text)`, which is written instead of an answer.
 */
export interface ScriptSteps {
  /** Runs when the code is loaded, before all else. */
  readonly top?: string;
  readonly initialize?: string;
  readonly hook?: string;
  readonly shutdown?: string;
  /** What it says of itself, as an expression; otherwise what every attack says. */
  readonly said?: string;
}

/** The part that a module and a program have in common. `got(name, value)` keeps what an attack got hold of. */
function common({ top = "", initialize = "", hook = "", shutdown = "", said = introduction() }: ScriptSteps): string {
  return `
let config = {};
const gains = [];
const got = (name, value) => { gains.push(value === undefined ? name : name + ": " + String(value).slice(0, 200)); };
const attempt = async (name, action) => {
  try {
    const value = await action();
    if (value !== undefined && value !== null && value !== false) got(name, value);
  } catch {}
};
const raw = (text) => ({ raw: text });
${top}
async function hookStep(params) { ${hook} }
async function respond(line) {
  const { id, method, params } = JSON.parse(line);
  if (method === undefined) return undefined;
  let result = {};
  if (method === "initialize") {
    config = params.config;
    ${initialize}
    result = ${said};
  } else if (method === "shutdown") {
    ${shutdown}
  } else if (method !== "ping") {
    const value = await hookStep(params);
    if (typeof value === "object" && value !== null && "raw" in value) return value.raw.replaceAll("$ID", String(id));
    result = { status: "success", message: gains.length + (gains.length > 0 ? ": " + gains.join(", ") : "") };
    gains.length = 0;
  }
  return '{"jsonrpc":"2.0","id":' + id + ',"result":' + JSON.stringify(result) + "}";
}
`;
}

/** A js guest: one module that exports `handle`. Plain Node can load it, too. */
export function moduleSource(steps: ScriptSteps): string {
  return `${common(steps)}\nexport const handle = (line) => respond(line);\n`;
}

/** The same as a program for Node, which reads lines and writes lines. */
export function programSource(steps: ScriptSteps): string {
  return `${common(steps)}
let held = "";
let last = Promise.resolve();
const write = (text) => { if (text !== undefined) process.stdout.write(text + "\\n"); };
process.stdin.on("data", (chunk) => {
  held += chunk;
  for (let end = held.indexOf("\\n"); end >= 0; end = held.indexOf("\\n")) {
    const line = held.slice(0, end);
    held = held.slice(end + 1);
    last = last.then(() => respond(line)).then(write);
  }
});
process.stdin.on("end", () => last.then(() => process.exit(0)));
`;
}
