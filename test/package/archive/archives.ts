import { gzipSync } from "fflate";
import { compress } from "../../../src/package/archive/gzip.js";
import { checksumOf, fileHeader } from "../../../src/package/archive/tar-header.js";
import type { ArchiveFile } from "../../../src/package/archive/types.js";
import { writeTar } from "../../../src/package/archive/write-tar.js";

/** What stands in the manifest of the smallest package. */
export const MANIFEST = { namespace: "acme", name: "sample", version: "1.0.0", kind: "js", entry: "main.js" };

export function file(path: string, text = "", mode: 0o644 | 0o755 = 0o644): ArchiveFile {
  return { path, mode, bytes: Buffer.from(text) };
}

/** The files of the smallest package, with changes to its manifest, and further files. */
export function packageFiles(changes: Record<string, unknown> = {}, ...more: readonly ArchiveFile[]): ArchiveFile[] {
  return [
    file("integration.json", JSON.stringify({ ...MANIFEST, ...changes })),
    file("main.js", "export {};"),
    ...more,
  ];
}

/** The archive of these files, by the same steps as `airlock pack`. */
export function archiveOf(files: readonly ArchiveFile[]): Uint8Array {
  return compress(writeTar(files));
}

/** One entry as it stands in a tar archive; `change` edits its header, whose checksum is then made to fit. */
export function entry(path: string, text: string, change: (header: Buffer) => void = () => undefined): Buffer {
  const bytes = Buffer.from(text);
  const header = fileHeader(path, 0o644, bytes.length);
  change(header);
  header.write(`${checksumOf(header).toString(8).padStart(6, "0")}\u0000 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** Entries, as they stand in a tar archive, as a whole file. */
export function gzipOf(entries: readonly Buffer[], end: Buffer = Buffer.alloc(1024)): Uint8Array {
  return gzipSync(Buffer.concat([...entries, end]), { level: 6, mtime: 0 });
}

/** The entries of the smallest package. */
export function packageEntries(): Buffer[] {
  return packageFiles().map(({ path, bytes }) => entry(path, Buffer.from(bytes).toString()));
}
