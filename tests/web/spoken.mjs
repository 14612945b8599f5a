// What is said to who does not see the page, and where the focus is for who touches nothing.

import { shelled } from "./shell.mjs";

/** What changes on the same screen is said once, seconds that go by are not. */
export async function spoken(browser, address, view) {
  const broken = [];
  const page = await shelled(browser, address, view);
  await page.evaluate(() => {
    globalThis.said = [];
    for (const id of ["aloud", "warned"]) {
      const region = document.getElementById(id);
      const notes = () => region.textContent && globalThis.said.push(region.textContent);
      if (region.getAttribute("aria-live") === "polite") new MutationObserver(notes).observe(region, { childList: true });
    }
  });
  const says = async (what, next, ...wants) => {
    const said = await page.evaluate(async (next) => {
      globalThis.said = [];
      await globalThis.draw(next);
      return globalThis.said;
    }, next);
    if (JSON.stringify(said) !== JSON.stringify(wants)) broken.push(`${what}: said ${JSON.stringify(said)}, not ${JSON.stringify(wants)}`);
  };
  const warning = (seconds) => `This screen clears in ${seconds} s. Touch it to stay.`;
  const clears = (seconds) => ({ ...view, clears: { seconds, of: 45, last: true, warning: warning(seconds) } });
  const retries = (seconds) => ({ ...view, retries: { seconds, of: 15, last: false }, aloud: `Not proven yet. Next in ${seconds} s.` });
  await says("the same view", view);
  const called = { ...view, aloud: `Staff has been called. ${view.aloud}` };
  await says("staff was called", called, called.aloud);
  await says("staff was called, a second later", called);
  await says("it clears itself", { ...called, clears: clears(10).clears }, warning(10));
  await says("it clears itself, a second later", { ...called, clears: clears(9).clears });
  const drawn = await page.evaluate(() => document.querySelector(".clearing")?.textContent);
  if (drawn !== warning(9)) broken.push(`the warning is "${drawn}" a second later`);
  await says("it was touched", called);
  await says("it clears itself again", { ...called, clears: clears(10).clears }, warning(10));
  await says("it asks again by itself", retries(15), retries(15).aloud);
  await says("it asks again, a second later", retries(14));
  await says("another answer with the same words", { ...retries(14), turn: view.turn + 1 }, retries(14).aloud);
  await page.close();
  return broken;
}

/** The focus goes to what a press has brought, and never with a button that is gone. */
export async function focused(browser, address, view, short) {
  const broken = [];
  const page = await shelled(browser, address, short);
  const shows = (next) => page.evaluate((next) => globalThis.draw(next), next);
  const focus = (action) => page.evaluate((action) => document.querySelector(`[data-send='${JSON.stringify({ act: action })}']`).focus(), action);
  const expect = async (what, wants) => {
    const is = await page.evaluate(() => {
      const { activeElement: one } = document;
      const line = [...document.querySelectorAll(".timeline li")].indexOf(one);
      return one.dataset.send ?? (line < 0 ? one.tagName : `moment ${line}`);
    });
    if (is !== wants) broken.push(`${what}: the focus is on ${is}, not on ${wants}`);
  };
  const { timeline, hidden_after: after, ...story } = short.story;
  const brought = timeline.slice(after, after + 1);
  const all = {
    ...short, story: { ...story, timeline: [...timeline.slice(0, after), ...brought, ...timeline.slice(after)], hidden: 0 },
    actions: short.actions.filter(({ action }) => action !== "show-all"),
  };
  await focus("show-all");
  await shows(all);
  await expect("all moments are shown", `moment ${after}`);
  await shows(all);
  await expect("a second later", `moment ${after}`);

  const [first, second] = view.actions.map(({ action }) => action);
  const without = (gone) => ({ ...view, actions: view.actions.filter(({ action }) => action !== gone) });
  await shows(view);
  await focus(second);
  await shows(without(first));
  await expect("the button before it is gone", JSON.stringify({ act: second }));
  await shows(view);
  await focus(second);
  await shows(without(second));
  await expect("the button is gone", "H1");
  await page.close();
  return broken;
}
