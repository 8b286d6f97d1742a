import { NAME_PATTERN } from "../../declare/declaration.js";
import { MAX_STORED_BYTES } from "../../hosts/terraform/metadata/limits.js";
import { MetadataError } from "../../hosts/terraform/metadata/metadata-error.js";
import { byObject } from "../../hosts/terraform/metadata/read-metadata.js";
import { parseStored } from "../../hosts/terraform/metadata/stored-json.js";
import { isSame } from "../../hosts/terraform/metadata/export-file.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import type { CommandContext } from "../command.js";
import { readInput } from "./read-input.js";
import { shownAddress, tell, withStore } from "./with-store.js";
import type { PlaceOptions } from "./with-store.js";

/** What `airlock metadata set` is asked for. */
export interface SetOptions extends PlaceOptions {
  readonly integration: string;
  readonly metadataVersion?: number;
}

/** Names that a JSON object cannot have as a plain key. */
const RESERVED: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Throws `MetadataError` METADATA_ARGUMENTS for what can be no integration's name. */
export function checkName(integration: string): void {
  if (NAME_PATTERN.test(integration) && !RESERVED.has(integration)) return;
  throw new MetadataError("METADATA_ARGUMENTS", `${JSON.stringify(integration)} is no name of an integration`, {
    remedy: "A name has letters, digits, _ and -, and starts with a letter or _.",
  });
}

/** Runs `airlock metadata set`; `json` is the metadata, or `-` for standard input. */
export async function runSet(
  address: string,
  json: string,
  options: SetOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { integration, metadataVersion } = options;
  checkName(integration);
  const text = json === "-" ? await readInput(context, "the metadata", 4 * MAX_STORED_BYTES) : json;
  const data = parseStored({ address, integration }, text);
  return withStore(options, context, async (store) => {
    const object = store.objects.find((one) => one.address === address && one.deposed === null);
    if (object?.mode !== "managed") {
      throw new MetadataError("METADATA_ARGUMENTS", `the state has no resource ${address}`, {
        address,
        remedy: "Metadata is kept for resources that exist, and not for data sources. In a shell, quote brackets.",
      });
    }
    const before = byObject(store.rows).get(address)?.get(integration) ?? null;
    const after = { version: metadataVersion ?? before?.version ?? 0, data };
    const line = `${shownAddress({ address, deposed: null })} ${integration}`;
    if (isSame(before, after)) {
      tell(context, false, [`unchanged ${line}`]);
    } else {
      await store.change(new Map([[address, new Map([[integration, after]])]]));
      tell(context, false, [`set ${line}`]);
    }
    return EXIT_CODES.ok;
  });
}
