// The stage is 1080 wide upright or 1920 wide lying, and scaled as a whole to the panel.

const UPRIGHT = [1080, 1920];
const LYING = [1920, 1080];

export function measure() {
  const root = document.documentElement;
  const lying = innerWidth > innerHeight;
  const [width, height] = lying ? LYING : UPRIGHT;
  const scale = Math.min(innerWidth / width, innerHeight / height);
  root.dataset.size = lying ? "lying" : "upright";
  root.style.setProperty("--stage-scale", String(scale));
  root.style.setProperty("--stage-width", `${innerWidth / scale}px`);
  root.style.setProperty("--stage-height", `${innerHeight / scale}px`);
}
