// Vendors, their operations, and every sentence that their behaviour rests on, with how it is known.

import { get, named, query } from "./api.js";
import { badge, choice, code, facts, fill, h, json, part, searching } from "./dom.js";
import { Table } from "./table.js";

const BASES = ["documented", "inferred", "assumed", "observed", "unmet"];
const UNMET = "not emulated";
const word = (basis) => (basis === "unmet" ? UNMET : basis);

export const vendors = {
  name: "vendors",
  title: "Vendors",
  keys: [],
  mount: (place) => new Vendors(place),
};

class Vendors {
  constructor(place) {
    this.place = place;
    this.claims = new Map();
    this.table = new Table({ columns: [["vendor", "wide"], ["operations", "w6"], ["claims", "wide"]], row: (vendor) => this.row(vendor), empty: "No vendor is served." });
    const legend = BASES.map((basis) => badge(word(basis), basis));
    fill(place.list, h("div", { class: "toolbar" }, h("span", { class: "dim" }, "How a claim is known:"), legend), this.table.element);
    this.table.set(place.vendors);
  }

  row(vendor) {
    return { id: vendor.name, href: `#/vendors/${named(vendor.name)}`, kind: "fine", cells: [vendor.name, vendor.operations.length, counts(vendor.claims)] };
  }

  async select([name, claim]) {
    this.table.choose(name ?? null);
    this.shown = name;
    const vendor = this.place.vendors.find((each) => each.name === name);
    if (!vendor) return fill(this.place.detail, h("p", { class: "empty" }, "Choose a vendor: its operations, and the claims they rest on."));
    if (!this.claims.has(name)) this.claims.set(name, await this.read(name));
    return this.shown === name ? this.tell(vendor, claim) : undefined;
  }

  // The claims, each with whether calls have shown it kept and broken.
  async read(name) {
    const { items } = await get(`/vendors/${named(name)}/claims`);
    const seen = this.place.paths.has("/coverage") ? (await get(query("/coverage", { vendor: name }))).items : [];
    const shown = new Map(seen.map((each) => [each.claim, each]));
    return items.map((claim) => ({ ...claim, shown: shown.get(claim.name) }));
  }

  tell(vendor, chosen) {
    const list = h("div", { class: "claims" });
    const basis = choice([["", "every basis"], ...BASES.map((each) => [each, word(each)])], { "aria-label": "Basis", onchange: () => show() });
    const search = searching(this.place, () => show(), { value: chosen });
    const show = () => fill(list, this.claims.get(vendor.name).filter((claim) => fits(claim, basis.value, search.value.toLowerCase())).map(claimOf));
    fill(
      this.place.detail,
      h("header", {}, h("h2", {}, vendor.title), h("p", { class: "by" }, code(vendor.url), vendor.hosts.length ? ` · ${vendor.hosts.join(", ")}` : null)),
      part("Claims", h("div", { class: "toolbar" }, basis, search), list),
      part("Operations", h("table", { class: "plain" }, h("tbody", {}, vendor.operations.map(operation)))),
      Object.keys(vendor.options).length ? part("Options", json(vendor.options)) : null,
    );
    show();
  }

  key(key) {
    const acts = { j: () => this.table.move(1), k: () => this.table.move(-1) };
    return acts[key]?.() ?? acts[key];
  }
}

const counts = (claims) => h("span", { class: "counts" }, BASES.filter((basis) => claims[basis]).map((basis) => badge(`${claims[basis]}`, basis)));

const operation = (each) => h("tr", {}, h("td", {}, h("b", {}, each.method), " ", code(each.path)), h("td", { class: "dim" }, each.id), h("td", {}, counts(each.claims)));

const basisOf = (claim) => (claim.unmet ? "unmet" : claim.basis);

const fits = (claim, basis, wanted) => (!basis || basisOf(claim) === basis) && `${claim.name} ${claim.says} ${claim.where}`.toLowerCase().includes(wanted);

function claimOf(claim) {
  return h(
    "article",
    { class: "claim" },
    h("p", {}, badge(word(basisOf(claim)), basisOf(claim)), " ", code(claim.name), " ", coverage(claim.shown)),
    h("p", {}, claim.says),
    facts([["where", claim.where], ["why", claim.why], [UNMET, claim.unmet?.replace(/^not emulated( yet)?: /, "")], ["observed on", claim.observed]]),
  );
}

function coverage(shown) {
  if (!shown) return null;
  const told = (verdict, seen) => (seen === null ? null : h("span", { class: seen ? "seen" : "unseen", title: seen ? `calls have ${verdict} it` : `no call has ${verdict} it yet` }, ` ${verdict} ${seen ? "✓" : "·"}`));
  return [told("kept", shown.kept), told("broken", shown.broken)];
}
