import { quote } from "../base/quote.js";
import { isRegistryHost } from "../package/source/parse-source.js";
import { badValue, filledText } from "./argument-values.js";
import type { Written } from "./argument-values.js";
import type { SettingsBlock } from "./block.js";
import type { Problems } from "./problems.js";
import { interpretTrust, readParts } from "./trust.js";
import type { TrustDeclaration } from "./trust.js";

/** What `airlock.hcl` says beside its integrations. */
export interface DeclaredSettings {
  readonly trust: readonly TrustDeclaration[];
  /** The registry that sources without a host are looked for in. */
  readonly defaultHost?: string;
}

const REGISTRY: ReadonlyMap<string, (written: Written) => Pick<DeclaredSettings, "defaultHost">> = new Map([
  ["default_host", (written: Written) => ({ defaultHost: host(written) })],
]);

/** What the blocks mean together; faults go to `problems`. */
export function interpretSettings(blocks: readonly SettingsBlock[], problems: Problems): DeclaredSettings {
  const trust = new Map<string, TrustDeclaration>();
  let registry: Pick<DeclaredSettings, "defaultHost"> | undefined;
  for (const block of blocks) {
    problems.attempt(() => {
      if (block.keyword === "registry") {
        if (registry !== undefined) throw twice(block, "two registry blocks");
        registry = interpretRegistry(block);
        return;
      }
      const declared = interpretTrust(block);
      if (trust.has(declared.pattern)) throw twice(block, `two trust blocks are for ${quote(declared.pattern)}`);
      trust.set(declared.pattern, declared);
    });
  }
  return { trust: [...trust.values()], ...registry };
}

function interpretRegistry(block: SettingsBlock): Pick<DeclaredSettings, "defaultHost"> {
  const { source, offset, label } = block;
  if (label !== null) {
    throw source.error("DECLARE_BAD_NAME", offset, "a registry block has no label", {
      remedy: 'Write: registry { default_host = "registry.example.com" }',
    });
  }
  return readParts(block, REGISTRY);
}

function host(written: Written): string {
  const text = filledText(written);
  if (isRegistryHost(text)) return text.toLowerCase();
  throw badValue(written, "it is no name of a host", 'Write for example "registry.example.com" or "localhost:8080".');
}

function twice({ source, offset }: SettingsBlock, message: string) {
  return source.error("DECLARE_DUPLICATE_NAME", offset, message, { remedy: "Keep one of them." });
}
