// The messages that Envoy would be given.

import { copy, counted, make } from "./dom.js";

/** Draws them. */
export function drawMessages(panel, answer, show) {
  panel.replaceChildren(verdict(answer), ...answer.messages.map((message) => card(message, show)));
}

function verdict(answer) {
  const errors = answer.counts.error;
  if (answer.messages.length === 0) {
    const words = errors > 0 ? "Nothing: it is refused before it becomes configuration for Envoy." : "Nothing of ext_proc that is known by its message.";
    return make("div", { class: "empty" }, make("p", {}, words));
  }
  if (errors === 0 && answer.counts.suppressed > 0) return make("p", { class: "verdict" }, "Whether Envoy takes this is not said: findings are suppressed.");
  return errors > 0
    ? make("p", { class: "verdict error" }, `Refused, with ${counted(errors, "error")}. This is how far it is understood:`)
    : make("p", { class: "verdict good" }, `Envoy ${answer.envoy} takes this:`);
}

function card(message, show) {
  return make(
    "article",
    { class: "message" },
    make("h3", {}, message.title),
    make(
      "p",
      { class: "origin" },
      `${message.origin}, `,
      make("button", { type: "button", class: "place", onclick: () => show(message.line) }, `line ${message.line}`),
    ),
    message.modes.length === 0 ? null : modes(message.modes),
    make("div", { class: "foot" }, make("code", {}, message.type), make("button", { type: "button", class: "quiet", onclick: () => copy(message.json, "The message") }, "Copy")),
    make("pre", { tabindex: 0, "aria-label": `${message.title} as JSON` }, message.json),
  );
}

/** A name that may be broken behind its underscores. */
const breakable = (name) => name.split("_").flatMap((part, at) => (at === 0 ? [part] : ["_", make("wbr"), part]));

/** What is sent to the processor: two directions, three parts. */
function modes(all) {
  const parts = ["headers", "body", "trailers"];
  const cell = ({ mode, isDefault }) =>
    make("td", { class: mode === "SKIP" || mode === "NONE" ? "off" : "on" }, breakable(mode), isDefault ? make("span", { class: "default" }, " by default") : null);
  const row = (direction) =>
    make("tr", {}, make("th", { scope: "row" }, direction), parts.map((part) => cell(all.find((each) => each.direction === direction && each.part === part))));
  return make(
    "table",
    {},
    make("caption", { class: "unseen" }, "What is sent to the processor"),
    make("thead", {}, make("tr", {}, make("td", {}), parts.map((part) => make("th", { scope: "col" }, part)))),
    make("tbody", {}, row("request"), row("response")),
  );
}
