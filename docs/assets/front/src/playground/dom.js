// Making elements, and remembering what somebody wrote.

/** An element: its properties by name; "on…" listens, "aria-…" and "data-…" are attributes. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A button that is no submit. */
export function button(text, onclick, properties = {}) {
  return element("button", { type: "button", className: "pg-button", textContent: text, onclick, ...properties });
}

/** Text in which `code` is marked, as the course's exercises write it. */
export function prose(text) {
  const nodes = text.split("`").map((part, index) => (index % 2 ? element("code", { textContent: part }) : part));
  return element("p", { className: "pg-prose" }, ...nodes);
}

/** Bring an element into view, gently where the reader likes movement. */
export function show(element, block = "nearest") {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: calm ? "instant" : "smooth" });
}

/** What the browser remembers for us; nothing where it may not. */
export const memory = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set(key, value) {
    try {
      if (value === undefined) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // A private window, or a full disk: the edits last as long as the page.
    }
  },
};
