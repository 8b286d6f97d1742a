import { formatSize } from "../../src/base/size-text.js";
import type { Limits } from "../../src/protocol/limits.js";
import { GuestError } from "../guest-error.js";
import { encodeU32 } from "./byte-reader.js";
import { parseModule } from "./module.js";
import type { Section, WasmModule } from "./module.js";
import type { SizeRange } from "./sections.js";

/** Bytes of one page of linear memory. */
export const PAGE_BYTES = 65_536;
/** A 32-bit memory can have no more. */
const MOST_PAGES = 65_536;
const MOST_ELEMENTS = 0xffff_ffff;
const HAS_MAXIMUM = 0x01;
const MIB = 1024 * 1024;

/** The limits that are written into a module. */
export type ModuleLimits = Pick<Limits, "memoryBytes" | "tableElements">;

interface Patch {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/**
 * Writes the maximum of every memory and table, own or imported, into the module itself, so that the engine holds it.
 * Each gets the smaller of its own maximum and what the limit leaves; all memories together stay within `memoryBytes`,
 * all tables together within `tableElements`. Nothing else changes: beneath the limits the module behaves the same.
 *
 * Throws `GuestError`: GUEST_MEMORY when the declared minima alone are over a limit; GUEST_LOAD as `parseModule`.
 */
export function limitModule(
  bytes: Uint8Array,
  limits: ModuleLimits,
  module: WasmModule = parseModule(bytes),
): Uint8Array {
  const pages = Math.min(Math.floor(limits.memoryBytes / PAGE_BYTES), MOST_PAGES);
  const elements = Math.min(limits.tableElements, MOST_ELEMENTS);
  const patches = [
    ...withinBudget(module.memories, pages, (needed) => memoryError(needed * PAGE_BYTES, limits.memoryBytes)),
    ...withinBudget(module.tables, elements, (needed) => tableError(needed, limits.tableElements)),
  ];
  if (patches.length === 0) return bytes;
  return rewrite(bytes, module.sections, patches);
}

/** Every minimum is served first; what is left goes to the entries in their order. */
function withinBudget(entries: readonly SizeRange[], budget: number, tooSmall: (needed: number) => Error): Patch[] {
  const needed = entries.reduce((sum, entry) => sum + entry.minimum, 0);
  if (needed > budget) throw tooSmall(needed);
  let left = budget - needed;
  return entries.map((entry) => {
    const growth = Math.min((entry.maximum ?? Infinity) - entry.minimum, left);
    left -= growth;
    const parts = [Uint8Array.of(HAS_MAXIMUM), encodeU32(entry.minimum), encodeU32(entry.minimum + growth)];
    return { start: entry.start, end: entry.end, bytes: concat(parts) };
  });
}

function rewrite(bytes: Uint8Array, sections: readonly Section[], patches: readonly Patch[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let copied = 0;
  for (const section of sections) {
    const inside = patches.filter((patch) => patch.start >= section.start && patch.end <= section.end);
    if (inside.length === 0) continue;
    const content = patchSection(bytes, section, inside);
    parts.push(bytes.subarray(copied, section.head), Uint8Array.of(section.id), encodeU32(content.length), content);
    copied = section.end;
  }
  parts.push(bytes.subarray(copied));
  return concat(parts);
}

function patchSection(bytes: Uint8Array, section: Section, patches: readonly Patch[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let copied = section.start;
  for (const patch of patches) {
    parts.push(bytes.subarray(copied, patch.start), patch.bytes);
    copied = patch.end;
  }
  parts.push(bytes.subarray(copied, section.end));
  return concat(parts);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function memoryError(needed: number, limit: number): GuestError {
  return new GuestError(
    "GUEST_MEMORY",
    `the module needs ${formatSize(needed)} of memory to start, and its limit is ${formatSize(limit)}`,
    true,
    { remedy: `Allow it at least ${Math.ceil(needed / MIB)}MiB of memory, or build it with a smaller initial memory` },
  );
}

function tableError(needed: number, limit: number): GuestError {
  return new GuestError(
    "GUEST_MEMORY",
    `the module needs tables of ${needed} elements to start, and its limit is ${limit} elements`,
    true,
    { remedy: "Build it with smaller tables" },
  );
}
