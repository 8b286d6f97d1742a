import { realpath } from "node:fs/promises";
import { extname } from "node:path";
import type { GuestKind } from "../protocol/guest-kind.js";
import { notExecutable } from "./find-on-path.js";
import { PackageError } from "./package-error.js";
import { isExecutable } from "./regular-file.js";

/** `\0asm` and version 1: https://webassembly.github.io/spec/core/binary/modules.html#binary-module. */
const WASM_HEAD = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
/** What a component has in the place of the version: https://github.com/WebAssembly/component-model (Binary.md). */
const COMPONENT_HEAD = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
const SHOWN_BYTES = 16;

const KINDS: Readonly<Record<string, GuestKind>> = { ".wasm": "wasm", ".js": "js", ".mjs": "js" };

/**
 * The kind of a bare file: by its extension, else by its mode. A link with an extension must lead to a file with one of
 * the same kind: where an engine finds no code, its message quotes what stands there instead, and that could be a secret.
 * Throws `PackageError` PACKAGE_KIND_UNKNOWN.
 */
export async function kindOfFile(path: string): Promise<GuestKind> {
  const byName = kindByName(path);
  if (byName !== undefined) {
    const real = await realpath(path);
    if (kindByName(real) === byName) return byName;
    throw new PackageError("PACKAGE_KIND_UNKNOWN", `${path} is a link to a file of another kind: ${real}`, {
      remedy: "Let the source be the file itself.",
    });
  }
  if (await isExecutable(path)) return "executable";
  throw new PackageError("PACKAGE_KIND_UNKNOWN", `${path} is no .wasm, .js or .mjs file, and may not be executed`, {
    remedy: `Make it executable if it is a program (chmod +x ${path}), else name it by what it is.`,
  });
}

function kindByName(path: string): GuestKind | undefined {
  return KINDS[extname(path).toLowerCase()];
}

/** Throws `PackageError` PACKAGE_NOT_EXECUTABLE. */
export async function checkExecutable(path: string): Promise<void> {
  if (!(await isExecutable(path))) throw notExecutable(path);
}

/** Looks at the first bytes only; the module itself is checked in the sandbox. Throws `PackageError` PACKAGE_NOT_WASM. */
export function checkWasm(path: string, bytes: Uint8Array): void {
  if (startsWith(bytes, WASM_HEAD)) return;
  if (startsWith(bytes, COMPONENT_HEAD)) {
    throw new PackageError("PACKAGE_NOT_WASM", `${path} is a WebAssembly component, not a module`, {
      remedy: "Build it as a core module, for example for the target wasm32-wasip1.",
    });
  }
  const found = bytes.length === 0 ? "it is empty" : `it starts with "${escaped(bytes.subarray(0, SHOWN_BYTES))}"`;
  throw new PackageError("PACKAGE_NOT_WASM", `${path} is not a WebAssembly module: ${found}`, {
    remedy: "Let the source be the compiled .wasm file.",
  });
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return head.every((byte, at) => bytes[at] === byte);
}

/** Bytes as text that is safe to show: all but printable ASCII as `\xNN`. */
function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`,
  ).join("");
}
