import { open } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { errorCode } from "../../base/error-code.js";
import { generateKeys } from "../../package/signature/keys.js";
import type { KeyType } from "../../package/signature/keys.js";
import { SignatureError } from "../../package/signature/signature-error.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import type { CommandContext, Format } from "../command.js";
import { passphraseOf } from "./passphrase.js";

/** What `airlock keygen` was asked for. */
export interface KeygenOptions {
  readonly type: KeyType;
  readonly output: string;
  readonly passphraseFile?: string | undefined;
  readonly format: Format;
}

/** Runs `airlock keygen`. A file that is there is never written over. Throws `SignatureError` SIGNATURE_KEY_UNREADABLE. */
export async function runKeygen(options: KeygenOptions, { io }: CommandContext): Promise<ExitCode> {
  const passphrase = await passphraseOf(options.passphraseFile, io);
  const keys = generateKeys(options.type, passphrase);
  const path = resolve(io.cwd, options.output);
  await writeNew(path, keys.privateKey, 0o600);
  await writeNew(`${path}.pub`, keys.publicKey, 0o644);
  const shown = { id: keys.id, private_key: path, public_key: `${path}.pub`, encrypted: passphrase !== undefined };
  const named = relative(io.cwd, path);
  const text = [
    `key          ${keys.id}\n`,
    `private key  ${named}${shown.encrypted ? " (encrypted)" : ""}: keep it to yourself\n`,
    `public key   ${named}.pub: give it to those who verify\n`,
  ];
  io.stdout.write(options.format === "json" ? toJsonText(shown) : text.join(""));
  if (!shown.encrypted) {
    io.stderr.write("Note: the private key is not encrypted; with AIRLOCK_KEY_PASSPHRASE or --passphrase-file it would be.\n");
  }
  return EXIT_CODES.ok;
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  try {
    const file = await open(path, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    const isThere = errorCode(cause) === "EEXIST";
    const why = isThere ? "it exists" : (errorCode(cause) ?? String(cause));
    throw new SignatureError("SIGNATURE_KEY_UNREADABLE", `the key cannot be written to ${path}: ${why}`, {
      cause,
      remedy: isThere ? "Name another file, or move that one away." : `Name a file in a folder that you may write to, not ${dirname(path)}.`,
    });
  }
}
