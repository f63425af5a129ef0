// On every page: the playgrounds' posters, requests that go to a playground, and wire figures.

document.documentElement.classList.add("js");

// Playgrounds: nothing of them is loaded before somebody asks.

const opened = new Map();

/** Open a playground, once; resolves to it. */
function playground(place) {
  if (!opened.has(place)) opened.set(place, load(place).catch((error) => failed(place, error)));
  return opened.get(place);
}

async function load(place) {
  const config = configOf(place);
  const poster = place.querySelector(".playground-poster");
  const address = new URL(`${place.dataset.base}assets/playground/playground.js`, document.baseURI);
  poster.querySelector("[role=status]").textContent = "Loading.";
  const { open } = await import(address.href);
  return open(place, config);
}

function failed(place, error) {
  opened.delete(place);
  place.querySelector("[role=status]").textContent =
    `The playground cannot run here: ${error.message} All else on this page works, and so does the code on your machine.`;
}

function poster(place) {
  const box = place.querySelector(".playground-poster");
  const config = configOf(place);
  place.toggleAttribute("data-mistake", Boolean(config.mistake));
  const start = document.createElement("button");
  Object.assign(start, { type: "button", className: "course-button course-button--primary", textContent: "Start the server" });
  start.addEventListener("click", async () => {
    start.disabled = true;
    const one = await playground(place);
    start.disabled = false;
    one?.start();
    one?.root.querySelector("button").focus({ preventScroll: true });
  });
  const mistake = config.mistake ? " with a mistake in it" : "";
  const words = `Step ${config.step}, ${config.script}${mistake}, in this page: edit it, run its checks, visit it. The first start loads Python, 8 to 14 MB.`;
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  box.replaceChildren(words, document.createElement("br"), start, " ", status);
}

function configOf(place) {
  return JSON.parse(place.querySelector("script").textContent);
}

/**
 * The playground that a request goes to: the nearest one that follows, else the last. What a figure
 * shows is right, so it goes to a server without a mistake, be it before or after.
 */
function nearest(button) {
  const places = [...document.querySelectorAll(".playground")];
  const right = places.filter((place) => !("mistake" in place.dataset));
  if (right.length && button.closest("figure.wire")) return closest(button, right);
  return places.find((place) => button.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING) ?? places.at(-1);
}

/** The place that the reader has the shortest way to. */
function closest(button, places) {
  const top = (one) => one.getBoundingClientRect().top;
  const way = (place) => Math.abs(top(place) - top(button));
  return places.reduce((best, place) => (way(place) < way(best) ? place : best));
}

function sender(button) {
  const place = nearest(button);
  if (!place) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const one = await playground(place);
    place.scrollIntoView({ block: "nearest" });
    one?.send(JSON.parse(button.dataset.request));
  });
}

// Wire figures: a part that is pointed at, or has the focus, is explained below the message.

function figure(wire) {
  const about = wire.querySelector(".wire-about");
  const words = about.textContent;
  const explain = (part) => {
    for (const one of wire.querySelectorAll(".wire-part")) one.toggleAttribute("aria-current", one === part);
    for (const row of wire.querySelectorAll(".wire-parts > div")) row.classList.toggle("pointed", row.dataset.part === part?.dataset.part);
    const row = part && wire.querySelector(`.wire-parts > [data-part="${part.dataset.part}"]`);
    if (!row) return void (about.textContent = words);
    const name = document.createElement("b");
    name.textContent = row.querySelector("dt").textContent;
    about.replaceChildren(name, ": ", ...[...row.querySelector("dd").cloneNode(true).childNodes]);
  };
  wire.addEventListener("pointerover", (event) => explain(event.target.closest(".wire-part") ?? document.activeElement.closest?.(".wire-part")));
  wire.addEventListener("focusin", (event) => event.target.closest(".wire-part") && explain(event.target.closest(".wire-part")));
  const list = Object.assign(document.createElement("button"), { type: "button", className: "wire-list", textContent: "All parts as a list" });
  list.setAttribute("aria-expanded", "false");
  list.addEventListener("click", () => {
    wire.toggleAttribute("data-list");
    list.setAttribute("aria-expanded", String(wire.hasAttribute("data-list")));
  });
  wire.querySelector(".wire-parts").before(list);
}

// The theme opens its drawer and its search with labels, which no keyboard reaches: buttons instead.

const OPENERS = { __drawer: "Navigation", __search: "Search" };

function opener(label) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: label.className });
  button.setAttribute("for", label.htmlFor); // the theme's style goes by it
  button.setAttribute("aria-label", OPENERS[label.htmlFor]);
  button.append(...label.childNodes);
  button.addEventListener("click", () => document.getElementById(label.htmlFor).click());
  label.replaceWith(button);
}

// A table that is wider than the page scrolls by itself: the keyboard must get there to do it.

const tables = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

// The theme puts its tables into what scrolls after this script has run.
window.addEventListener("load", () => {
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((table) => tables.observe(table));
});

function begin() {
  for (const id of Object.keys(OPENERS)) {
    document.querySelectorAll(`label.md-header__button[for=${id}]`).forEach(opener);
  }
  document.querySelectorAll(".playground").forEach(poster);
  document.querySelectorAll(".send-to-playground").forEach(sender);
  document.querySelectorAll("figure.wire").forEach(figure);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
