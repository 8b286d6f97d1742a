import { byObject } from "../../hosts/terraform/metadata/read-metadata.js";
import { MetadataError } from "../../hosts/terraform/metadata/metadata-error.js";
import { EXIT_CODES } from "../../report/exit-code.js";
import type { ExitCode } from "../../report/exit-code.js";
import { toJsonText } from "../../report/json.js";
import type { CommandContext } from "../command.js";
import { foreign } from "../../hosts/terraform/metadata/edit-state.js";
import { withStore } from "./with-store.js";
import type { PlaceOptions } from "./with-store.js";

/** Runs `airlock metadata get`: prints what all integrations stored for an address, or what one of them did. */
export function runGet(
  address: string,
  options: PlaceOptions & { readonly integration?: string },
  context: CommandContext,
): Promise<ExitCode> {
  return withStore(options, context, (store) => {
    const { integration } = options;
    const current = store.damaged.find((one) => one.address === address && one.deposed === null);
    if (current !== undefined) throw foreign(current);
    const stored = byObject(store.rows).get(address);
    if (stored === undefined && !store.objects.some((object) => object.address === address)) {
      throw new MetadataError("METADATA_ARGUMENTS", `the state has no ${address}`, {
        address,
        remedy: "airlock metadata list shows what has metadata; in a shell, quote an address with brackets.",
      });
    }
    if (integration === undefined) {
      const all = [...(stored ?? [])].map(([name, { data }]) => [name, data] as const);
      context.io.stdout.write(toJsonText(Object.fromEntries(all)));
      return EXIT_CODES.ok;
    }
    const own = stored?.get(integration);
    if (own === undefined) {
      throw new MetadataError("METADATA_ARGUMENTS", `${integration} has stored nothing for ${address}`, {
        address,
        integration,
        remedy: "Leave --integration out to see what others did.",
      });
    }
    context.io.stdout.write(toJsonText(own.data));
    return EXIT_CODES.ok;
  });
}
