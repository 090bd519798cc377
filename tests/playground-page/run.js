// Runs every case against the playground at URL, each in a fresh page, and prints one line of JSON for each: {"name", "ok", "detail"}.
// Pictures go to FOLDER. usage: node run.js URL FOLDER [CASE...]
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import * as cases from "./cases.js";

const [url, folder, ...chosen] = process.argv.slice(2);
const patience = 20_000;

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // Builds run as root, where Chromium's sandbox does not work; the only page that is opened is ours.
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

async function run(name) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
  context.setDefaultTimeout(patience);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(`${error}`));
  page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
  try {
    await cases[name]({ page, url, trouble, picture: (file, options) => page.screenshot({ path: `${folder}/${file}.png`, ...options }) });
    return { name, ok: trouble.length === 0, detail: trouble.join("\n") };
  } catch (error) {
    await page.screenshot({ path: `${folder}/failed-${name}.png` }).catch(() => {});
    return { name, ok: false, detail: `${error.stack}\n${trouble.join("\n")}` };
  } finally {
    await context.close();
  }
}

try {
  for (const name of chosen.length > 0 ? chosen : Object.keys(cases)) {
    console.log(JSON.stringify(await run(name)));
  }
} finally {
  await browser.close();
}
