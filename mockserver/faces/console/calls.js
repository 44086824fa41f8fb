// Calls as they come: which, how they were judged, what would mend those that were refused.

import { follow, get, named, query, text } from "./api.js";
import { badge, button, choice, code, copy, facts, fill, h, json, moment, part, searching, statusKind, statusOf, time } from "./dom.js";
import { Table } from "./table.js";

const MOST = 500;
const GLYPHS = { passed: "✓", failed: "✕", "not reached": "·" };

export const calls = {
  name: "calls",
  title: "Calls",
  keys: [["e", "explain the call"], ["y", "copy it as curl"], [".", "hold the list, or let it run"]],
  mount: (place) => new Calls(place),
};

class Calls {
  constructor(place) {
    this.place = place;
    this.entries = new Map();
    this.leaving = new AbortController();
    this.isHeld = false;
    this.table = new Table({
      columns: [["time", "w5"], ["status", "w4"], ["account", "w9"], ["call", "wide"], ["refused by", "wide"]],
      row: (entry) => this.row(entry),
      empty: ["No call yet: send one to a vendor, and it appears here.", this.first()],
      most: MOST,
    });
    this.toolbar();
    follow(this.leaving.signal, (isOpen) => this.opened(isOpen), (entry) => this.seen(entry)).catch(place.say);
  }

  // A command for those who have just started.
  first() {
    const vendor = this.place.vendors.find((each) => each.name === "emberqa");
    if (!vendor) return null;
    const body = JSON.stringify({ media_url: "https://example.com/call-audio.mp3" });
    const command = `curl -i ${vendor.url}/api/scoring/submitRecording -H 'Authorization: Bearer emberqa-demo-key' -H 'Content-Type: application/json' -d '${body}'`;
    return [h("pre", {}, command), button("Copy", async () => { await copy(command); this.place.say("Copied: paste it into a shell."); })];
  }

  toolbar() {
    const again = () => this.show();
    this.vendor = choice([["", "every vendor"], ...this.place.vendors.map((each) => each.name)], { "aria-label": "Vendor", onchange: again });
    this.verdict = choice([["", "every verdict"], ["accepted", "accepted"], ["refused", "refused"]], { "aria-label": "Verdict", onchange: again });
    this.search = searching(this.place, again);
    this.live = h("button", { type: "button", class: "live", onclick: () => this.hold(), title: "Hold the list, or let it run (.)" });
    fill(this.place.list, h("div", { class: "toolbar" }, this.vendor, this.verdict, this.search, this.live), this.table.element);
    this.tell(false);
  }

  row(entry) {
    return {
      id: entry.id,
      href: `#/calls/${entry.id}`,
      kind: statusKind(entry.status),
      cells: [
        time(entry.at),
        statusOf(entry.status),
        h("span", { class: "who" }, `${entry.vendor}/`, entry.account ?? "?"),
        h("span", { class: "call" }, h("b", {}, entry.method), " ", entry.path),
        [entry.refused_by ? code(entry.refused_by) : null, entry.fault ? badge(entry.fault, "planted") : null, advised(entry)],
      ],
    };
  }

  async opened(isOpen) {
    this.tell(isOpen);
    if (!isOpen) return;
    // What came before is read once what comes is heard of: none is missed in between, and each stands where it came.
    const before = [...this.entries];
    const page = await get(query("/journal", { limit: MOST }));
    this.entries = new Map([...before, ...page.items.reverse().map((entry) => [entry.id, entry]), ...this.entries]);
    this.evicted = page.evicted;
    if (this.isHeld) this.tell(true);
    else this.show();
    if (!this.shown) this.overview();
  }

  seen(entry) {
    this.entries.set(entry.id, entry);
    if (this.entries.size > 4 * MOST) this.entries.delete(this.entries.keys().next().value);
    if (!this.isHeld && this.fits(entry)) this.table.prepend(entry);
    this.tell(true);
  }

  show() {
    this.table.set([...this.entries.values()].filter((entry) => this.fits(entry)).reverse());
    this.tell(true);
  }

  fits(entry) {
    const wanted = this.search.value.toLowerCase();
    const told = `${entry.vendor}/${entry.account} ${entry.method} ${entry.path} ${entry.status} ${entry.operation} ${entry.refused_by} ${entry.id}`;
    const isRefused = entry.refused_by !== null || statusKind(entry.status) !== "fine";
    if (this.vendor.value && entry.vendor !== this.vendor.value) return false;
    if (this.verdict.value && isRefused !== (this.verdict.value === "refused")) return false;
    return told.toLowerCase().includes(wanted);
  }

  hold() {
    this.isHeld = !this.isHeld;
    if (!this.isHeld) this.show();
    this.tell(this.isLive);
  }

  tell(isLive) {
    this.isLive = isLive;
    const gone = this.evicted ? `, ${this.evicted} pushed out` : "";
    const state = this.isHeld ? "held" : isLive ? "live" : "not connected";
    this.live.dataset.state = state;
    fill(this.live, `${state} · ${this.entries.size}${gone}`);
  }

  async select([id, verb]) {
    this.table.choose(id ?? null);
    this.shown = id;
    if (!id) return this.overview();
    this.reading = get(`/journal/${named(id)}`);
    const entry = await this.reading;
    if (this.shown !== id) return undefined;
    this.entry = entry;
    this.explained = h("div", { class: "explained" });
    fill(this.place.detail, this.heading(entry), this.explained, ...this.told(entry));
    return verb === "explain" ? this.explain() : undefined;
  }

  // With no call chosen: what refused those that are listed, most often first.
  overview() {
    const counted = new Map();
    for (const { vendor, refused_by } of this.entries.values()) {
      if (refused_by) counted.set(`${vendor} ${refused_by}`, (counted.get(`${vendor} ${refused_by}`) ?? 0) + 1);
    }
    const often = [...counted].sort((one, other) => other[1] - one[1]).slice(0, 25);
    const narrow = (told) => {
      this.search.value = told.split(" ")[1];
      this.show();
    };
    return fill(
      this.place.detail,
      h("p", { class: "empty" }, "Choose a call: ", h("kbd", {}, "j"), " ", h("kbd", {}, "k"), " move, ", h("kbd", {}, "e"), " explains, ", h("kbd", {}, "?"), " tells every key."),
      part("What refused calls", often.length ? h("table", { class: "plain often" }, h("tbody", {}, often.map(([told, count]) => h("tr", {}, h("td", {}, count), h("td", {}, button(told, () => narrow(told), { class: "plain" })))))) : null),
    );
  }

  heading(entry) {
    return h(
      "header",
      {},
      h("h2", {}, statusOf(entry.status), " ", entry.method, " ", entry.path),
      h("p", { class: "by" }, `${entry.vendor} · ${entry.operation ?? "no operation"} · `, badge(entry.basis), ` · ${moment(entry.at)}`),
      h(
        "p",
        { class: "actions" },
        button("Explain", () => this.explain(), { title: "e" }),
        button("Copy as curl", () => this.curl(), { title: "y" }),
        entry.account ? h("a", { href: `#/accounts/${named(entry.vendor, entry.account)}` }, `${entry.vendor}/${entry.account}`) : null,
      ),
    );
  }

  told(entry) {
    const asked = entry.request;
    return [
      part("Trail", h("ol", { class: "trail" }, entry.trail.map((step) => trailStep(step, entry.vendor)))),
      part("Advice", entry.advice.map((each) => h("p", {}, code(each.at || "$"), " ", each.says, " ", claimLink(entry.vendor, each.claim)))),
      part("Webhooks", entry.webhooks.map(caused)),
      entry.trouble ? part("Trouble of ours", h("pre", {}, entry.trouble)) : null,
      part("Asked", facts([["type", asked.media_type], ["bytes", asked.size || null], ["call", code(entry.id)]]), parts(asked.parts ?? []), asked.body_left_out ? h("p", {}, "The body was too long to be kept.") : asked.body === undefined || asked.body === null ? null : json(asked.body), Object.keys(asked.query ?? {}).length ? json(asked.query) : null),
      part("Answered", entry.answer.body === undefined || entry.answer.body === null ? h("p", {}, "No body.") : json(entry.answer.body)),
      part("Headers", json(asked.headers ?? {}), Object.keys(entry.answer.headers ?? {}).length ? json(entry.answer.headers) : null),
    ];
  }

  async explain() {
    const id = this.shown;
    if (!id) return;
    const [found] = await Promise.all([get(`/journal/${named(id)}/explain`), this.reading]);
    if (this.shown !== id) return;
    fill(this.explained, explanation(found, this.entry, this.place));
    this.explained.scrollIntoView({ block: "nearest" });
  }

  async curl() {
    if (!this.shown) return;
    await copy(await text(`/journal/${named(this.shown)}/curl`));
    this.place.say("Copied: paste it into a shell.");
  }

  key(key) {
    const acts = { j: () => this.table.move(1), k: () => this.table.move(-1), e: () => this.explain(), y: () => this.curl(), ".": () => this.hold() };
    return acts[key]?.() ?? acts[key];
  }

  unmount() {
    this.leaving.abort();
  }
}

const advised = (entry) => (entry.advice.length ? h("span", { class: "advised", title: "pieces of advice" }, ` ${entry.advice.length}✎`) : null);

export const claimLink = (vendor, claim) => (claim ? h("a", { class: "claim", href: `#/vendors/${named(vendor, claim)}` }, claim) : null);

const ruleOf = (verdict, name, vendor, claim, ...more) => h("li", { class: verdict.replace(" ", "-") }, h("span", { class: "glyph" }, GLYPHS[verdict]), " ", name.replaceAll("_", " "), " ", claimLink(vendor, claim), more);

// One step; rules that all passed are folded away, for they are many and say nothing new.
function stepOf(name, verdict, rules, isOpen, ...more) {
  const listed = h("ul", { class: "rules" }, rules);
  const folded = rules.length && !isOpen ? h("details", {}, h("summary", {}, `${rules.length} rules`), listed) : rules.length ? listed : null;
  return h("li", { class: verdict.replace(" ", "-"), "data-glyph": GLYPHS[verdict] }, h("b", {}, name), more, folded);
}

function trailStep(step, vendor) {
  const rules = (step.rules ?? []).map((rule) => ruleOf(rule.verdict, rule.name, vendor, rule.claim));
  const problems = (step.problems ?? []).map((each) => h("p", { class: "problem" }, code(each.at), " ", each.says, " ", claimLink(vendor, each.claim)));
  return stepOf(step.step, step.passed ? "passed" : "failed", rules, !step.passed, problems);
}

const caused = (each) => h("p", {}, h("a", { href: `#/webhooks/${named(each.id)}` }, each.event), " ", badge(each.state), each.attempted ? ` attempt ${each.attempted}, ${[each.status, each.error].filter((told) => told !== null).join(", ")}` : null, " ", code(each.url));

const parts = (listed) => listed.map((each) => facts([["part", each.name], ["file", each.filename], ["type", each.type], ["bytes", each.size], ["sha256", code(each.sha256.slice(0, 16))]]));

function explanation(found, entry, place) {
  const verdict = found.refused_by ? `It would be refused with ${found.status} by ` : `It would be accepted with ${found.status}`;
  return part(
    "Judged once more, now",
    h("p", {}, verdict, found.refused_by ? code(found.refused_by) : "."),
    entry.request.parts ? h("p", { class: "dim" }, "Its files were not kept: others of their names and kinds stand for them.") : null,
    edits(found, place),
    h("ol", { class: "trail" }, found.steps.map((step) => explainedStep(step, found.vendor))),
    found.nearest ? h("p", {}, "Nearest: ", code(found.nearest.operation), `, what differs is ${found.nearest.differs}`) : null,
  );
}

function explainedStep(step, vendor) {
  const checks = step.checks.map((check) => ruleOf(check.verdict, check.name, vendor, check.claim, check.verdict === "failed" ? failed(check) : null));
  return stepOf(step.step, step.verdict, checks, step.verdict === "failed");
}

function failed(check) {
  const shown = (value) => (value === undefined || value === null ? null : code(JSON.stringify(value)));
  return h("div", { class: "problem" }, h("p", {}, code(check.at), " ", check.message), facts([["expected", shown(check.expected)], ["got", shown(check.got)], ["page", check.says ? [check.says, " ", badge(check.basis)] : null], ["where", check.where]]));
}

function edits(found, place) {
  if (!found.edits?.length) return found.refused_by ? h("p", {}, "No small edit was found that makes it acceptable.") : null;
  const listed = found.edits.map((edit) => h("li", {}, h("b", {}, edit.op), " ", code(edit.at), edit.op === "remove" ? null : [" → ", code(JSON.stringify(edit.value))]));
  const mended = JSON.stringify(found.request?.body ?? null, null, 2);
  return [h("h4", {}, "Acceptable with"), h("ul", { class: "edits" }, listed), button("Copy the mended body", async () => { await copy(mended); place.say("Copied."); })];
}
