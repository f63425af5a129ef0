// The exercises: choosing one blanks its functions in the editor, and its hints come one at a time.

import { button, element, prose } from "./dom.js";

export class Exercises {
  #exercises;
  #card;
  #ask;

  /** `ask` does the rest: `begin(exercise)` blanks its functions, `check(exercise)` runs its checks. */
  constructor(exercises, ask) {
    this.#exercises = exercises;
    this.#ask = ask;
    this.choice = element("select", { className: "pg-button", "aria-label": "Exercise", onchange: () => this.#choose() },
      new Option("Exercises", ""),
      ...exercises.map((one) => new Option(`${one.id} ${one.title} (${one.minutes} min, ${one.difficulty})`, one.id)));
    this.#card = element("section", { className: "pg-card", "aria-label": "Exercise", hidden: true });
    this.element = this.#card;
  }

  #choose() {
    const exercise = this.#exercises.find((one) => one.id === this.choice.value);
    this.choice.value = "";
    if (!exercise) return;
    this.#show(exercise);
    this.#ask.begin(exercise);
  }

  #show(exercise) {
    const names = exercise.functions.map((name) => `\`${name}\``).join(" and ");
    const file = exercise.file.split("/").pop();
    const told = exercise.functions.length === 1 ? "Its docstring says" : "Their docstrings say";
    const hints = element("ol", { className: "pg-hints" });
    const more = button("A hint", () => {
      const text = exercise.hints[hints.childElementCount];
      hints.append(element("li", {}, text.includes("\n") ? element("pre", { textContent: text }) : prose(text)));
      more.textContent = `Hint ${hints.childElementCount + 1} of ${exercise.hints.length}`;
      more.hidden = hints.childElementCount === exercise.hints.length;
    });
    this.#card.replaceChildren(
      element("div", { className: "pg-panel-bar" },
        element("h3", { className: "pg-heading", textContent: `${exercise.id} ${exercise.title}` }),
        button("Check it", () => this.#ask.check(exercise), { className: "pg-button pg-primary" }), more,
        button("Done", () => this.#leave())),
      prose(`Write ${names} in \`${file}\`. ${told} all that the checks ask for.`), hints);
    this.#card.hidden = false;
  }

  #leave() {
    this.#card.hidden = true;
    this.choice.focus();
  }
}
