import { connect } from "node:net";
import type { Socket } from "node:net";
import { errorCode } from "../../../base/error-code.js";
import { ProviderError } from "./provider-error.js";
import type { ProviderAddress } from "./reattach.js";

/** A connection on this machine is there at once, or the process behind it is stuck. */
const CONNECT_MS = 10_000;

/**
 * A new connection to a provider. Errors after this are the connection's own, with no listener yet: add one at once.
 * Throws `ProviderError` PROVIDER_UNREACHABLE, also when it takes over 10 seconds.
 */
export function dial(address: ProviderAddress, source: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket =
      address.network === "unix"
        ? connect({ path: address.path })
        : connect({ host: address.host, port: address.port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy(new Error("it does not accept connections"));
    }, CONNECT_MS);
    const failed = (cause: Error): void => {
      clearTimeout(timer);
      const where = address.network === "unix" ? address.path : `${address.host}:${address.port}`;
      const reason = errorCode(cause) ?? cause.message;
      reject(
        new ProviderError("PROVIDER_UNREACHABLE", `${source} does not answer on ${where}: ${reason}`, {
          cause,
          remedy: "If you started it yourself, is it still running?",
        }),
      );
    };
    socket.once("error", failed);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", failed);
      resolve(socket);
    });
  });
}
