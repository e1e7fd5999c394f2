/** Numbers as the reader writes them: 1.234,5 and 9,2 % in Indonesian, 1,234.5 and 9.2% in English. */

const MISSING = "–";
const locale = { id: "id-ID", en: "en-US" };
let lang = "id";

export function speak(language) {
  lang = language in locale ? language : "id";
}

export function number(value, digits = 0) {
  if (value === null || value === undefined) return MISSING;
  const text = value.toLocaleString(locale[lang], { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return text.startsWith("-") ? (/[1-9]/.test(text) ? `−${text.slice(1)}` : text.slice(1)) : text;
}

export function percent(ratio, digits = 1) {
  if (ratio === null || ratio === undefined) return MISSING;
  return number(100 * ratio, digits) + (lang === "id" ? "\u00a0%" : "%");
}

export function percentRange(lower, upper) {
  if (lower === null || lower === undefined || upper === null || upper === undefined) return "";
  return `${number(100 * lower, 1)}–${percent(upper)}`;
}

/** Both ends of a range in the unit of its column; empty where unknown. */
export function unitRange(lower, upper, unit) {
  if (unit === "0..1" || lower === null || upper === null) return percentRange(lower, upper);
  const between = lower >= 0 ? "–" : lang === "id" ? " s.d. " : " to ";
  return `${inUnit(lower, unit)}${between}${inUnit(upper, unit)}`;
}

/** Whole minutes; from an hour on hours and minutes, as `maps/numbers.py` writes them. */
function duration(minutes) {
  const whole = Math.round(minutes), hours = Math.floor(whole / 60), rest = whole % 60;
  const words = lang === "id" ? ["jam", "menit"] : ["h", "min"];
  return [hours ? `${number(hours)}\u00a0${words[0]}` : "", rest || !hours ? `${rest}\u00a0${words[1]}` : ""].filter(Boolean).join(" ");
}

/** A figure in the unit of its column. */
export function inUnit(value, unit) {
  if (value === null || value === undefined) return MISSING;
  if (unit === "0..1") return percent(value);
  if (unit === "m") return value < 1000 ? `${number(value)}\u00a0m` : `${number(value / 1000, 1)}\u00a0km`;
  if (unit === "min") return duration(value);
  if (["families", "persons", "methods", "visits", "places/1000"].includes(unit)) return number(value);
  return number(value, Math.abs(value) < 100 ? 2 : 0);
}

/** Fill `{name}` in a text of the catalogue. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
