import { Socket } from "node:net";
import { FrameReader, PIPE_FD } from "../frames.js";
import { FrameWriter } from "../frame-writer.js";
import type { ControlMessage, SandboxMessage } from "../messages.js";
import { SandboxHost } from "./host.js";

// QuickJS asks its host for the time zone; which one the user lives in is nobody's business.
process.env["TZ"] = "UTC";

const pipe = new Socket({ fd: PIPE_FD, readable: true, writable: true });
const writer = new FrameWriter<SandboxMessage>((bytes, done) => {
  pipe.write(bytes, done);
});
const host = new SandboxHost({
  send: (message) => {
    writer.send(message);
  },
  answer: (answer) => {
    writer.text(answer);
  },
});
const reader = new FrameReader(
  {
    // The parent is the only one at the other end.
    messages: (messages) => {
      host.take(messages as readonly ControlMessage[]);
    },
    text: (line) => {
      host.line(line);
    },
  },
  () => Infinity,
);
pipe.on("data", (chunk) => {
  reader.push(chunk);
  host.flush();
});
// Without its parent this process has no purpose.
pipe.on("end", () => process.exit(0));
pipe.on("error", () => process.exit(0));
