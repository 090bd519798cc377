// Ties the page together: what is typed or chosen is judged, and the answer is drawn.

import { Judge, start } from "./api.js";
import { byId, copy, make, notify } from "./dom.js";
import { Editor } from "./editor.js";
import { drawMessages } from "./envoy.js";
import { drawFindings, followCaret, summary, total } from "./findings.js";
import { drawFix } from "./fix.js";
import { fragmentOf, readFragment } from "./link.js";
import { tabs } from "./tabs.js";

/** How long typing must pause before the text is judged, in milliseconds. */
const pause = 180;

const editor = new Editor();
const judge = new Judge();
const openTab = tabs(document.querySelector("[role=tablist]"));
const example = byId("example");
const target = byId("target");
const unsafe = byId("unsafe");

let choices = null;
let answer = null;
let timer = 0;
/** Whether the target was chosen, by a person, an example or a link; otherwise the text says what it is for. */
let isChosen = false;
/** The text of the example or link that chose it. */
let chosenFor = null;

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(lint, wait);
}

async function lint() {
  try {
    const found = await judge.ask(editor.text, isChosen ? target.value : "", unsafe.checked);
    if (found !== null) draw(found);
  } catch (failure) {
    say(failure.message, "trouble");
  }
}

function draw(found) {
  answer = found;
  choose(found.target);
  editor.mark(found.findings);
  byId("count").textContent = total(found.counts) || "";
  drawFindings(byId("findings"), found, { show: (finding) => editor.show(finding), tryOut, isEmpty: editor.text.trim() === "" });
  drawFix(found, unsafe.checked);
  drawMessages(byId("envoy"), found, showLine);
  const release = `Judged for Envoy ${found.envoy}${found.measured ? "" : ", whose verdicts were not compared with the real one"}.`;
  if (editor.text.trim() === "") return say("There is no text to judge.", "hint");
  say(`${summary(found.counts) || "Nothing found"}.`, worst(found.counts) ?? (found.counts.suppressed > 0 ? "hint" : "good"), release);
}

const worst = (counts) => ["error", "warning", "hint"].find((severity) => counts[severity] > 0);

function say(text, kind, aside = "") {
  const status = byId("status");
  if (status.textContent !== `${text} ${aside}`) status.replaceChildren(`${text} `, make("span", {}, aside));
  status.dataset.kind = kind;
}

function showLine(line) {
  const before = editor.text.split("\n").slice(0, line - 1).join("\n").length;
  const begin = line === 1 ? 0 : before + 1;
  editor.show({ start: begin, end: begin + editor.text.split("\n")[line - 1].length });
}

function choose(wanted) {
  if ([...target.options].some((option) => option.value === wanted)) return void (target.value = wanted);
  // A link may name a release that the list leaves out.
  target.append(make("option", { value: wanted }, wanted));
  target.value = wanted;
}

/** Whether half of the lines are left: a text that was pasted over another one is another text. */
function keepsHalf(before, after) {
  const left = new Set(after.split("\n"));
  const lines = before.split("\n");
  return 2 * lines.filter((line) => left.has(line)).length >= lines.length;
}

function open(text, wanted, name) {
  isChosen = wanted !== null;
  chosenFor = isChosen ? text : null;
  if (isChosen) choose(wanted);
  example.value = name;
  editor.replace(text);
  soon(0);
}

function tryOut(found) {
  open(found.bad, found.target, "");
  openTab("findings");
  notify(`The example of ${found.id} is open.`);
}

function fillChoices() {
  const named = ({ product, targets }) => make("optgroup", { label: product }, targets.map((each) => make("option", { value: each }, `${product} ${each.split("=")[1] ?? ""}`.trim())));
  target.replaceChildren(...choices.targets.map(named));
  target.value = choices.defaultTarget;
  example.replaceChildren(
    make("option", { value: "" }, "your own text"),
    ...choices.examples.map(({ name, title }) => make("option", { value: name }, title)),
  );
  byId("version").textContent = `policy-validator ${choices.version}`;
}

async function openFragment() {
  const linked = await readFragment(location.hash, choices.maxTextBytes);
  if (linked === null) notify("The link is broken: it holds no policy that can be read.");
  const first = choices.examples.find(({ name }) => name === linked?.example) ?? choices.examples[0];
  if (typeof linked?.text === "string") open(linked.text, linked.target, "");
  else open(first.text, linked?.target ?? first.target, first.name);
}

function wire() {
  editor.onchange = (byPerson) => {
    if (byPerson) example.value = "";
    if (byPerson && chosenFor !== null && !keepsHalf(chosenFor, editor.text)) [isChosen, chosenFor] = [false, null];
    byId("apply").disabled = true; // what it would put in is of the text before
    soon(pause);
  };
  editor.oncaret = (line) => followCaret(byId("findings"), line);
  target.addEventListener("change", () => {
    [isChosen, chosenFor] = [true, null];
    soon(0);
  });
  unsafe.addEventListener("change", () => soon(0));
  example.addEventListener("change", () => {
    const chosen = choices.examples.find(({ name }) => name === example.value);
    if (chosen) open(chosen.text, chosen.target, chosen.name);
  });
  byId("choices").addEventListener("submit", (event) => event.preventDefault());
  byId("apply").addEventListener("click", () => {
    const { applied, text } = answer.fix;
    example.value = "";
    editor.replace(text);
    soon(0);
    notify(`${applied === 1 ? "1 fix" : `${applied} fixes`} made; Ctrl-Z in the policy takes them back.`);
  });
  byId("copy-diff").addEventListener("click", () => copy(answer.fix.diff, "The diff"));
  byId("share").addEventListener("click", async () => {
    history.replaceState(null, "", await fragmentOf(editor.text, target.value));
    if (await copy(location.href, "The link")) notify("The link is in the clipboard. The policy is in the link itself, nowhere else.");
    else notify("The link is in the address bar. The policy is in the link itself, nowhere else.");
  });
  window.addEventListener("hashchange", openFragment);
}

async function begin() {
  try {
    choices = await start();
  } catch (failure) {
    return say(failure.message, "trouble");
  }
  fillChoices();
  wire();
  await openFragment();
}

begin();
