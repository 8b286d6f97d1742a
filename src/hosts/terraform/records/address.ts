/** The parts of a resource instance's address. */
export interface AddressParts {
  /** The module's address; null for the root module. */
  readonly module: string | null;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** The key of `count` or `for_each`; null without either. */
  readonly index: string | number | null;
}

/** One step of an address: a name, then perhaps an instance key: a number, or a quoted string with escapes. */
const STEP = /([^.[\]"]+)(\[(?:\d+|"(?:[^"\\]|\\.)*")\])?(?:\.|$)/y;

/** Words that begin an address and are no types. */
const RESERVED: ReadonlySet<string> = new Set(["module", "data"]);

interface Step {
  readonly name: string;
  readonly key: string | number | null;
  /** Where the step ends, without the dot. */
  readonly end: number;
}

/** The value of a key in brackets: a number, or a quoted string of HCL. */
function keyOf(text: string | undefined): string | number | null {
  if (text === undefined) return null;
  const inner = text.slice(1, -1);
  if (!inner.startsWith('"')) return Number(inner);
  const plain = inner
    .slice(1, -1)
    .replaceAll(/\\(?:u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|(.))/g, (_all, short?: string, long?: string, character = "") =>
      unescaped(short ?? long, String(character)),
    );
  return plain.replaceAll(/([$%])\1\{/g, "$1{");
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "n"],
  ["\r", "r"],
  ["\t", "t"],
  ['"', '"'],
  ["\\", "\\"],
]);
const UNESCAPES: ReadonlyMap<string, string> = new Map([...ESCAPES].map(([plain, letter]) => [letter, plain]));
/** What Go prints as it is (`unicode.IsPrint`): letters, marks, numbers, punctuation, symbols, and the ASCII space. */
const PRINTED = /^[ \p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

function unescaped(hex: string | undefined, character: string): string {
  if (hex === undefined) return UNESCAPES.get(character) ?? character;
  const point = Number.parseInt(hex, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : "";
}

function escaped(character: string): string {
  const letter = ESCAPES.get(character);
  if (letter !== undefined) return `\\${letter}`;
  if (PRINTED.test(character)) return character;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}

function stepsOf(address: string): Step[] | null {
  if (address.endsWith(".")) return null;
  const steps: Step[] = [];
  let at = 0;
  while (at < address.length) {
    STEP.lastIndex = at;
    const [all, name, key] = STEP.exec(address) ?? [];
    if (all === undefined || name === undefined) return null;
    at = STEP.lastIndex;
    steps.push({ name, key: keyOf(key), end: at - (all.endsWith(".") ? 1 : 0) });
  }
  return steps;
}

/**
 * The parts of an address as core writes it (https://developer.hashicorp.com/terraform/cli/state/resource-addressing),
 * e.g. `module.site["blue"].data.local_file.page[0]`. null for what is none.
 */
export function parseAddress(address: string): AddressParts | null {
  const steps = stepsOf(address);
  if (steps === null) return null;
  let at = 0;
  while (steps[at]?.name === "module" && steps.length - at > 2) at += 2;
  const module = at === 0 ? null : address.slice(0, steps[at - 1]?.end ?? 0);
  const isData = steps[at]?.name === "data" && steps.length - at === 3;
  const [type, name, ...more] = steps.slice(isData ? at + 1 : at);
  if (type === undefined || name === undefined || more.length > 0 || RESERVED.has(type.name)) return null;
  return { module, mode: isData ? "data" : "managed", type: type.name, name: name.name, index: name.key };
}

/**
 * An instance key as core writes it behind an address: `[0]`, `["a"]`; nothing for null (`toHCLQuotedString` in
 * OpenTofu's `internal/addrs/instance_key.go`).
 */
export function instanceKey(key: string | number | null): string {
  if (key === null) return "";
  if (typeof key === "number") return `[${key}]`;
  return `["${Array.from(key, escaped)
    .join("")
    .replaceAll(/[$%](?=\{)/g, "$&$&")}"]`;
}

/** The address of an instance from its parts. */
export function formatAddress({ module, mode, type, name, index }: AddressParts): string {
  const resource = `${mode === "data" ? "data." : ""}${type}.${name}${instanceKey(index)}`;
  return module === null ? resource : `${module}.${resource}`;
}

/** An address without any instance key: that of the block in the configuration. */
export function withoutKeys(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");
}
