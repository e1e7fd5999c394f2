/** Fetch the page's data, each document once. */

const kept = new Map();

async function load(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    const error = new Error(problem[document.documentElement.lang === "en" ? "message_en" : "message_id"] ?? `HTTP ${response.status}`);
    error.reference = problem.reference;
    throw error;
  }
  return response.json();
}

/** The document at an address; a failure is not kept, so that trying again is possible. */
export function json(url) {
  if (!kept.has(url)) {
    const promise = load(url);
    promise.catch(() => kept.delete(url));
    kept.set(url, promise);
  }
  return kept.get(url);
}

const part = encodeURIComponent;
export const areaShapes = (level) => json(`/data/areas/${part(level)}.json`);
export const areaValues = (level) => json(`/data/values/${part(level)}.json`);
export const pocketShapes = () => json("/data/pockets.json");
export const suggestionPlaces = (lang) => json(`/data/interventions.json?lang=${part(lang)}`);
export const context = (name) => json(`/data/context/${part(name)}.json`);
export const rasterUrl = (name) => `/data/raster/${part(name)}.png`;
export const legend = (level, indicator, method, classes, lang) =>
  json(`/data/legend/${part(level)}/${part(indicator)}.json?method=${part(method)}&k=${part(classes)}&lang=${part(lang)}`);
