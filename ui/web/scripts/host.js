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

/** The newest frame: its size and one byte of brightness a pixel; null where there is none. */
export async function frame() {
  if (!tauri) return null;
  const answer = await fetch(FRAME, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return null;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length < 4) return null;
  const [width, height] = [bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]];
  const luma = bytes.subarray(4);
  return luma.length === width * height && width > 0 ? { width, height, luma } : null;
}
