// Texts into their places: headlines step down before a fourth line, names end in the middle.

const lineHeight = (element) => parseFloat(getComputedStyle(element).lineHeight);
const lines = (element) => Math.round(element.scrollHeight / lineHeight(element));

/** The field grows by so much at most when the panel stands upright. */
const TALLEST_FIELD = 832;

/** Whether the field around a headline keeps its height. */
function fieldHolds(element) {
  const hero = element.closest(".hero");
  const trouble = hero?.closest(".trouble");
  const most = document.documentElement.dataset.size === "upright" && !trouble ? TALLEST_FIELD : Infinity;
  return !hero || (hero.offsetHeight <= most && hero.scrollHeight <= hero.offsetHeight + 1);
}

/** Steps headlines that stand side by side down together, until each has at most so many lines. */
function headlines(elements) {
  const fits = (element) =>
    lines(element) <= Number(element.dataset.lines) && element.scrollWidth <= element.clientWidth + 1 && fieldHolds(element);
  // Smaller letters before a broken word, and a word that no letters make fit is broken.
  for (const unbroken of [true, false]) {
    for (const step of ["", "step-1", "step-2", "step-3"]) {
      for (const element of elements) {
        element.classList.toggle("unbroken", unbroken);
        element.classList.remove("step-1", "step-2", "step-3");
        if (step) element.classList.add(step);
      }
      if (elements.every(fits)) return;
    }
  }
  for (const element of elements) {
    if (lines(element) > Number(element.dataset.lines)) element.classList.add(`most-${element.dataset.lines}`);
  }
}

/** Characters of a name that stay behind the ellipsis: its size. */
const TAIL = 8;

/** Takes the middle out of a name until it has two lines. */
function name(element) {
  headlines([element]);
  if (lines(element) <= 2) return;
  const whole = [...element.textContent];
  const tail = whole.slice(-TAIL).join("").trimStart();
  element.setAttribute("aria-label", whole.join(""));
  let [low, high] = [0, whole.length - TAIL];
  element.classList.remove("most-2");
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    element.textContent = `${whole.slice(0, middle).join("").trimEnd()}… ${tail}`;
    if (lines(element) <= 2) low = middle;
    else high = middle - 1;
  }
  element.textContent = `${whole.slice(0, low).join("").trimEnd()}… ${tail}`;
  element.classList.add("most-2");
}

/** Rows move closer before they would have to be scrolled. */
function closer(root) {
  const body = root.querySelector(".body[data-region]");
  const screen = root.firstElementChild;
  screen.classList.remove("tight", "tighter");
  for (const step of ["tight", "tighter"]) {
    if (!body || body.scrollHeight <= body.clientHeight + 1) return;
    screen.classList.add(step);
  }
}

/** A region that holds more than it shows can be reached and scrolled by keys. */
function region(element) {
  const more = element.scrollHeight > element.clientHeight + 1;
  element.classList.toggle("scrolls", more);
  if (more) element.setAttribute("tabindex", "0");
  else element.removeAttribute("tabindex");
}

export function fit(root) {
  const split = [...root.querySelectorAll(".split [data-lines]")];
  if (split.length) headlines(split);
  root.querySelectorAll("[data-lines]:not(.name, .split *)").forEach((element) => headlines([element]));
  root.querySelectorAll(".name[data-lines]").forEach(name);
  closer(root);
  root.querySelectorAll("[data-region]").forEach(region);
}
