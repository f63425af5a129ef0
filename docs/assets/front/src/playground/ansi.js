// A terminal's colours as elements.

const NAMES = { 1: "bold", 2: "faint", 31: "red", 32: "green", 33: "yellow", 34: "blue", 35: "magenta", 36: "cyan", 90: "faint", 91: "red", 92: "green", 93: "yellow", 94: "blue", 95: "magenta", 96: "cyan" };

/** The text as nodes, its escape sequences turned into classes. */
export function coloured(text) {
  const nodes = document.createDocumentFragment();
  let names = new Set();
  for (const part of text.split(/(\x1b\[[0-9;]*m)/)) {
    const codes = /^\x1b\[([0-9;]*)m$/.exec(part);
    if (codes) names = changed(names, codes[1]);
    else if (part) nodes.append(piece(part.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, ""), names));
  }
  return nodes;
}

function changed(names, codes) {
  const now = new Set(names);
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) now.clear();
    else if (code === 39) for (const one of Object.values(NAMES)) one !== "bold" && one !== "faint" && now.delete(one);
    else if (NAMES[code]) now.add(NAMES[code]);
  }
  return now;
}

function piece(text, names) {
  if (!names.size) return text;
  const span = document.createElement("span");
  span.className = [...names].map((name) => `ansi-${name}`).join(" ");
  span.textContent = text;
  return span;
}
