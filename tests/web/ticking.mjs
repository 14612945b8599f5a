// A second that goes by: what changes with it is drawn, and nothing else is touched.

import { shelled } from "./shell.mjs";

export async function ticking(browser, address, view) {
  const broken = [];
  const page = await shelled(browser, address, view);
  const at = (seconds, more = {}) => ({
    ...view,
    clears: { ...view.clears, seconds },
    actions: view.actions.map((button) => (button.action === "done" ? { ...button, label: `Done in ${seconds}` } : button)),
    ...more,
  });
  const changed = (next) => page.evaluate(async (next) => {
    const touched = new Set();
    const observer = new MutationObserver((notes) => notes.forEach(({ target }) => touched.add(target)));
    observer.observe(document.getElementById("stage"), { subtree: true, childList: true, characterData: true, attributes: true });
    await globalThis.draw(next);
    const inside = [...touched].map((node) => (node.parentElement?.closest(".acts") || node.matches?.(".acts") ? "acts" : "elsewhere"));
    observer.disconnect();
    return { inside: [...new Set(inside)].sort().join(), done: document.querySelector('[data-send*="done"]').textContent.trim() };
  }, next);
  const expect = (what, is, inside, done) => {
    if (is.inside !== inside || is.done !== done) broken.push(`${what}: touched ${is.inside}, says "${is.done}"`);
  };
  await changed(at(30));
  expect("a second later", await changed(at(29)), "acts", "Done in 29");
  const field = { ...view.field, headline: "Something else." };
  const other = await changed(at(28, { field }));
  if (!other.inside.includes("elsewhere")) broken.push("another headline is not drawn");
  await page.close();
  return broken;
}

/** The camera's picture stays while its screen does, and goes with it. */
export async function painted(browser, address, aiming, other) {
  const page = await shelled(browser, address, aiming);
  const widths = await page.evaluate(async ([aiming, other]) => {
    const canvas = document.querySelector(".preview canvas");
    canvas.width = 640;
    await globalThis.draw({ ...aiming, field: { ...aiming.field, headline: "A little closer." } });
    const stays = document.querySelector(".preview canvas") === canvas ? canvas.width : "another canvas";
    await globalThis.draw(other);
    return [stays, canvas.width];
  }, [aiming, other]);
  await page.close();
  return String(widths) === "640,0" ? [] : [`the camera's picture is ${widths} wide, not 640 and then 0`];
}
