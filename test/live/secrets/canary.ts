import { randomBytes } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A text that is nowhere but where a test puts it. */
export interface Canary {
  readonly name: string;
  readonly text: string;
  /** The bytes by which it is known: a part of it that no escaping changes, in every form in which it could stand. */
  readonly forms: readonly (readonly [form: string, bytes: Buffer])[];
}

/** The part of the base64 of `…text…` that does not depend on what stands around it, for each place of its first byte. */
function base64Cores(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    return bytes.toString("base64").slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
}

function formsOf(part: string): Canary["forms"] {
  const hex = Buffer.from(part).toString("hex");
  const texts = [
    ["plain", part],
    ["reversed", Buffer.from(part).reverse().toString()],
    ["hex", hex],
    ["upper hex", hex.toUpperCase()],
    ...base64Cores(part).map((core) => ["base64", core] as const),
  ] as const;
  return [
    ...texts.map(([form, text]) => [form, Buffer.from(text)] as const),
    ["UTF-16", Buffer.from(part, "utf16le")] as const,
  ];
}

/** One that an outsider made, known by its last 20 characters. */
export function knownCanary(name: string, text: string): Canary {
  if (!/^[\w-]{20,}$/.test(text)) throw new Error(`${name} is no text that can be looked for: ${JSON.stringify(text)}`);
  return { name, text, forms: formsOf(text.slice(-20)) };
}

/** A new one; most forms of text have to escape something in it. */
export function newCanary(name: string): Canary {
  const part = randomBytes(12).toString("hex");
  return { name, text: `K "7<é>&\\ ${part}`, forms: formsOf(part) };
}

/** Which canaries are in these bytes, and how: `name (form)`. */
export function found(bytes: Buffer | string, canaries: readonly Canary[]): string[] {
  const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  return canaries.flatMap(({ name, forms }) =>
    forms.flatMap(([form, sought]) => (buffer.includes(sought) ? [`${name} (${form})`] : [])),
  );
}

/** Every regular file below a folder, but for those that `skip` names by the end of their paths. */
export function filesBelow(folder: string, skip: readonly string[] = []): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !skip.some((end) => path.endsWith(end)) && lstatSync(path).isFile());
}

/** Which canaries are in which of these files. */
export function foundInFiles(paths: readonly string[], canaries: readonly Canary[]): string[] {
  return paths.flatMap((path) => found(readFileSync(path), canaries).map((what) => `${path}: ${what}`));
}
