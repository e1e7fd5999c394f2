/** Make elements from values; text is always set as text, never parsed as markup. */

const SVG = "http://www.w3.org/2000/svg";

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of [children ?? []].flat(2)) {
    if (child === null || child === undefined || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** An HTML element: tag, attributes (`onclick` and so on are listeners), children (nodes or text). */
export function element(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function drawing(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

export const byId = (id) => document.getElementById(id);

/** Replace what a node holds. */
export function refill(node, ...children) {
  node.replaceChildren(...children.flat(2).filter((child) => child !== null && child !== undefined));
}

/** Bring a row into view inside its own scroller only; the page itself does not jump. */
export function reveal(node) {
  const scroller = node.closest("[data-scroller]");
  if (!scroller) return;
  const row = node.getBoundingClientRect();
  const frame = scroller.getBoundingClientRect();
  const head = scroller.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  if (row.top < frame.top + head) scroller.scrollTop += row.top - frame.top - head - 4;
  else if (row.bottom > frame.bottom) scroller.scrollTop += row.bottom - frame.bottom + 4;
}
