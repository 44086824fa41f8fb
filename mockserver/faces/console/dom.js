// Elements and texts. Whatever a client may have had a hand in becomes a text node: nothing here is ever parsed.

const LINK = /^(#|\/_mock\/|blob:)/;

// h("td", {class: "n", onclick: f}, child, ...): children are nodes, texts, numbers, lists of these, or nothing.
export function h(name, given, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "href" && !LINK.test(value)) throw new Error(`no link leads to ${value}`);
    else if (key === "value") made.value = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...nodes(children));
  return made;
}

function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false && child !== "");
}

export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

export const button = (text, act, given) => h("button", { type: "button", onclick: act, ...given }, text);

export function choice(options, given) {
  const listed = options.map((each) => (Array.isArray(each) ? each : [each, each]));
  return h("select", given, listed.map(([value, text]) => h("option", { value }, text)));
}

// A heading with what stands under it; nothing where there is nothing to say.
export function part(title, ...content) {
  const found = nodes(content);
  return found.length ? h("section", { class: "part" }, h("h3", {}, title), found) : null;
}

export function facts(pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return h("dl", {}, known.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

export const badge = (text, kind) => h("span", { class: `badge ${kind ?? text}`, title: kind }, text);

export const code = (text) => h("code", {}, text);

// JSON with its words told apart.
export function json(value) {
  return h("pre", { class: "json", tabindex: "0" }, written(value, ""));
}

function written(value, indent) {
  if (value === null || typeof value !== "object") return scalar(value);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const members = Object.entries(value);
  if (!members.length) return [open, close];
  const inner = `${indent}  `;
  const lines = members.map(([key, child], index) => [
    inner,
    Array.isArray(value) ? null : [h("span", { class: "k" }, JSON.stringify(key)), ": "],
    written(child, inner),
    index < members.length - 1 ? ",\n" : "\n",
  ]);
  return [`${open}\n`, lines, indent, close];
}

function scalar(value) {
  const kind = value === null ? "z" : typeof value === "string" ? "s" : typeof value === "number" ? "n" : "z";
  return h("span", { class: kind }, JSON.stringify(value) ?? "undefined");
}

// 2026-06-23T14:30:00.123456Z as 14:30:00, the whole of it on hovering.
export const time = (iso) => h("time", { datetime: iso, title: iso }, String(iso).slice(11, 19));

export const moment = (iso) => String(iso).slice(0, 19).replace("T", " ");

export function stretch(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"]];
  const [size, name] = units.find(([size]) => seconds >= size) ?? [1, "s"];
  return `${Number((seconds / size).toFixed(size === 1 ? 2 : 1))} ${name}`;
}

// A search field that begins with what another view asked to be looked for.
export function searching(place, act, given) {
  const value = place.sought ?? "";
  place.sought = undefined;
  return h("input", { type: "search", placeholder: "filter  /", "aria-label": "Filter", oninput: act, value, ...given });
}

export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const held = h("textarea", { class: "away", value: text });
  document.body.append(held);
  held.select();
  document.execCommand("copy");
  held.remove();
}

// A call that was cut off has no status.
export const statusKind = (status) => (status >= 500 || !status ? "broken" : status >= 400 ? "refused" : "fine");

export const statusOf = (status) => h("span", { class: `status ${statusKind(status)}` }, status || "cut");
