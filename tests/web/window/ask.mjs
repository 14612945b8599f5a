// Asks a window to close, as a window's manager does: a few words of the X protocol (X11R7 protocol
// specification, ICCCM 4.2.8.1), since the tools at hand only take a window away.

import { once } from "node:events";
import { connect } from "node:net";

const INTERN_ATOM = 16;
const SEND_EVENT = 25;
const CLIENT_MESSAGE = 33;

/** Sends `WM_DELETE_WINDOW` to a window of a display such as `:99`. */
export async function askToClose(display, window) {
  const server = connect(`/tmp/.X11-unix/X${display.slice(1)}`);
  try {
    let here = Buffer.alloc(0);
    const take = async (length) => {
      while (here.length < length) {
        const [bytes] = await once(server, "data");
        here = Buffer.concat([here, bytes]);
      }
      const taken = here.subarray(0, length);
      here = here.subarray(length);
      return taken;
    };
    // Little end first, version 11.0, no name and no secret.
    server.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const greeting = await take(8);
    if (greeting[0] !== 1) throw new Error("the display lets nobody in");
    await take(greeting.readUInt16LE(6) * 4);
    const atom = async (name) => {
      const padded = Buffer.alloc(Math.ceil(name.length / 4) * 4);
      padded.write(name, "ascii");
      const head = Buffer.alloc(8);
      head.writeUInt8(INTERN_ATOM, 0);
      head.writeUInt16LE(2 + padded.length / 4, 2);
      head.writeUInt16LE(name.length, 4);
      server.write(Buffer.concat([head, padded]));
      return (await take(32)).readUInt32LE(8);
    };
    const [protocols, close] = [await atom("WM_PROTOCOLS"), await atom("WM_DELETE_WINDOW")];
    const send = Buffer.alloc(12 + 32);
    send.writeUInt8(SEND_EVENT, 0);
    send.writeUInt16LE(send.length / 4, 2);
    send.writeUInt32LE(window, 4);
    const event = send.subarray(12);
    event.writeUInt8(CLIENT_MESSAGE, 0);
    event.writeUInt8(32, 1);
    event.writeUInt32LE(window, 4);
    event.writeUInt32LE(protocols, 8);
    event.writeUInt32LE(close, 12);
    server.write(send);
    // The display takes one thing after the other: once it answers again, the window was asked.
    await atom("WM_PROTOCOLS");
  } finally {
    server.destroy();
  }
}
