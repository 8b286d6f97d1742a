import type { Dispatcher } from "undici";
import type { OriginSettings } from "../origin.js";
import type { HttpLimits } from "./http-limits.js";

/** Hosts of this machine are never asked for through a proxy. */
const OWN_HOSTS = ["localhost", "127.0.0.1", "::1"];

/**
 * Connections as the environment wants them: HTTPS_PROXY, HTTP_PROXY, NO_PROXY, each in lower case too. TLS is always verified,
 * also under NODE_TLS_REJECT_UNAUTHORIZED=0. Idle connections keep no process alive.
 */
export async function openAgent(
  { environment, certificateAuthorities }: Pick<OriginSettings, "environment" | "certificateAuthorities">,
  limits: HttpLimits,
): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const tls = {
    rejectUnauthorized: true,
    ...(certificateAuthorities !== undefined && { ca: [...certificateAuthorities] }),
  };
  const options = {
    headersTimeout: limits.stallMs,
    bodyTimeout: limits.stallMs,
    connect: { timeout: limits.connectMs, ...tls },
  };
  const of = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? "";
  const [httpProxy, httpsProxy] = [of("HTTP_PROXY"), of("HTTPS_PROXY")];
  const excepted = of("NO_PROXY").trim();
  if ((httpProxy === "" && httpsProxy === "") || excepted === "*") return new Agent(options);
  const noProxy = [excepted, ...OWN_HOSTS].filter((part) => part !== "").join(",");
  return new EnvHttpProxyAgent({ ...options, requestTls: tls, proxyTls: tls, httpProxy, httpsProxy, noProxy });
}
