// Runs inside the page: what is cut off, overlaps, or lies outside the panel.

/** Faults of the layout as it stands; `clamped` allows texts that end in an ellipsis. */
export function faults({ clamped }) {
  const found = [];
  const stage = document.querySelector(".kiosk");
  const scale = stage.getBoundingClientRect().width / stage.offsetWidth;
  const shown = (element) => {
    const style = getComputedStyle(element);
    return style.visibility !== "hidden" && style.display !== "none" && !element.closest(".heard");
  };
  const name = (element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} "${element.textContent.slice(0, 40)}"`;
  const boxes = [];
  const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !shown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const clips = [];
    for (let one = element; one && one !== stage; one = one.parentElement) {
      if (getComputedStyle(one).overflowY !== "visible") clips.push(one.getBoundingClientRect());
    }
    for (const rect of range.getClientRects()) {
      if (rect.width < 1 || rect.height < 1) continue;
      const most = rect.height * 0.35;
      if (clips.some((bounds) => rect.bottom > bounds.bottom + most || rect.top < bounds.top - most || rect.right > bounds.right + most)) {
        if (!clamped) found.push(`cut off: ${name(element)}`);
        continue;
      }
      if (rect.left < -1 || rect.top < -1 || rect.right > innerWidth + 1 || rect.bottom > innerHeight + 1) {
        found.push(`outside the panel: ${name(element)}`);
      }
      boxes.push({ rect, element });
    }
  }
  const margin = 2;
  boxes.forEach((one, at) => boxes.slice(at + 1).forEach((two) => {
    if (one.element === two.element || one.element.contains(two.element) || two.element.contains(one.element)) return;
    const block = (box) => box.element.closest("p, h1, h2, li, button, dt, dd, .finding, .part, .by, .when");
    if (block(one) && block(one) === block(two)) return;
    const width = Math.min(one.rect.right, two.rect.right) - Math.max(one.rect.left, two.rect.left);
    const height = Math.min(one.rect.bottom, two.rect.bottom) - Math.max(one.rect.top, two.rect.top);
    const small = Math.min(one.rect.height, two.rect.height);
    if (width > margin && height > small * 0.3) found.push(`overlap: ${name(one.element)} and ${name(two.element)}`);
  }));
  for (const element of stage.querySelectorAll("*")) {
    if (!shown(element) || element.closest("svg")) continue;
    const style = getComputedStyle(element);
    const clips = style.overflowX !== "visible" || style.overflowY !== "visible";
    const long = element.scrollHeight > element.clientHeight + 2;
    if (clips && !clamped && element.clientHeight && (long || element.scrollWidth > element.clientWidth + 2)) {
      const room = element.matches("h1, h2") ? parseFloat(style.fontSize) * 0.3 : 0;
      if (element.scrollHeight > element.clientHeight + 2 + room || element.scrollWidth > element.clientWidth + 2) found.push(`holds more than it shows: ${name(element)}`);
    }
    if (element.matches("button")) {
      // As a finger meets it: whatever the stage is scaled by is in it.
      const { width, height, top } = element.getBoundingClientRect();
      if (width < 59.5 || height < 59.5) found.push(`target of ${Math.round(width)} x ${Math.round(height)} CSS pixels: ${name(element)}`);
      const inReach = element.closest(".attract, .typing, .days, .others, .choices, .timeline");
      if (document.documentElement.dataset.size === "upright" && !inReach && top / scale < 1600) found.push(`control at ${Math.round(top / scale)}, above 1600: ${name(element)}`);
    }
    const size = parseFloat(style.fontSize);
    const least = element.closest(".station") ? 21 : 26;
    const own = [...element.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (own && size < least) found.push(`text of ${size} px: ${name(element)}`);
  }
  return [...new Set(found)];
}
