// Runs before anything is drawn, so that a chosen colour scheme does not flash the other one.
"use strict";

(() => {
  const root = document.documentElement;
  const stored = () => {
    try {
      return localStorage.getItem("theme") ?? "auto";
    } catch {
      return "auto"; // storage is switched off
    }
  };

  function use(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  use(stored());
  document.addEventListener("DOMContentLoaded", () => {
    for (const choice of document.querySelectorAll("input[name=theme]")) {
      choice.checked = choice.value === stored();
      choice.addEventListener("change", () => {
        use(choice.value);
        try {
          localStorage.setItem("theme", choice.value);
        } catch {
          // it holds for this visit
        }
      });
    }
  });
})();
