// Python in a worker: loaded when it is first needed, and replaced when it hangs.

/** What a browser must have to run Python here; a sentence for what is missing, or nothing. */
export function missing() {
  if (typeof WebAssembly !== "object") return "This browser has no WebAssembly, which runs Python here.";
  if (!window.isSecureContext) return "The page came by an address that the browser does not trust: open it by https, or from localhost.";
  return "";
}

/** One worker with Python in it. `listen` hears its events. */
export class Python {
  #worker = null;
  #loaded = null;
  ready = false;
  #calls = new Map();
  #number = 0;
  #address;
  #step;
  #listen;

  constructor(address, step, listen) {
    this.#address = address;
    this.#step = step;
    this.#listen = listen;
  }

  /** Load it, the first time; resolves to what it can do. Then it is `ready`. */
  load() {
    this.#loaded ??= this.#begin();
    return this.#loaded;
  }

  #begin() {
    const worker = new Worker(this.#address, { type: "module" });
    this.#worker = worker;
    worker.onmessage = ({ data }) => (data.id ? this.#settle(data) : this.#listen(data));
    return new Promise((resolve, reject) => {
      worker.onerror = (event) => {
        event.preventDefault();
        this.end();
        reject(new Error(event.message ?? "the worker could not be loaded: this browser may know no module workers"));
      };
      const done = (abilities) => {
        this.ready = true;
        resolve(abilities);
      };
      this.call("load", { step: this.#step }).then(done, reject);
    });
  }

  /** Ask for something that is answered. */
  call(task, details = {}) {
    return new Promise((resolve, reject) => {
      const id = ++this.#number;
      this.#calls.set(id, { resolve, reject });
      this.#worker.postMessage({ do: task, id, ...details });
    });
  }

  /** Tell it something. */
  tell(task, details = {}) {
    this.#worker?.postMessage({ do: task, ...details });
  }

  /** Whether it answers at all within this time. Code that loops for ever does not. */
  answers(milliseconds) {
    const late = new Promise((resolve) => setTimeout(resolve, milliseconds, false));
    return Promise.race([this.call("ping"), late]);
  }

  /** End it, whatever it does. The next `load` begins anew. */
  end() {
    this.#worker?.terminate();
    this.#worker = this.#loaded = null;
    this.ready = false;
    for (const { reject } of this.#calls.values()) reject(new Ended());
    this.#calls.clear();
  }

  #settle({ id, result, error, fatal }) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new Error(error));
    if (fatal) this.end();
  }
}

/** Why a call was not answered: somebody ended the worker. */
export class Ended extends Error {}
