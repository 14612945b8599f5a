// The shell behind the page: one command in, one event out, and frames of the camera.

const tauri = globalThis.__TAURI__;

/** Tells the host what a person did, or the number that was typed. */
export function send(input) {
  tauri?.core.invoke("act", { input }).catch(() => {});
}

/** Calls `draw` with each new view, the one that stands first. */
export async function onView(draw) {
  if (!tauri) return;
  await tauri.event.listen("view", ({ payload }) => draw(payload));
  send("ready");
}

/** How the shell's own addresses begin: not alike on all systems. */
const own = (scheme) => (navigator.userAgent.includes("Windows") ? `http://${scheme}.localhost/` : `${scheme}://localhost/`);
/** Where the newest frame of the camera is; none without a shell. */
const FRAME = own("frame");
/** Where pictures of products are, by their hash. */
export const PICTURE = own("picture");

/** What holds a frame: one picture for all, since each of its own would keep its pixels until it is collected. */
const held = new Image();
let asked = 0;

/** The newest frame as a picture, until the next is asked for; null where there is none. */
export async function frame() {
  if (!tauri) return null;
  asked += 1;
  return new Promise((answer) => {
    held.onload = () => answer(held);
    held.onerror = () => answer(null);
    // An address is one frame's: the same once more would be the picture that is here.
    held.src = `${FRAME}?${asked}`;
  });
}
