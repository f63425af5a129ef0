// The mini browser's way to the server: every request of its frame is handed to the page.
//
// An address live/SESSION/about?x=1 means /about?x=1 on the page's server. A page in the frame asks
// for "/style.css" by an address outside this scope; such a request comes here too, as the frame is
// ours, and its session is that of the frame. Nothing goes to the network.

const SCOPE = new URL("./", self.location).pathname;
const REPLY_SECONDS = 3;
const NO_BODY = new Set([101, 204, 205, 304]);
const NOT_OURS = new Set(["content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie", "x-frame-options"]);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => event.respondWith(answer(event)));

/** The session and the target that an address in our scope means; undefined for another's. */
function inside(address) {
  const url = new URL(address);
  if (url.origin !== self.location.origin || !url.pathname.startsWith(SCOPE)) return undefined;
  const [session, ...rest] = url.pathname.slice(SCOPE.length).split("/");
  return { session, target: `/${rest.join("/")}${url.search}` };
}

async function answer(event) {
  const { request } = event;
  const place = inside(request.url) ?? (await asked(event));
  if (!place) return Response.error();
  const message = {
    ...place,
    method: request.method,
    headers: [...request.headers],
    body: new Uint8Array(await request.arrayBuffer()),
    navigates: request.mode === "navigate",
  };
  const reply = await ask(message);
  return reply ? response(reply) : Response.error();
}

/** The same for an address outside, asked for by a page of ours; undefined for another host's. */
async function asked(event) {
  const url = new URL(event.request.url);
  const client = await self.clients.get(event.clientId);
  const from = client && inside(client.url);
  if (!from || url.origin !== self.location.origin) return undefined;
  return { session: from.session, target: url.pathname + url.search };
}

/** Ask all windows; the one whose session it is says so at once, and answers when it can. */
async function ask(message) {
  const windows = await self.clients.matchAll({ includeUncontrolled: true, type: "window" });
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), REPLY_SECONDS * 1000);
    for (const window of windows) {
      if (inside(window.url)) continue;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        clearTimeout(timer);
        if (data !== "mine") resolve(data);
      };
      window.postMessage({ playground: message }, [port2]);
    }
  });
}

function response({ status, reason, headers, body }) {
  const location = headers.find(([name]) => name === "Location")?.[1];
  if (location && status >= 300 && status < 400) return Response.redirect(location, status);
  const kept = headers.filter(([name]) => !NOT_OURS.has(name.toLowerCase()));
  try {
    return new Response(NO_BODY.has(status) ? null : body, { status, statusText: reason, headers: kept });
  } catch {
    return new Response(body, { status: 502 });
  }
}
