// The step's checks, run in a worker of their own, and what they say.

import { coloured } from "./ansi.js";
import { button, element } from "./dom.js";
import { Loading } from "./loading.js";
import { Ended, Python } from "./python.js";

const PATIENCE_MILLISECONDS = 60000;
const TOO_LONG = "The checks take very long: perhaps a loop has no end. Stop the checks, and look at what you changed.";
const COLUMN_PIXELS = 7.2;

export class Checks {
  #python;
  #step;
  #files;
  #output;
  #summary;
  #stop;
  #loading = new Loading();
  #text = "";
  #drawn = false;
  #timer = null;

  constructor(address, step, files) {
    this.#step = step;
    this.#files = files;
    this.#python = new Python(address, step, (event) => this.#heard(event));
    this.#summary = element("p", { className: "pg-summary", role: "status", textContent: "Not run yet." });
    this.#output = element("pre", { className: "pg-terminal", tabIndex: 0, role: "region", "aria-label": "What the checks say" });
    this.#stop = button("Stop the checks", () => this.#python.end(), { hidden: true });
    this.element = element("section", { className: "pg-panel pg-checks", "aria-label": "Checks", "data-panel": "checks" },
      element("div", { className: "pg-panel-bar" }, element("h3", { className: "pg-heading", textContent: "Checks" }), this.#summary, this.#loading.element, this.#stop),
      this.#output);
  }

  get running() {
    return !this.#stop.hidden;
  }

  /** Run all checks of the step, or those of one exercise: "02.4". */
  async run(only = "") {
    if (this.running) return;
    this.#begin(only);
    try {
      await this.#python.load();
      this.#loading.ends();
      this.#say("Running the checks.");
      const columns = Math.max(60, Math.min(110, Math.floor(this.#output.clientWidth / COLUMN_PIXELS) - 3));
      const counts = await this.#python.call("check", { step: this.#step, edits: this.#files.edits, only, columns });
      this.#done(counts);
    } catch (error) {
      this.#say(error instanceof Ended ? "Stopped." : `The checks ended by an error: ${error.message}`);
      this.#python.end();
    } finally {
      clearTimeout(this.#timer);
      this.#stop.hidden = true;
      this.#loading.ends();
    }
  }

  /** The module with an exercise's functions to be written, whatever else it holds by now. */
  async blanked(text, { functions, id }) {
    await this.#python.load();
    return this.#python.call("blank", { text, functions, exercise: id });
  }

  close() {
    this.#python.end();
  }

  #begin(only) {
    this.#stop.hidden = false;
    this.#text = "";
    this.element.dataset.outcome = "";
    const command = only ? `python -m course check ${only}` : `pytest steps/${this.#step}`;
    this.#output.replaceChildren(faint(`$ ${command}\n`));
    this.#say("Getting ready.");
    this.#timer = setTimeout(() => this.#say(TOO_LONG), PATIENCE_MILLISECONDS);
  }

  #done({ passed, failed, waiting, machine, status }) {
    this.#draw();
    const parts = [`${passed} passed`];
    if (failed) parts.push(`${failed} failed`);
    if (waiting) parts.push(`${waiting} not written yet`);
    if (machine) parts.push(`${machine} run on your machine`);
    this.element.dataset.outcome = failed || status > 1 ? "red" : waiting ? "yellow" : "green";
    this.#say(parts.join(" · "));
    if (machine) {
      const advice = `Run these on your machine: pytest steps/${this.#step}`;
      this.#output.append(faint(`\nThe other ${machine} need sockets or threads. ${advice}\n`));
    }
    this.#reveal();
  }

  /** Bring the first report into view, or the end where there is none. */
  #reveal() {
    const { scrollHeight, textContent } = this.#output;
    const lines = textContent.split("\n");
    const first = lines.findIndex((line) => /^=+ FAILURES =+$/.test(line.trim()));
    this.#output.scrollTop = first < 0 ? scrollHeight : (scrollHeight * first) / lines.length;
  }

  #heard(event) {
    if (event.event === "progress") this.#say(this.#loading.shows(event));
    if (event.event !== "output") return;
    this.#text += event.text;
    if (this.#drawn) return;
    this.#drawn = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#output.append(coloured(this.#text));
    this.#text = "";
    this.#drawn = false;
  }

  #say(text) {
    if (this.#summary.textContent !== text) this.#summary.textContent = text;
  }
}

/** A remark of the page's own among what pytest says. */
function faint(textContent) {
  return element("span", { className: "ansi-faint", textContent });
}
