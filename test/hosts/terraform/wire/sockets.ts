import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../../../support/projects.js";

/** Two ends of one unix socket connection; both are destroyed with the test. */
export async function socketPair(): Promise<[accepted: Socket, opened: Socket]> {
  const path = join(temporaryFolder(), "s");
  const server = createServer();
  server.listen(path);
  await once(server, "listening");
  const accepting = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const opened = connect(path);
  const accepted = await accepting;
  server.close();
  for (const socket of [accepted, opened]) {
    // A test may leave a connection in any state; what it checks, it listens to itself.
    socket.on("error", () => undefined);
    onTestFinished(() => {
      socket.destroy();
    });
  }
  return [accepted, opened];
}
