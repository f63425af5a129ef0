// How far the loading of Python is: a bar, and its megabytes for those who see it.

import { element } from "./dom.js";

export class Loading {
  static begins = "Loading Python, once: this takes some seconds.";

  #bar = element("progress", { className: "pg-progress", max: 1, value: 0, "aria-label": "Loading Python" });
  #amount = element("span", { className: "pg-amount", "aria-hidden": "true" });

  constructor() {
    this.element = element("span", { className: "pg-loading", hidden: true }, this.#bar, this.#amount);
  }

  /** So much has come; gives what to say: the megabytes are beside it, as they change all the time. */
  shows({ loaded, total }) {
    const megabytes = (size) => (Math.min(size, total) / 1e6).toFixed(1);
    this.element.hidden = false;
    if (loaded >= total) return this.#starts();
    this.#bar.value = loaded / total;
    this.#amount.textContent = `${megabytes(loaded)} of ${megabytes(total)} MB`;
    return Loading.begins;
  }

  /** All has come, and nobody knows how long the rest takes: the bar moves by itself. */
  #starts() {
    this.#bar.removeAttribute("value");
    this.#amount.textContent = "";
    return "Python is starting.";
  }

  /** It is there, or will not come. */
  ends() {
    this.element.hidden = true;
  }
}
