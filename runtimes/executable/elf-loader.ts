const MAGIC = "\x7fELF";
const LITTLE_ENDIAN = 1;
const WIDE = 2;
/** Program header of the kind that names the loader. */
const INTERPRETER = 3;

/** Offsets in the file's head and in a program header, for files of 32 and of 64 bits. */
const NARROW_AT = { table: 28, size: 42, count: 44, offset: 4, length: 16 } as const;
const WIDE_AT = { table: 32, size: 54, count: 56, offset: 8, length: 32 } as const;

/**
 * The loader that a program asks for (https://man7.org/linux/man-pages/man5/elf.5.html), from its first bytes; null for
 * one that needs none, is of another form, or says it further behind.
 */
export function elfLoader(head: string): string | null {
  const bytes = Buffer.from(head, "latin1");
  if (!head.startsWith(MAGIC) || bytes[5] !== LITTLE_ENDIAN) return null;
  const at = bytes[4] === WIDE ? WIDE_AT : NARROW_AT;
  const word = (from: number): number => (from + 4 <= bytes.length ? bytes.readUInt32LE(from) : 0);
  const half = (from: number): number => (from + 2 <= bytes.length ? bytes.readUInt16LE(from) : 0);
  for (let index = 0; index < half(at.count); index += 1) {
    const entry = word(at.table) + index * half(at.size);
    if (word(entry) !== INTERPRETER) continue;
    const start = word(entry + at.offset);
    const end = start + word(entry + at.length) - 1;
    return end > start && end <= bytes.length ? head.slice(start, end) : null;
  }
  return null;
}
