// Drives Firefox through playgrounds: node firefox.mjs PACKAGES FIREFOX URL STEP...
//
// Prints a report as JSON in its last line: errors of the console, requests to other hosts. Exits
// with 1 where something does not come about in time.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, executablePath, url, ...steps] = process.argv.slice(2);
const place = createRequire(join(packages, "package.json")).resolve("puppeteer-core/package.json");
const module = join(place, "..", "lib", "esm", "puppeteer", "puppeteer-core.js");
const { default: puppeteer } = await import(pathToFileURL(module));

const PATIENCE = 90000;
const errors = [];
const away = [];

const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    if (/^http/.test(protocol) && host !== new URL(url).host) away.push(request.url());
  });
  for (const step of steps) {
    await page.goto(`${url}/${step}/`);
    await use(page, step);
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ errors, away }));

/** Wait until the page says so. */
function until(page, test, ...given) {
  return page.waitForFunction(test, { timeout: PATIENCE, polling: 100 }, ...given).catch(async () => {
    throw new Error(`${test} ${given} did not come about; the page says:\n${await page.evaluate(() => document.body.innerText)}`);
  });
}

function press(page, name) {
  return page.evaluate((text) => [...document.querySelectorAll("button")].find((one) => one.textContent === text).click(), name);
}

/** The mini browser goes to an address, and shows this text. */
async function visit(page, target, text) {
  await page.evaluate((value) => {
    document.querySelector("iframe").contentDocument.seen = true;
    const input = document.querySelector(".pg-address");
    input.value = `http://127.0.0.1:8080${value}`;
    input.form.requestSubmit();
  }, target);
  await shows(page, text);
}

/** The frame shows a new document, whole, with this text. */
function shows(page, text) {
  return until(page, (words) => {
    const { readyState, body, seen } = document.querySelector("iframe").contentDocument ?? {};
    return readyState === "complete" && !seen && body.innerText.includes(words);
  }, text);
}

function inFrame(page, selector, value) {
  return page.evaluate((css, text) => {
    const { contentDocument } = document.querySelector("iframe");
    const one = contentDocument.querySelector(css);
    contentDocument.seen = text === null;
    if (text === null) one.click();
    else one.value = text;
  }, selector, value);
}

async function use(page, step) {
  await press(page, "Start the server");
  await until(page, () => document.querySelector(".pg-status")?.textContent.includes("The server runs"));
  if (step === "01") await shows(page, "Hello, World!");
  if (step === "02") {
    await shows(page, "127.0.0.1:8080");
    await inFrame(page, "form input", "Tea & cake");
    await inFrame(page, "form button", null);
    await shows(page, "Tea & cake");
  }
  if (step === "03") await shows(page, "Welcome");
  if (step === "04") {
    await shows(page, "Hello from MyHTTPServer");
    await until(page, () => document.querySelector("iframe").contentWindow.performance.getEntriesByName(`${location.origin}/api/notes`).length);
  }
  if (step > "02") {
    await visit(page, "/", "Welcome");
    await inFrame(page, 'a[href="/about"]', null);
    await shows(page, "written by hand");
    await visit(page, "/", "Welcome");
    await inFrame(page, "form input", "Tea & cake");
    await inFrame(page, "form button", null);
    await shows(page, "Tea & cake");
    await visit(page, "/about/", "written by hand");
    await visit(page, "/nowhere", "404");
    await until(page, () => document.querySelector("[role=log]").textContent.includes("308 Permanent Redirect"));
  }
  await press(page, "Run checks");
  await until(page, () => /^\d+ passed · \d+ run on your machine$/.test(document.querySelector(".pg-summary").textContent));
  await press(page, "Stop the server");
  await until(page, () => document.querySelector(".pg-status").textContent.includes("stopped"));
}
