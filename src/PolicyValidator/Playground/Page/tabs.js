// Tabs as the ARIA authoring practices have them: arrows move between them, Tab goes on to the panel.

import { byId } from "./dom.js";

/** Makes the tab list work; returns a function that opens a tab by its panel's id. */
export function tabs(list) {
  const all = [...list.querySelectorAll("[role=tab]")];

  function open(tab) {
    for (const each of all) {
      each.setAttribute("aria-selected", each === tab);
      each.tabIndex = each === tab ? 0 : -1;
      byId(each.getAttribute("aria-controls")).hidden = each !== tab;
    }
  }

  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) open(tab);
  });
  list.addEventListener("keydown", (event) => {
    const at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = all[(to + all.length) % all.length];
    tab.focus();
    open(tab);
  });
  return (panel) => open(all.find((tab) => tab.getAttribute("aria-controls") === panel));
}
