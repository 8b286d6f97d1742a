import { Socket } from "node:net";
import { FrameReader, FrameWriter, PIPE_FD } from "../frames.js";
import type { HostMessage, SandboxMessage } from "../messages.js";
import { SandboxHost } from "./host.js";

// QuickJS asks its host for the time zone; which one the user lives in is nobody's business.
process.env["TZ"] = "UTC";

const pipe = new Socket({ fd: PIPE_FD, readable: true, writable: true });
const writer = new FrameWriter<SandboxMessage>((frame) => pipe.write(frame));
const host = new SandboxHost((message) => {
  writer.send(message);
});
const reader = new FrameReader(
  // The parent is the only one at the other end.
  (messages) => {
    host.take(messages as readonly HostMessage[]);
  },
  () => Infinity,
);
pipe.on("data", (chunk) => {
  reader.push(chunk);
});
// Without its parent this process has no purpose.
pipe.on("end", () => process.exit(0));
pipe.on("error", () => process.exit(0));
