import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";
import { safeJson, safeLine, shorten } from "../base/neutralise.js";
import type { StoredMetadata } from "../hosts/terraform/metadata/entry.js";
import { objectKey } from "../hosts/terraform/metadata/read-metadata.js";
import type { DocumentMetadata, MetadataByObject } from "../hosts/terraform/metadata/show-documents.js";

/** How much of one integration's metadata is shown for one resource. */
const MAX_LINES = 100;
const LONGEST_LINE = 500;

/**
 * The line in front of a resource (OpenTofu, `internal/command/jsonformat`): at the margin in a state, two spaces from
 * it in a plan. What stands in values is further in, so that no value can pass for one.
 */
const HEADER = /^(?: {2})?# (\S.*)$/;
const DEPOSED = /^:? \(deposed object (\w+)\)/;

interface Open {
  readonly stored: StoredMetadata;
  /** The line that closes the block. */
  readonly close: string;
  readonly indent: string;
}

/** The longest known object that a header can be of: core writes a colon, a space or nothing behind the address. */
function headerOf(text: string, metadata: MetadataByObject): string | undefined {
  for (let end = text.length; end > 0; end = text.lastIndexOf(" ", end - 1)) {
    const address = text.slice(0, end).replace(/:$/, "");
    const deposed = DEPOSED.exec(text.slice(address.length))?.[1] ?? null;
    const key = objectKey({ address, deposed });
    if (metadata.has(key)) return key;
  }
  return undefined;
}

function storedLines(stored: StoredMetadata, indent: string, color: boolean): string[] {
  const { dim, cyan } = pc.createColors(color);
  return [
    dim(`${indent}# integration metadata`),
    ...[...stored].flatMap(([name, { data }]) => {
      const lines = safeJson(JSON.stringify(data, null, 4)).split("\n");
      const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), "…"] : lines;
      const [first = "", ...rest] = shown.map((line) => shorten(line, LONGEST_LINE));
      return [`${indent}${cyan(safeLine(name, 100))} = ${first}`, ...rest.map((line) => `${indent}${line}`)];
    }),
  ];
}

/** What a header opens; taken out of `metadata`, so that it is shown once. */
function openedBy(plain: string, metadata: Map<string, StoredMetadata>): Open | null {
  const text = HEADER.exec(plain)?.[1];
  const key = text === undefined ? undefined : headerOf(text, metadata);
  const stored = key === undefined ? undefined : metadata.get(key);
  if (key === undefined || stored === undefined) return null;
  metadata.delete(key);
  return plain.startsWith(" ")
    ? { stored, close: "    }", indent: "        " }
    : { stored, close: "}", indent: "    " };
}

/**
 * Core's `show` with what is stored for each resource right beneath its block, once for each; all else byte for byte.
 * A resource that core does not print has no place for it.
 */
export function annotateText(
  printed: string,
  { state, planned }: DocumentMetadata,
  options: { readonly color: boolean },
): string {
  const metadata = new Map([...state, ...(planned ?? [])]);
  const out: string[] = [];
  let open: Open | null = null;
  for (const line of printed.split("\n")) {
    out.push(line);
    const plain = stripVTControlCharacters(line);
    if (open !== null && plain === open.close) {
      out.push(...storedLines(open.stored, open.indent, options.color));
      open = null;
    } else {
      open = openedBy(plain, metadata) ?? open;
    }
  }
  return out.join("\n");
}
