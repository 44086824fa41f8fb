// The mock's clock: what time it is there, and a hand on it.

import { ask, get } from "./api.js";
import { button, choice, fill, h } from "./dom.js";

const PACES = ["1", "0.1", "0.01", "immediate", "held", "reads:3"];
const EVERY = 5000;

export class Clock {
  constructor(element, say) {
    this.shown = h("time", {});
    this.still = button("", () => this.turn(), { title: "Let it stand, or run (z)" });
    this.pace = choice(PACES, { "aria-label": "Pace", title: "How fast work goes on", onchange: () => this.put({ pace: this.pace.value }) });
    const step = (name, wish, title) => button(name, () => this.advance(wish), { title });
    fill(element, this.shown, this.still, step("+1 min", { seconds: 60 }, "Move it on by a minute (])"), step("+1 h", { seconds: 3600 }, "Move it on by an hour"), step("until idle", { until: "idle" }, "Move it on until all work is done (i)"), h("label", {}, "pace ", this.pace));
    this.say = say;
    setInterval(() => document.hidden || this.read().catch(() => this.tick()), EVERY);
    setInterval(() => this.tick(), 250);
  }

  async read() {
    this.told(await get("/clock"));
  }

  told(dial) {
    this.dial = { ...dial, read: performance.now() };
    if (![...this.pace.options].some((each) => each.value === dial.pace)) this.pace.append(new Option(dial.pace, dial.pace));
    this.pace.value = dial.pace;
    fill(this.still, dial.frozen ? "▶ run" : "❚❚ freeze");
    this.shown.classList.toggle("frozen", dial.frozen);
    this.tick();
  }

  tick() {
    if (!this.dial) return;
    const gone = this.dial.frozen ? 0 : performance.now() - this.dial.read;
    const now = new Date(Date.parse(this.dial.now) + gone).toISOString();
    fill(this.shown, now.slice(0, 19).replace("T", " "));
    this.shown.title = `${now}${this.dial.frozen ? ", frozen" : ""}`;
  }

  async put(wish) {
    this.told(await ask("PUT", "/clock", wish));
  }

  async turn() {
    if (!this.dial) await this.read();
    await this.put({ frozen: !this.dial.frozen });
  }

  async advance(wish) {
    this.told(await ask("POST", "/clock/advance", wish));
    this.moved?.();
  }
}
