// The admin API: the token where the server wants one, problems as errors, calls as they come.

import { h, button } from "./dom.js";

const KEPT = "mockserver-admin-token";

export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? `the server answered ${status}`);
    this.status = status;
  }
}

const token = () => sessionStorage.getItem(KEPT);

async function send(method, path, { body, accept, last, signal } = {}) {
  const headers = { Accept: accept ?? "application/json" };
  if (token()) headers.Authorization = `Bearer ${token()}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (last !== undefined) headers["Last-Event-ID"] = String(last);
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const answer = await fetch(`/_mock${path}`, { method, headers, body: text, signal, cache: "no-store" });
  if (answer.status === 401) {
    await askForToken();
    return send(method, path, { body, accept, last, signal });
  }
  if (!answer.ok) throw new Refused(answer.status, await answer.json().catch(() => null));
  return answer;
}

export async function ask(method, path, body) {
  const text = await (await send(method, path, { body })).text();
  return text ? JSON.parse(text) : null;
}

export const get = (path) => ask("GET", path);

export const text = async (path) => (await send("GET", path, { accept: "text/plain, application/json" })).text();

// /records?vendor=… of what is given.
export function query(path, given) {
  const known = Object.entries(given).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return known.length ? `${path}?${new URLSearchParams(known)}` : path;
}

export const named = (...steps) => steps.map(encodeURIComponent).join("/");

// Hands on each call as it comes, until the signal; begins again where the connection ends. `opened` is told each time.
export async function follow(signal, opened, seen) {
  let last;
  while (!signal.aborted) {
    try {
      const answer = await send("GET", "/journal", { accept: "text/event-stream", last, signal });
      opened(true);
      for await (const [place, entry] of events(answer.body)) {
        last = place;
        seen(entry);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused) throw error;
    }
    opened(false);
    await new Promise((again) => setTimeout(again, 1000));
  }
}

async function* events(stream) {
  const decoder = new TextDecoder();
  let held = "";
  for await (const chunk of chunks(stream)) {
    held += decoder.decode(chunk, { stream: true });
    const whole = held.split("\n\n");
    held = whole.pop();
    for (const each of whole) {
      const lines = new Map(each.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
      if (lines.has("data") && !lines.has("event")) yield [lines.get("id"), JSON.parse(lines.get("data"))];
    }
  }
}

async function* chunks(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

let asking;

// One question, however many requests wait for the answer.
function askForToken() {
  asking ??= new Promise((answered) => {
    const field = h("input", { type: "password", autocomplete: "off", "aria-label": "Admin token", required: true });
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", {}, "This server wants its admin token"),
      h("p", {}, "It was printed when the server started, or given with --admin-token. This tab keeps it until it is closed."),
      field,
      button("Enter", null, { type: "submit" }),
    );
    const dialog = h("dialog", { id: "token" }, form);
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    form.addEventListener("submit", () => {
      sessionStorage.setItem(KEPT, field.value.trim());
      dialog.remove();
      asking = undefined;
      answered();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
  return asking;
}
