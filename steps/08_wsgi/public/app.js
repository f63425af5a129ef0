// Asks the server that sent this script for its data, and keeps notes in its collection.

const answer = document.querySelector("#answer");
const form = document.querySelector("#note");
const list = document.querySelector("#notes");

async function showData() {
  const data = await (await fetch("/api/data")).json();
  const time = new Date(data.timestamp).toLocaleTimeString();
  answer.textContent = `The server says "${data.message}", and that it is ${time}.`;
}

async function showNotes() {
  const notes = await (await fetch("/api/notes")).json();
  list.replaceChildren(...notes.map((note) => {
    const item = document.createElement("li");
    item.textContent = note.text; // As text, never as HTML: anyone may have written it.
    return item;
  }));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await fetch("/api/notes", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  form.reset();
  await showNotes();
});

await showData();
await showNotes();
