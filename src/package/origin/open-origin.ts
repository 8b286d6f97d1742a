import type { OriginSettings, OriginSource, PackageOrigin } from "./origin.js";

/** The origin of a source. Nothing is asked before its first method is called. Origins with the same settings share what a host answered. */
export function openOrigin(source: OriginSource, _settings: OriginSettings): PackageOrigin {
  throw new TypeError(`not built yet: ${source.kind}`);
}
