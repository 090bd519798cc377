// What the fixes would change.

import { byId, counted, make } from "./dom.js";

/** Draws the difference. */
export function drawFix(answer, unsafe) {
  const fixable = answer.findings.filter((finding) => finding.fixTitle !== null);
  const choices = fixable.filter((finding) => !finding.fixIsSafe).length;
  const fix = answer.fix;
  // Findings that share a title mostly share their fix.
  byId("fix-count").textContent = (fix?.applied ?? new Set(fixable.map((finding) => finding.fixTitle)).size) || "";
  byId("apply").disabled = byId("copy-diff").disabled = fix === null;
  byId("diff").replaceChildren(...(fix === null ? [none(answer, choices, unsafe)] : [said(fix), difference(fix.diff)]));
}

function none(answer, choices, unsafe) {
  const words =
    answer.findings.length === 0 ? "There is nothing to fix."
    : choices > 0 && !unsafe ? `${choices === 1 ? "One finding has a fix that is a choice" : `${choices} findings have fixes that are a choice`}: tick the box to see what it changes.`
    : "No finding has a fix: each of them can be put right in more than one way.";
  return make("div", { class: "empty" }, make("p", {}, words));
}

function said(fix) {
  const remains = fix.remaining === 0 ? "nothing is found after it" : `${counted(fix.remaining, "finding")} left after it`;
  return make("p", { class: "said" }, `${fix.applied === 1 ? "1 fix" : `${fix.applied} fixes`}; ${remains}.`);
}

function difference(diff) {
  const kinds = { "+": "added", "-": "removed", "@": "range" };
  const lines = diff.trimEnd().split("\n").slice(2);
  return make("pre", { class: "diff", tabindex: 0, "aria-label": "Difference" }, lines.map((line) => make("div", { class: kinds[line[0]] ?? null }, line === "" ? " " : line)));
}
