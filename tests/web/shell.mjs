// What a page tells its shell: a shell that stands in for the kiosk's, and what it hears.

/** A page in a shell that hands it `view`; `told` is what it hears, `frames` how often a frame is asked for. */
export async function shelled(browser, address, view) {
  const page = await browser.newPage();
  await page.addInitScript((view) => {
    globalThis.told = [];
    globalThis.frames = [];
    const invoke = async (_, { input }) => {
      globalThis.told.push(input);
      if (input === "ready") globalThis.draw({ payload: view });
    };
    globalThis.__TAURI__ = { core: { invoke }, event: { listen: async (_, draw) => { globalThis.draw = draw; } } };
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
  await expect("a view that is drawn again", 0, () => page.evaluate((view) => globalThis.draw({ payload: view }), view));
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
