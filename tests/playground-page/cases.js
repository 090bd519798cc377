// What a person can do with the page. The name of a function is the name of a case.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const broken = "grpc_service: { envoy_grpc: { cluster_name: c } }\nprocessing_mode:\n  request_body_mode: FULL_DUPLEX_STREAMED\n";
const whole = `${broken}  request_trailer_mode: SEND\n`;

/** Opens the page and waits for its first verdict. */
async function open({ page, url }, fragment = "") {
  await page.goto(url + fragment);
  await page.waitForFunction(() => document.getElementById("status").dataset.kind);
}

/** Waits until the status begins with these words. */
const says = (page, words) => page.waitForFunction((begin) => document.getElementById("status").textContent.startsWith(begin), words);

const textOf = (page) => page.inputValue("#policy");

const type = async (page, text) => {
  await page.fill("#policy", "");
  await page.fill("#policy", text);
};

/** What a drop of a file does: the browser's own way of typing would take minutes for a long text. */
const put = (page, text) => page.$eval("#policy", (area, value) => {
  area.value = value;
  area.dispatchEvent(new Event("input"));
}, text);

const rules = (page) => page.locator(".findings .rule").allTextContents();

const notice = (page, words) => page.waitForFunction((begin) => document.getElementById("notice").textContent.startsWith(begin), words);

export async function the_founding_case_is_open_with_its_findings_at_their_lines({ page, url, picture }) {
  await open({ page, url });
  await says(page, "2 errors.");
  assert.deepEqual(await rules(page), ["EP055 gateway-skips-trailers", "EP055 gateway-skips-trailers"]);
  assert.equal(await page.inputValue("#target"), "eg=1.4.1");
  const lines = await page.locator(".paint > .error").allTextContents();
  assert.deepEqual(lines.map((line) => line.trim()), ["body: FullDuplexStreamed", "body: FullDuplexStreamed"]);
  assert.deepEqual(await page.locator(".paint .mark").allTextContents(), ["FullDuplexStreamed", "FullDuplexStreamed"]);
  assert.deepEqual(await page.locator("#gutter .error").allTextContents(), ["18", "20"]);
  await picture("light");
}

export async function typing_changes_the_findings_without_a_click({ page, url }) {
  await open({ page, url }, "#target=envoy=1.40&example=clean");
  await type(page, broken);
  await says(page, "1 error.");
  assert.deepEqual(await rules(page), ["EP001 full-duplex-needs-trailers"]);
  await page.locator("#policy").press("Control+End");
  await page.keyboard.type("  request_trailer_mode: SEND");
  await says(page, "Nothing found.");
  assert.equal(await page.inputValue("#example"), "");
}

export async function a_late_answer_does_not_replace_a_newer_one({ page, url }) {
  await open({ page, url });
  let first = true;
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/api/lint*", async (route) => {
    if (first) {
      first = false;
      await held;
    }
    await route.continue().catch(() => {}); // the page has given this one up
  });
  await page.selectOption("#target", "envoy=1.40");
  await page.waitForTimeout(50);
  await type(page, whole);
  await says(page, "Nothing found.");
  release();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  await says(page, "Nothing found.");
}

export async function another_target_is_another_verdict({ page, url }) {
  await open({ page, url });
  await says(page, "2 errors.");
  await page.selectOption("#target", "eg=1.4.2");
  await says(page, "Nothing found.");
  assert.match(await page.textContent("#status"), /Judged for Envoy 1\.34\.1, whose verdicts were not compared/);
  const groups = await page.locator("#target optgroup").evaluateAll((all) => all.map((each) => each.label));
  assert.deepEqual(groups.slice(0, 3), ["Envoy", "Envoy Gateway", "Istio"]);
}

export async function a_pasted_text_says_which_target_it_is_for({ page, url }) {
  await open({ page, url });
  assert.equal(await page.inputValue("#target"), "eg=1.4.1");
  await type(page, whole);
  await says(page, "Nothing found.");
  assert.match(await page.inputValue("#target"), /^envoy=/);
  await page.selectOption("#target", "envoy=1.36");
  await says(page, "Nothing found.");
  await type(page, broken);
  await says(page, "1 error.");
  assert.equal(await page.inputValue("#target"), "envoy=1.36");
}

export async function an_empty_page_is_not_called_clean({ page, url }) {
  await open({ page, url });
  await type(page, "  ");
  await says(page, "There is no text to judge.");
  assert.notEqual(await page.locator("#status").getAttribute("data-kind"), "good");
  assert.equal(await page.locator("#findings .good").count(), 0);
}

export async function a_finding_leads_to_its_place({ page, url }) {
  await open({ page, url });
  await page.locator(".findings .place").nth(1).click();
  const selected = () => page.$eval("#policy", (area) => [document.activeElement === area, area.value.slice(area.selectionStart, area.selectionEnd)]);
  assert.deepEqual(await selected(), [true, "FullDuplexStreamed"]);
  assert.equal(await page.locator(".findings .current").count(), 1);
  await page.keyboard.press("F8");
  assert.deepEqual(await selected(), [true, "FullDuplexStreamed"]);
  assert.equal(await page.$eval("#policy", (area) => area.value.slice(0, area.selectionStart).split("\n").length), 18);
}

export async function a_rule_is_explained_and_its_example_opened({ page, url, picture }) {
  await open({ page, url }, "#example=envoy-filter");
  const explain = page.getByRole("button", { name: "Explain EP001" });
  await explain.click();
  assert.equal(await explain.getAttribute("aria-expanded"), "true");
  await page.getByText("A FULL_DUPLEX_STREAMED body needs the trailers of the same direction sent too.").waitFor();
  await picture("explained");
  await page.getByRole("button", { name: "Open the example of EP001" }).click();
  await notice(page, "The example of EP001 is open.");
  await page.waitForFunction(() => [...document.querySelectorAll(".findings .rule")].every((each) => each.textContent.startsWith("EP001")));
}

export async function the_fix_is_shown_and_made_and_can_be_taken_back({ page, url, picture }) {
  await open({ page, url });
  const before = await textOf(page);
  await page.getByRole("tab", { name: /Fix/ }).click();
  assert.ok(await page.locator("#apply").isDisabled());
  await page.getByText("tick the box").waitFor();
  await page.getByLabel("Also fixes that are a choice").check();
  await page.locator(".diff .added").first().waitFor();
  assert.match((await page.locator(".diff .added").allTextContents()).join("\n"), /^\+---\n\+apiVersion: gateway\.envoyproxy\.io/);
  await picture("fix");
  await page.getByRole("button", { name: "Copy the diff" }).click();
  await notice(page, "The diff is in the clipboard.");
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^--- policy\n\+\+\+ policy\n@@ /);
  await page.getByRole("button", { name: "Apply" }).click();
  await says(page, "Nothing found.");
  assert.match(await textOf(page), /kind: EnvoyPatchPolicy/);
  await page.locator("#policy").focus();
  await page.keyboard.press("Control+z");
  await says(page, "2 errors.");
  assert.equal(await textOf(page), before);
}

export async function what_Envoy_gets_is_shown({ page, url, picture }) {
  await open({ page, url });
  await page.getByRole("tab", { name: "What Envoy gets" }).click();
  const json = JSON.parse(await page.locator(".message pre").textContent());
  assert.equal(json.processing_mode.request_body_mode, "FULL_DUPLEX_STREAMED");
  assert.equal(json.processing_mode.request_trailer_mode, "SKIP");
  const row = await page.locator(".message tbody tr").first().locator("th, td").allTextContents();
  assert.deepEqual(row, ["request", "SEND", "FULL_DUPLEX_STREAMED", "SKIP"]);
  await picture("envoy");
  await page.selectOption("#target", "eg=1.4.2");
  await page.getByText("Envoy 1.34.1 takes this:").waitFor();
  await page.locator(".message .place").click();
  assert.equal(await page.$eval("#policy", (area) => area.value.slice(area.selectionStart, area.selectionEnd)), "  - backendRefs:");
}

export async function every_example_can_be_chosen({ page, url }) {
  await open({ page, url });
  const names = await page.locator("#example option").evaluateAll((all) => all.map((each) => each.value).filter((value) => value !== ""));
  assert.ok(names.length >= 5 && names[0] === "envoy-gateway");
  for (const name of names.toReversed()) {
    const answered = page.waitForResponse((response) => response.url().includes("/api/lint"));
    await page.selectOption("#example", name);
    const { error, warning, hint } = (await (await answered).json()).counts;
    const found = error + warning + hint;
    await page.waitForFunction((count) => document.getElementById("count").textContent === count, found === 0 ? "" : `${found}`);
    assert.equal(await page.inputValue("#example"), name);
  }
}

export async function a_link_brings_text_and_target_back({ page, url }) {
  await open({ page, url });
  const text = `# Grüße 😀 "<&>"\n${broken}`;
  await page.selectOption("#target", "envoy=1.36");
  await type(page, text);
  await says(page, "1 error.");
  await page.getByRole("button", { name: "Copy link" }).click();
  await notice(page, "The link is in the clipboard.");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, page.url());
  await page.goto("about:blank");
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(link);
  await says(page, "1 error.");
  assert.deepEqual([await textOf(page), await page.inputValue("#target")], [text, "envoy=1.36"]);
  assert.ok(asked.filter((each) => each.includes("text=")).every((each) => each.includes("#text") || each.includes("#target")), "the policy is only behind #");
}

export async function a_broken_link_says_so({ page, url }) {
  await open({ page, url }, "#target=eg=1.4.1&text=AAAA");
  await notice(page, "The link is broken");
  await says(page, "2 errors.");
}

/** Whether a person sees which element has the focus; runs in the page. */
function showsFocus() {
  const element = document.activeElement;
  if (element.id === "policy") return getComputedStyle(element.closest(".text"), "::after").borderTopWidth !== "0px";
  const style = getComputedStyle(element.name === "theme" ? element.nextElementSibling : element);
  return style.outlineStyle !== "none" && style.outlineWidth !== "0px";
}

export async function everything_can_be_done_with_the_keyboard({ page, url }) {
  await open({ page, url });
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.value);
  const order = [];
  for (let at = 0; at < 11; at++) {
    await page.keyboard.press("Tab");
    order.push(await focused());
    assert.ok(await page.evaluate(showsFocus), `no visible focus on ${order.at(-1)}`);
  }
  assert.deepEqual(order, ["skip", "example", "target", "share", "auto", "policy", "tab-findings", "findings", "place", "quiet", "place"]);
  await page.locator("#tab-findings").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await focused(), "tab-fix");
  assert.ok(await page.locator("#fix").isVisible());
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.locator(".diff .added").first().waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await says(page, "Nothing found.");
}

export async function findings_are_announced({ page, url }) {
  await open({ page, url });
  const status = page.getByRole("status").first();
  assert.equal(await status.getAttribute("aria-live"), "polite");
  assert.match(await status.textContent(), /^2 errors\. Judged for Envoy 1\.34\.1/);
}

export async function what_is_pasted_is_never_markup({ page, url }) {
  await open({ page, url }, "#target=envoy=1.40");
  const hostile = "<img src=x onerror=document.title=1>";
  await type(page, `grpc_service: { envoy_grpc: { cluster_name: c } }\n'${hostile}': 1\nstat_prefix: '${hostile}'\n`);
  await says(page, "1 error.");
  await page.getByRole("tab", { name: "What Envoy gets" }).click();
  assert.equal(await page.locator("img").count(), 0);
  assert.equal(await page.title(), "policy-validator playground");
  assert.match(await page.locator(".findings h3").textContent(), /<img src=x/);
}

export async function a_long_text_stays_usable({ page, url, trouble }) {
  await open({ page, url }, "#target=envoy=1.40");
  const long = `${"# a line of a long text, of which nothing is said\n".repeat(4000)}${broken}`;
  await put(page, long);
  await says(page, "1 error.");
  assert.ok(await page.locator("#text.plain").count());
  await page.locator(".findings .place").click();
  assert.ok((await page.$eval("#policy", (area) => area.scrollTop)) > 10_000);
  await put(page, "#".repeat(1_100_000));
  await says(page, "the text is larger than the 1048576 bytes");
  trouble.length = 0; // the browser tells of a request that was refused
}

export async function the_colour_scheme_follows_the_system_and_the_switch({ page, url, picture }) {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: "dark" });
  await open({ page, url });
  const dark = await ground();
  await picture("dark");
  await page.getByLabel("Light").check();
  const light = await ground();
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await ground(), light);
  await page.getByLabel("Auto").check();
  assert.equal(await ground(), dark);
}

export async function nothing_is_wider_than_a_phone({ page, url, picture }) {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const example of ["envoy-gateway", "envoy-filter", "envoy-routes"]) {
    await page.goto("about:blank");
    await open({ page, url }, `#example=${example}`);
    for (const tab of ["findings", "fix", "envoy"]) {
      await page.locator(`#tab-${tab}`).click();
      const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(content <= window, `${example}, ${tab}: ${content} wide in ${window}`);
      if (example === "envoy-gateway") await picture(`phone-${tab}`, { fullPage: true });
    }
  }
}

export async function axe_finds_nothing_in_light_dark_and_on_a_phone({ page, url }) {
  for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["light", 360]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.goto("about:blank");
    await open({ page, url }, "#example=envoy-filter");
    await page.getByRole("button", { name: "Explain EP001" }).click();
    for (const tab of ["findings", "fix", "envoy"]) {
      await page.locator(`#tab-${tab}`).click();
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
      const told = found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`));
      assert.deepEqual(told, [], `${colorScheme}, ${width} wide, ${tab}`);
    }
  }
}

export async function nothing_is_asked_of_another_host({ page, url }) {
  const hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  await open({ page, url });
  await page.getByRole("button", { name: "Explain EP055" }).first().click();
  await page.getByText("Put right").waitFor();
  assert.deepEqual([...hosts], [new URL(url).origin]);
}

export async function a_validator_that_is_gone_is_named({ page, url, trouble }) {
  await open({ page, url });
  await page.route("**/api/lint*", (route) => route.abort());
  await page.selectOption("#target", "envoy=1.40");
  await says(page, "The validator does not answer.");
  await page.unroute("**/api/lint*");
  await page.selectOption("#target", "eg=1.4.1");
  await says(page, "2 errors.");
  trouble.length = 0; // the browser tells of requests that failed
}
