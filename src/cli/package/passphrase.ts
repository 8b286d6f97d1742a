import type { CliIo } from "../io.js";
import { MAX_TEXT_BYTES, readNamed } from "./read-file.js";

/** Where a passphrase may be, never on a command line, which other users of the machine can see. */
const VARIABLE = "AIRLOCK_KEY_PASSPHRASE";

/** The first line of a file, else the environment variable; undefined without either, or when it is empty. */
export async function passphraseOf(file: string | undefined, io: CliIo): Promise<string | undefined> {
  const text =
    file === undefined
      ? (io.env[VARIABLE] ?? "")
      : ((await readNamed(io.cwd, file, MAX_TEXT_BYTES)).toString().split(/\r?\n/)[0] ?? "");
  return text === "" ? undefined : text;
}
