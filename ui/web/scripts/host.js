// The shell behind the page: one command in, one event out, and frames of the camera.

const tauri = globalThis.__TAURI__;

/** Tells the host what a person did, or the number that was typed. */
export function send(input) {
  tauri?.core.invoke("act", { input }).catch(() => {});
}

/** Milliseconds after which a view is asked for again that did not come, or could not be drawn. */
const AGAIN = 1_000;

/** Asks for what there is to be shown; tells whether it was drawn. */
async function look(draw) {
  try {
    const view = await tauri.core.invoke("act", { input: "ready" });
    if (view) draw(view);
    return Boolean(view);
  } catch (error) {
    console.error(error);
    return false;
  }
}

/** Calls `draw` with each new view, the one that stands first. What is told is only that there is one; it is asked for. */
export async function onView(draw) {
  if (!tauri) return;
  let [asking, another, later] = [false, false, null];
  const ask = async () => {
    another = true;
    if (asking) return;
    asking = true;
    clearTimeout(later);
    let stands = false;
    while (another) {
      another = false;
      stands = await look(draw);
    }
    asking = false;
    // Nobody may tell of this view again.
    if (!stands) later = setTimeout(ask, AGAIN);
  };
  try {
    await tauri.event.listen("view", ask);
  } catch (error) {
    console.error(error);
    // Whoever is told of no view looks for it.
    setInterval(ask, AGAIN);
  }
  ask();
}

/** How the shell's own addresses begin: not alike on all systems. */
const own = (scheme) => (navigator.userAgent.includes("Windows") ? `http://${scheme}.localhost/` : `${scheme}://localhost/`);
/** Where the newest frame of the camera is; none without a shell. */
const FRAME = own("frame");
/** Where pictures of products are, by their hash. */
export const PICTURE = own("picture");

/** What holds a frame: one picture for all, since each of its own would keep its pixels until it is collected. */
const held = new Image();
/** Two addresses by turns: the same once more may be the picture that is here, and web views remember each that they ever asked for. */
const TURNS = [`${FRAME}?0`, `${FRAME}?1`];
let turn = 0;

/** The newest frame as a picture, until the next is asked for; null where there is none. */
export async function frame() {
  if (!tauri) return null;
  turn = 1 - turn;
  return new Promise((answer) => {
    held.onload = () => answer(held);
    held.onerror = () => answer(null);
    held.src = TURNS[turn];
  });
}
