// The worker: Python, and the network that it believes in. The page ends it when it hangs.
//
// The page sends {do, id, ...}; what asks for an answer gets {id, result} or {id, error}. Whatever
// else happens comes as {event, ...}.

import { Network } from "./network.js";

const HOME = "/home/you";

/** Whether Python can be suspended while it waits (JavaScript Promise Integration). */
const canSuspend = "Suspending" in WebAssembly;

let python, page, running = false;

/** Whether the script is just coming up once more for a connection: what it says then is known. */
let comingUp = false;

/** What Python has printed and nobody was told yet, and when somebody was told last. */
let printed = { stream: "stdout", text: "" }, said = 0, timer = null;

const TOGETHER_MILLISECONDS = 20;

const network = new Network((happening, line, bytes) => {
  if (happening === "accepted") comingUp = false;
  tell({ event: "wire", happening, line, bytes, at: Date.now() });
});

/** Count what is fetched, so that the page can show how far it is. */
function countFetches(total) {
  const fetched = self.fetch.bind(self);
  let loaded = 0;
  self.fetch = async (...request) => {
    const response = await fetched(...request);
    if (!response.ok || !response.body) return response;
    const counter = new TransformStream({
      transform(chunk, controller) {
        loaded += chunk.length;
        postMessage({ event: "progress", loaded, total });
        controller.enqueue(chunk);
      },
    });
    const { headers, status } = response;
    return new Response(response.body.pipeThrough(counter), { headers, status });
  };
}

async function archive(name) {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.arrayBuffer();
}

/** Load Python, and the step's files into its file system. */
async function load({ step }) {
  const total = PYTHON_SIZES["pyodide.asm.wasm"] + PYTHON_SIZES["python_stdlib.zip"];
  countFetches(total);
  const home = new URL("pyodide/", import.meta.url).href;
  const { loadPyodide } = await import(`${home}pyodide.mjs`);
  const [loaded, course, files] = await Promise.all([
    loadPyodide({ indexURL: home, env: { HOME, PYTHONDONTWRITEBYTECODE: "1" } }),
    archive("course.zip"),
    archive(`steps/${step}.zip`),
  ]);
  python = loaded;
  python.setStdout(printer("stdout"));
  python.setStderr(printer("stderr"));
  python.unpackArchive(course, "zip", { extractDir: HOME });
  python.unpackArchive(files, "zip", { extractDir: HOME });
  python.registerJsModule("outside", network.forPython());
  python.runPython(`import os, sys; os.chdir("${HOME}"); sys.path.insert(0, "${HOME}")`);
  page = python.pyimport("course.playground.page");
  return { canSuspend, version: python.runPython("sys.version.split()[0]") };
}

/** Pass on what Python prints as it prints it, not line by line; together what comes at once. */
function printer(stream) {
  const decoder = new TextDecoder();
  const write = (bytes) => {
    const text = decoder.decode(bytes, { stream: true });
    if (comingUp && stream === "stdout") return bytes.length;
    if (printed.stream !== stream) say(stream);
    printed.text += text;
    if (performance.now() > said + TOGETHER_MILLISECONDS) say();
    else timer ??= setTimeout(() => say(), TOGETHER_MILLISECONDS);
    return bytes.length;
  };
  return { write, isatty: false };
}

/** Post what was printed; from now on something else may be. */
function say(stream = printed.stream) {
  clearTimeout(timer);
  timer = null;
  said = performance.now();
  if (printed.text) postMessage({ event: "output", ...printed });
  printed = { stream, text: "" };
}

/** Post something, after what was printed before it. */
function tell(message) {
  say();
  postMessage(message);
}

/** Start the step's script; answers once it runs, or has failed. */
async function start({ step, script, edits, model, app }) {
  network.clear();
  const command = page.prepare(step, script, JSON.stringify(edits), model, app);
  tell({ event: "output", stream: "command", text: `${command}\n` });
  running = true;
  if (!canSuspend) {
    running = page.visit(0, [], false);
    return { running };
  }
  const ended = page.serve.callPromising().then(over, over);
  await Promise.race([ended, network.firstAccept()]);
  return { running };
}

function over(result) {
  running = false;
  network.clear();
  if (result instanceof Error) tell({ event: "output", stream: "stderr", text: `${result.message}\n` });
  tell({ event: "ended", well: result === true });
}

/** A client connects, with pieces of bytes, each to be received by itself. */
function connect({ line, pieces, end }) {
  if (!running) return network.refuse(line);
  if (canSuspend) return network.connect(line, pieces, end === "close");
  comingUp = true;
  const done = page.visit(line, pieces, end === "close");
  comingUp = false;
  if (!done) over(false);
  return undefined;
}

let checking = null;

/** Run the checks; pytest is loaded the first time. */
async function check({ step, edits, only, columns }) {
  checking ??= archive("pytest.zip").then((zip) =>
    python.unpackArchive(zip, "zip", { extractDir: python.runPython("import site; site.getsitepackages()[0]") }));
  await checking;
  return JSON.parse(page.check(step, JSON.stringify(edits), only, columns));
}

const tasks = {
  load, start, check, connect,
  send: ({ line, pieces }) => network.send(line, pieces),
  end: ({ line }) => network.end(line),
  leave: ({ line }) => network.leave(line),
  interrupt: () => network.interrupt(),
  ping: () => true,
  blank: ({ text, original, names }) => page.blanked(text, original, JSON.stringify(names)),
};

onmessage = async ({ data }) => {
  try {
    const result = await tasks[data.do](data);
    if (data.id) tell({ id: data.id, result });
  } catch (error) {
    tell({ id: data.id, error: String(error.message ?? error), fatal: Boolean(error.pyodide_fatal_error) });
  }
};
