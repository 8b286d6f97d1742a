import { ConnectionFault, ErrorCode, MAX_FRAME, MAX_WINDOW, Setting } from "./frames.js";
import { DEFAULT_TABLE_SIZE } from "./hpack-table.js";

const ENTRY = 6;
const MAX_FRAME_SETTING = 0xff_ffff;

/** What the other end of one connection allows us: RFC 9113, section 6.5.2. */
export class PeerSettings {
  /** Bytes that a new stream may be sent. */
  initialWindow = 65_535;
  /** Streams that may be open at once. */
  maxStreams = Infinity;
  #tableSize = DEFAULT_TABLE_SIZE;

  /**
   * Takes the payload of a SETTINGS frame. Gives by how much the window of streams that exist changes, and whether the
   * peer's header table got smaller. Throws `ConnectionFault` on values that are not allowed; unknown settings are ignored.
   */
  apply(payload: Buffer): { readonly windowChange: number; readonly tableLowered: boolean } {
    if (payload.length % ENTRY !== 0) throw new ConnectionFault(ErrorCode.frameSizeError, "SETTINGS of a wrong size");
    const windowBefore = this.initialWindow;
    let tableLowered = false;
    for (let at = 0; at < payload.length; at += ENTRY) {
      const value = payload.readUInt32BE(at + 2);
      switch (payload.readUInt16BE(at)) {
        case Setting.headerTableSize:
          tableLowered ||= value < this.#tableSize;
          this.#tableSize = value;
          break;
        case Setting.maxConcurrentStreams:
          this.maxStreams = value;
          break;
        case Setting.initialWindowSize:
          check(value <= MAX_WINDOW, ErrorCode.flowControlError, "INITIAL_WINDOW_SIZE", value);
          this.initialWindow = value;
          break;
        case Setting.maxFrameSize:
          // We never send more than the least that this may be.
          check(value >= MAX_FRAME && value <= MAX_FRAME_SETTING, ErrorCode.protocolError, "MAX_FRAME_SIZE", value);
          break;
        case Setting.enablePush:
          check(value <= 1, ErrorCode.protocolError, "ENABLE_PUSH", value);
          break;
      }
    }
    return { windowChange: this.initialWindow - windowBefore, tableLowered };
  }
}

function check(holds: boolean, http2Code: number, name: string, value: number): void {
  if (!holds) throw new ConnectionFault(http2Code, `the setting ${name} may not be ${value}`);
}
