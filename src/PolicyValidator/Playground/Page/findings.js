// The list of findings, each with its place, its reason, its cure and all about its rule.

import { rule } from "./api.js";
import { counted, make } from "./dom.js";

/** "1 error, 2 hints"; empty when there is nothing. */
export function summary(counts) {
  const words = ["error", "warning", "hint"].filter((severity) => counts[severity] > 0).map((severity) => counted(counts[severity], severity));
  return [...words, ...(counts.suppressed > 0 ? [`${counts.suppressed} suppressed`] : [])].join(", ");
}

/** How many findings there are, also those that are not shown. */
export const total = (counts) => counts.error + counts.warning + counts.hint;

/** Draws the findings; `actions` are show(finding) and tryOut(rule). */
export function drawFindings(panel, answer, actions) {
  if (answer.findings.length === 0) {
    panel.replaceChildren(actions.isEmpty ? noText() : nothing(answer));
    return;
  }
  const said = new Set();
  const items = answer.findings.map((finding) => item(finding, actions, !said.has(finding.why) && said.add(finding.why)));
  const left = total(answer.counts) - items.length;
  const more = left > 0 ? make("p", { class: "more" }, `${counted(left, "more finding")}: policy-validator lint shows them all.`) : "";
  panel.replaceChildren(make("ol", { class: "findings" }, items), more);
}

/** Shows which findings belong to a line. */
export function followCaret(panel, line) {
  for (const each of panel.querySelectorAll("[data-line]")) {
    each.classList.toggle("current", each.dataset.line === `${line}`);
  }
}

const noText = () => make("div", { class: "empty" }, make("p", {}, make("strong", {}, "No text.")), make("p", {}, "Paste an Envoy config or a policy, or choose an example."));

function nothing(answer) {
  if (answer.counts.suppressed > 0) {
    return make("div", { class: "empty" }, make("p", {}, make("strong", {}, "Nothing that is not suppressed.")), make("p", {}, `Comments in the text suppress ${counted(answer.counts.suppressed, "finding")}.`));
  }
  return answer.messages.length > 0
    ? make("div", { class: "empty good" }, make("p", {}, make("strong", {}, "Nothing found.")), make("p", {}, `Envoy ${answer.envoy} takes this, and no rule has anything to say about it.`))
    : make("div", { class: "empty" }, make("p", {}, make("strong", {}, "Nothing found.")), make("p", {}, "No ext_proc filter for Envoy was read from it. Paste an Envoy config or a policy, or choose an example."));
}

/** One finding; a reason that stands above already is not said again. */
function item(finding, actions, saysWhy) {
  const explanation = make("div", { class: "explanation", hidden: true });
  const explain = make(
    "button",
    { type: "button", class: "quiet", "aria-expanded": "false", onclick: () => toggle(finding, explanation, explain, actions) },
    `Explain ${finding.rule}`,
  );
  return make(
    "li",
    { class: finding.severity, "data-line": finding.line },
    make(
      "div",
      { class: "head" },
      make("span", { class: "badge" }, finding.severity),
      make("button", { type: "button", class: "place", title: "Show it in the policy", onclick: () => actions.show(finding) }, `line ${finding.line}`),
      make("span", { class: "rule" }, `${finding.rule} ${finding.name}`),
    ),
    make("h3", {}, finding.message),
    make("p", { class: "help" }, finding.help),
    saysWhy ? make("p", { class: "why" }, finding.why) : null,
    finding.related.map((place) =>
      make("p", { class: "related" }, make("button", { type: "button", class: "place", onclick: () => actions.show(place) }, `line ${place.line}`), ` ${place.message}`),
    ),
    make(
      "div",
      { class: "foot" },
      explain,
      finding.fixTitle === null ? null : make("span", { class: "fixable" }, `${finding.fixIsSafe ? "fix" : "fix, a choice"}: ${finding.fixTitle}`),
    ),
    explanation,
  );
}

async function toggle(finding, explanation, button, actions) {
  const opens = explanation.hidden;
  explanation.hidden = !opens;
  button.setAttribute("aria-expanded", opens);
  if (opens && explanation.childElementCount === 0) {
    try {
      explanation.replaceChildren(...about(await rule(finding.rule), actions));
    } catch (failure) {
      explanation.replaceChildren(make("p", {}, failure.message));
    }
  }
}

function about(found, actions) {
  return [
    make("p", {}, found.summary),
    make("p", {}, found.why),
    make("dl", {}, make("dt", {}, "Envoy"), make("dd", {}, found.versions), make("dt", {}, "From"), make("dd", {}, found.sources.join("; "))),
    make("h4", {}, "Reported"),
    make("pre", { tabindex: 0 }, found.bad.trimEnd()),
    make("h4", {}, "Put right"),
    make("pre", { tabindex: 0 }, found.good.trimEnd()),
    make("button", { type: "button", class: "quiet", onclick: () => actions.tryOut(found) }, `Open the example of ${found.id}`),
  ];
}
