import { DEFAULT_WINDOW, FrameType, Setting } from "./frames.js";
import type { FrameWriter } from "./frame-writer.js";
import { MAX_HEADER_LIST } from "./hpack-decoder.js";
import { CONNECTION_WINDOW, STREAM_WINDOW } from "./receive-window.js";

const ENTRY = 6;

/** Our settings and the window of the connection: the first frames on either hop. */
export function writeOpening(to: FrameWriter, isServer: boolean, maxStreams: number): void {
  const settings: readonly (readonly [id: number, value: number])[] = [
    isServer ? [Setting.maxConcurrentStreams, maxStreams] : [Setting.enablePush, 0],
    [Setting.initialWindowSize, STREAM_WINDOW],
    [Setting.maxHeaderListSize, MAX_HEADER_LIST],
  ];
  to.header(settings.length * ENTRY, FrameType.settings, 0, 0);
  for (const [id, value] of settings) {
    to.uint16(id);
    to.uint32(value);
  }
  to.number(FrameType.windowUpdate, 0, CONNECTION_WINDOW - DEFAULT_WINDOW);
}
