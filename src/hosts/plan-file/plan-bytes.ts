import { closeSync, fstatSync, readSync } from "node:fs";
import { PlanError } from "./plan-error.js";

/** The bytes of a plan, which can be read again and again: in memory, or in an open file. */
export interface PlanBytes {
  /** What messages call it. */
  readonly name: string;
  readonly size: number;
  /** Fills `target` from its place `into` on with the bytes from `from` on, as far as there are any; gives how many. */
  read(target: Uint8Array, into: number, from: number): number;
  /** Throws PLAN_NOT_READABLE if the bytes are not those of the first reading any more. */
  assertUnchanged(): void;
  close(): void;
}

/** Bytes in memory; nothing is copied. */
export function bytesInMemory(bytes: Uint8Array, name: string): PlanBytes {
  return {
    name,
    size: bytes.length,
    read(target, into, from) {
      const part = bytes.subarray(from, from + target.length - into);
      target.set(part, into);
      return part.length;
    },
    assertUnchanged: () => undefined,
    close: () => undefined,
  };
}

/** The bytes of an open file, which is closed with them. */
export function bytesInFile(descriptor: number, name: string): PlanBytes {
  const before = fstatSync(descriptor);
  let isOpen = true;
  return {
    name,
    size: before.size,
    read(target, into, from) {
      let done = 0;
      while (into + done < target.length) {
        const read = readSync(descriptor, target, into + done, target.length - into - done, from + done);
        if (read === 0) break;
        done += read;
      }
      return done;
    },
    assertUnchanged() {
      const { size, mtimeMs } = fstatSync(descriptor);
      if (size === before.size && mtimeMs === before.mtimeMs) return;
      throw new PlanError("PLAN_NOT_READABLE", `${name} was changed while it was read`, {
        remedy: "Let nothing write it meanwhile, and run the check again",
      });
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}
