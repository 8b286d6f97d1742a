import type { Grants } from "../protocol/grants.js";

/** Each grant as a line of its own, such as `hosts "api.example.com:443"`. */
export function grantTexts({ hosts, env, files, clock, random, sensitive }: Grants): readonly string[] {
  const named = (name: string, items: readonly string[]) => items.map((item) => `${name} ${JSON.stringify(item)}`);
  return [
    ...named("hosts", hosts),
    ...named("env", env),
    ...named("files", files),
    ...(clock ? ["clock"] : []),
    ...(random ? ["random"] : []),
    ...named("sensitive", sensitive),
  ];
}

/** What of `grants` is not in `others`. */
export function grantsBeyond(grants: Grants, others: Grants): readonly string[] {
  const known = new Set(grantTexts(others));
  return grantTexts(grants).filter((text) => !known.has(text));
}
