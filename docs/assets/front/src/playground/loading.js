// How far the loading of Python is: a bar, and its megabytes for those who see it.

import { element } from "./dom.js";

export class Loading {
  #bar = element("progress", { className: "pg-progress", max: 1, value: 0, "aria-label": "Loading Python" });
  #amount = element("span", { className: "pg-amount", "aria-hidden": "true" });

  constructor() {
    this.element = element("span", { className: "pg-loading", hidden: true }, this.#bar, this.#amount);
  }

  /** So much has come; gives what to say, in words that don't change all the time. */
  shows({ loaded, total }) {
    const megabytes = (size) => (Math.min(size, total) / 1e6).toFixed(1);
    this.element.hidden = false;
    this.#bar.value = Math.min(1, loaded / total);
    this.#amount.textContent = `${megabytes(loaded)} of ${megabytes(total)} MB`;
    return loaded < total ? "Loading Python, once." : "Python is starting.";
  }

  /** It is there, or will not come. */
  ends() {
    this.element.hidden = true;
  }
}
