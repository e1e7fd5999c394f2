/** What the page shows, in one place; the address bar holds it, and every part listens to it. */

const KEYS = { indicator: "i", method: "m", classes: "k", level: "v", layers: "l", pocket: "p", area: "d", suggestion: "s", view: "z" };
const DEFAULTS = { indicator: null, method: null, classes: null, level: null, layers: null, pocket: null, area: null, suggestion: null, view: null, brush: null };

let current = { ...DEFAULTS };
const listeners = [];

/** Read the address: `#i=headcount_ratio&p=P1`; the rest keeps its default. */
export function readAddress() {
  const address = new URLSearchParams(location.hash.slice(1));
  const found = {};
  for (const [name, short] of Object.entries(KEYS)) {
    const value = address.get(short);
    if (value !== null) found[name] = name === "layers" ? value.split(",").filter(Boolean) : value;
  }
  return found;
}

function writeAddress() {
  const address = new URLSearchParams();
  for (const [name, short] of Object.entries(KEYS)) {
    const value = current[name];
    if (value !== null && value !== undefined) address.set(short, Array.isArray(value) ? value.join(",") : value);
  }
  history.replaceState(null, "", `#${address.toString()}`);
  for (const link of document.querySelectorAll("[data-lang][href]")) link.href = `?lang=${link.dataset.lang}#${address}`;
}

export const get = () => current;

/** Change the state; listeners get (state, names of what changed). */
export function set(change) {
  const changed = Object.keys(change).filter((name) => change[name] !== current[name]);
  if (!changed.length) return;
  current = { ...current, ...change };
  writeAddress();
  for (const listener of listeners) listener(current, changed);
}

/** Start from defaults and the address without telling anyone. */
export function begin(values) {
  current = { ...DEFAULTS, ...values };
  writeAddress();
}

export const listen = (listener) => listeners.push(listener);

/** Tell everyone everything once. */
export function announce() {
  for (const listener of listeners) listener(current, Object.keys(current));
}
