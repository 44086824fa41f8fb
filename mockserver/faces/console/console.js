// The console: views over the admin API, each reached by a key, its place in the address.

import { accounts } from "./accounts.js";
import { get } from "./api.js";
import { calls } from "./calls.js";
import { Clock } from "./clock.js";
import { button, fill, h } from "./dom.js";
import { faults } from "./faults.js";
import { records } from "./records.js";
import { state } from "./state.js";
import { vendors } from "./vendors.js";
import { webhooks } from "./webhooks.js";

const VIEWS = [calls, records, accounts, vendors, faults, webhooks, state];
const THEMES = ["", "light", "dark"];
const at = (id) => document.getElementById(id);

let quieting;

function say(told) {
  clearTimeout(quieting);
  const isError = told instanceof Error;
  at("said").className = isError ? "error" : "";
  fill(at("said"), isError ? told.message : told);
  quieting = setTimeout(() => fill(at("said")), isError ? 12_000 : 4000);
}

// A question that can be answered with no: nothing is thrown away by a slip of the hand.
function sure(question) {
  return new Promise((answered) => {
    const form = h("form", { method: "dialog" }, h("p", {}, question), h("p", { class: "actions" }, button("Yes", null, { type: "submit", value: "yes", class: "harm" }), button("No", () => dialog.close())));
    const dialog = h("dialog", { onclose: () => { dialog.remove(); answered(dialog.returnValue === "yes"); } }, form);
    document.body.append(dialog);
    dialog.showModal();
  });
}

function help(views) {
  const listed = (title, keys) => h("section", {}, h("h3", {}, title), h("dl", {}, keys.map(([key, text]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)])));
  const dialog = h(
    "dialog",
    { id: "help", onclose: () => dialog.remove() },
    listed("Everywhere", [...views.map((view, index) => [`${index + 1}`, view.title]), ["j k", "down and up the list"], ["/", "filter"], ["z", "freeze the clock, or let it run"], ["]", "the clock a minute on"], ["i", "the clock on until all work is done"], ["?", "this"]]),
    views.filter((view) => view.keys.length).map((view) => listed(view.title, view.keys)),
    h("form", { method: "dialog" }, button("Close", null, { type: "submit" })),
  );
  document.body.append(dialog);
  dialog.showModal();
}

function theme(step) {
  const kept = localStorage.getItem("mockserver-theme") ?? "";
  const next = step ? THEMES[(THEMES.indexOf(kept) + 1) % THEMES.length] : kept;
  localStorage.setItem("mockserver-theme", next);
  document.documentElement.dataset.theme = next;
  return next || "auto";
}

class Console {
  constructor(views, place) {
    this.views = views;
    this.place = place;
    this.clock = new Clock(at("clock"), say);
    const turning = button(theme(0), () => fill(turning, theme(1)), { title: "Light, dark, or as the system" });
    fill(at("tools"), button("keys  ?", () => help(views)), turning);
    fill(at("views"), views.map((view, index) => h("a", { href: `#/${view.name}`, "data-view": view.name }, h("kbd", {}, index + 1), " ", view.title)));
    addEventListener("hashchange", () => this.go());
    addEventListener("keydown", (event) => this.press(event));
  }

  async go() {
    const [name, ...steps] = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
    const view = this.views.find((each) => each.name === name) ?? this.views[0];
    if (view !== this.view) {
      this.mounted?.unmount?.();
      this.view = view;
      for (const link of at("views").children) link.setAttribute("aria-current", link.dataset.view === view.name ? "page" : "false");
      fill(at("detail"));
      this.mounted = view.mount(this.place);
    }
    document.title = `${view.title} · mockserver`;
    try {
      await this.mounted.select(steps);
    } catch (error) {
      fill(at("detail"), h("p", { class: "empty" }, error.message));
    }
    at("detail").scrollTop = 0;
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const isWriting = event.target.matches?.("input, select, textarea");
    if (event.key === "Escape") event.target.blur();
    if (isWriting) return;
    if (this.act(event.key)) event.preventDefault();
  }

  act(key) {
    const everywhere = {
      "/": () => at("list").querySelector("input[type=search]")?.focus(),
      "?": () => help(this.views),
      z: () => this.clock.turn(),
      "]": () => this.clock.advance({ seconds: 60 }),
      i: () => this.clock.advance({ until: "idle" }),
      ArrowDown: () => this.mounted.table?.move(1),
      ArrowUp: () => this.mounted.table?.move(-1),
    };
    const view = this.views[Number(key) - 1];
    if (view) location.hash = `#/${view.name}`;
    if (everywhere[key]) everywhere[key]();
    return view || everywhere[key] || this.mounted.key?.(key);
  }
}

async function begin() {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    say(event.reason);
  });
  theme(0);
  const [served, document_] = await Promise.all([get("/vendors"), get("/openapi.json")]);
  const paths = new Set(Object.keys(document_.paths).map((path) => path.replace(/^\/_mock/, "")));
  const place = { list: at("list"), detail: at("detail"), vendors: served.items, paths, say, sure };
  const shown = new Console(VIEWS.filter((view) => !view.needs || paths.has(view.needs)), place);
  // Records that a hand on the clock moved on are shown as they stand then.
  shown.clock.moved = () => shown.mounted.read?.();
  await Promise.all([shown.clock.read(), shown.go()]);
}

begin();
