// What a page tells its shell: a shell that stands in for the kiosk's, and what it hears.

/**
 * A page in a shell that hands it `view`; `told` is what it hears, `frames` how often a frame is asked for. What `before`
 * leaves in the page makes the shell fail: `firsts` says how it answers at first, `deaf` that it tells of no views.
 */
export async function shelled(browser, address, view, options = {}, before = async () => {}) {
  const page = await browser.newPage(options);
  await before(page);
  await page.addInitScript((view) => {
    globalThis.told = [];
    globalThis.view = view;
    globalThis.frames = [];
    const invoke = async (_, { input }) => {
      globalThis.told.push(input);
      if (input !== "ready") return null;
      const first = globalThis.firsts?.shift();
      if (first === "rejected") throw new Error("no shell yet");
      return first === "nothing" ? null : globalThis.view;
    };
    const listen = async (_, look) => {
      if (globalThis.deaf) throw new Error("no events");
      globalThis.draw = (view) => { globalThis.view = view; return look({ payload: null }); };
    };
    globalThis.__TAURI__ = { core: { invoke }, event: { listen } };
    // Each frame waits until it is let go.
    globalThis.Image = class { set src(_) { globalThis.frames.push(() => this.onerror()); } };
  }, view);
  await page.goto(address);
  await page.waitForFunction(() => globalThis.told.includes("drawn"), null, { timeout: 3_000 }).catch(() => {});
  return page;
}

/** How often a page has told of a touch after these things were done to it. */
async function touches(page, act) {
  const count = () => page.evaluate(() => globalThis.told.filter((input) => input.act === "touch").length);
  const before = await count();
  await act();
  await page.waitForTimeout(80);
  const after = await count();
  await page.waitForTimeout(1_000);
  return after - before;
}

/** Whoever goes by keys or a switch, or scrolls, keeps the screen; who does nothing does not. */
export async function kept(browser, address, view) {
  const broken = [];
  const page = await shelled(browser, address, view);
  const expect = async (what, most, act) => {
    const told = await touches(page, act);
    if (told !== most) broken.push(`${what}: ${told} touches told, not ${most}`);
  };
  await page.mouse.move(300, 300);
  await expect("nothing", 0, async () => {});
  await expect("a view that is drawn again", 0, () => page.evaluate((view) => globalThis.draw(view), view));
  await expect("Tab", 1, () => page.keyboard.press("Tab"));
  await expect("an arrow", 1, () => page.keyboard.press("ArrowDown"));
  await expect("a wheel", 1, () => page.mouse.wheel(0, 40));
  await expect("a finger", 1, async () => {
    await page.mouse.down();
    await page.mouse.up();
  });
  await expect("one key after the other", 1, async () => {
    for (const key of ["Tab", "Tab", "Tab"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(60);
    }
  });
  await page.keyboard.down("Tab");
  await page.waitForTimeout(1_000);
  await expect("a key that something lies on", 0, () => page.keyboard.down("Tab"));
  await page.close();
  return broken;
}

/** A scanner's keys are no number that a person types, its first key neither; a person's are. */
export async function scanned(browser, address, typing) {
  const broken = [];
  const page = await shelled(browser, address, typing);
  const keys = typing.keypad.rows.join("").slice(0, 3);
  const shown = () => page.evaluate(() => document.querySelector(".typed > span").textContent);
  const strike = (keys) => page.evaluate((keys) => {
    for (const key of keys) document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }, [...keys]);
  await page.evaluate(() => document.querySelector("h1").focus());
  await strike(keys);
  await page.waitForTimeout(200);
  if (await shown() !== "") broken.push(`a scan typed "${await shown()}"`);
  for (const key of keys) {
    await strike(key);
    await page.waitForTimeout(100);
  }
  if (await shown() !== keys) broken.push(`a person typed "${keys}", and "${await shown()}" is there`);
  await page.close();
  return broken;
}

/** A second tap presses nothing that came under the finger since the first; what else a finger presses counts. */
export async function doubled(browser, address, view, typing) {
  const broken = [];
  const page = await shelled(browser, address, view);
  await page.evaluate(() => {
    globalThis.tap = ([x, y]) => document.elementFromPoint(x, y)
      .dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1, clientX: x, clientY: y }));
  });
  const place = (css) => page.evaluate((css) => {
    const { x, y, width, height } = document.querySelector(css).getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  }, css);
  /** What is done where the first of two taps has another view drawn, and the third comes late. */
  const taps = async (what, action, next) => {
    await page.evaluate((view) => globalThis.draw(view), view);
    await page.waitForTimeout(500);
    await page.evaluate(() => { globalThis.told = []; });
    const at = await place(`[data-send='${JSON.stringify({ act: action })}']`);
    await page.evaluate(async ([at, next]) => {
      globalThis.tap(at);
      await globalThis.draw(next);
      globalThis.tap(at);
    }, [at, next]);
    const done = () => page.evaluate(() => globalThis.told.map(({ act }) => act).filter((act) => act && act !== "touch"));
    const twice = await done();
    if (twice.join() !== action) broken.push(`${what}: a double tap did ${twice}, not ${action} alone`);
    await page.waitForTimeout(500);
    await page.evaluate((at) => globalThis.tap(at), at);
    if ((await done()).length !== 2) broken.push(`${what}: a tap that came late did nothing`);
  };
  const [first, second] = view.actions.map(({ action }) => action);
  const other = view.actions.map((button) => (button.action === first ? { ...button, action: "call-staff" } : button));
  await taps("another action in its place", first, { ...view, actions: other });
  await taps("another screen", first, { ...view, turn: view.turn + 1, actions: other });
  await taps("its neighbour in its place", second, { ...view, actions: view.actions.filter(({ action }) => action !== second) });

  await page.evaluate((view) => globalThis.draw(view), typing);
  const keys = [...typing.keypad.rows[0]].slice(0, 3);
  const places = await Promise.all(keys.map((key) => place(`[data-key="${key}"]`)));
  await page.waitForTimeout(500);
  await page.evaluate((places) => places.forEach((at) => globalThis.tap(at)), places);
  const typed = await page.evaluate(() => document.querySelector(".typed > span").textContent);
  if (typed !== keys.join("")) broken.push(`quick fingers typed "${keys.join("")}", and "${typed}" is there`);
  await page.close();
  return broken;
}

/** A picture is asked for once, however often the same view is drawn. */
export async function pictured(browser, address, view) {
  let asked = 0;
  const answer = (route) => { asked += 1; return route.fulfill({ status: 404 }); };
  // There a shell's own address is one that a test can answer.
  const options = { userAgent: "Windows", bypassCSP: true };
  const pictureful = { ...view, item: { ...view.item, picture: "5".repeat(64) } };
  const page = await shelled(browser, address, pictureful, options, (page) => page.route("http://picture.localhost/**", answer));
  for (let second = 0; second < 5; second += 1) {
    await page.evaluate((view) => globalThis.draw(view), pictureful);
    await page.waitForTimeout(100);
  }
  await page.close();
  return asked === 1 ? [] : [`a picture was asked for ${asked} times`];
}
