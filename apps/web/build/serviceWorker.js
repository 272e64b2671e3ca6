// Keeps the page for visits without a network. The build fills in the files and their version.
const files = __FILES__;
/** Words and figures of the other language are kept when they are asked for. */
const language = new URL(self.location).searchParams.get("lang");
const isSpoken = (name) =>
  !/(^|[./-])(en|ko)\.json$/.test(name) || name.endsWith(`${language}.json`);
const pageCache = `tenon-page-${__VERSION__}`;
/** The page itself keeps the digits that it has read: `src/worker/digits.ts`. */
const digitCache = "tenon-digits";

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(pageCache);
    const kept = await Promise.all(files.map((name) => cache.match(name)));
    await cache.addAll(files.filter((name, i) => !kept[i] && isSpoken(name)));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("tenon-") && !known(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

const known = (name) => name === pageCache || name === digitCache;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? fromNetwork(request) : fromCache(request));
});

/** A page is as new as can be had. */
async function fromNetwork(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

/** What a page loads has its hash in its name, or never changes. */
async function fromCache(request) {
  return (await caches.match(request)) ?? fetch(request);
}
