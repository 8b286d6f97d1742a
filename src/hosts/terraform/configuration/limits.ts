/** What reading a configuration may cost; what is over a limit is left out, and the configuration `incomplete`. */
export interface ConfigurationLimits {
  /** Configuration files, each counted once however many modules use it. */
  readonly files: number;
  /** Bytes of these files together. */
  readonly bytes: number;
  /** Module calls from the root module down to the deepest module. */
  readonly moduleDepth: number;
  /** Modules, each counted once for every call that leads to it. */
  readonly modules: number;
  /** Resources, each counted once for every module that it is in. */
  readonly resources: number;
}

/** Well above real configurations, well below what would keep a run waiting or fill its memory. */
export const CONFIGURATION_LIMITS: ConfigurationLimits = {
  files: 5_000,
  bytes: 64 * 1024 ** 2,
  moduleDepth: 32,
  modules: 5_000,
  resources: 100_000,
};

/** Values that are kept of one JSON file, for each takes about 100 bytes of memory. */
export const MAX_JSON_CONFIGURATION_VALUES = 1_000_000;
