// Lists the golden views and shows one as the kiosk draws it. For developers; not shipped.

const nav = document.querySelector("nav");
const frame = document.querySelector("iframe");
const goldens = await (await fetch("/preview/goldens.json")).json();
const choice = { panel: "upright", theme: "light", dir: "ltr" };
let current = null;

function picker(name, values) {
  const select = document.createElement("select");
  select.append(...values.map((value) => new Option(value)));
  select.addEventListener("change", () => { choice[name] = select.value; show(current); });
  const label = document.createElement("label");
  label.append(`${name} `, select);
  return label;
}

function show(golden) {
  current = golden ?? goldens[0];
  for (const button of nav.querySelectorAll("button")) button.toggleAttribute("aria-current", button.textContent === current.name);
  frame.className = choice.panel;
  frame.onload = () => {
    Object.assign(frame.contentDocument.documentElement.dataset, { theme: choice.theme, dir: choice.dir });
    frame.contentWindow.dispatchEvent(new MessageEvent("message", {
      data: { view: current.view }, source: frame.contentWindow, origin: location.origin,
    }));
  };
  frame.src = "/";
}

nav.append(picker("panel", ["upright", "lying"]), picker("theme", ["light", "dark"]), picker("dir", ["ltr", "rtl"]));
for (const golden of goldens) {
  const button = document.createElement("button");
  button.textContent = golden.name;
  button.addEventListener("click", () => show(golden));
  nav.append(button);
}
show(goldens[0]);
