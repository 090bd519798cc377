// Makes elements. Text goes in as text, so nothing that a user pastes is ever read as HTML.

/** An element with properties (class, on*, or attributes) and children (elements or strings; null is left out). */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The element of an id. */
export const byId = (id) => document.getElementById(id);

/** "1 error", "2 errors". */
export const counted = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** Tells a person, also one who listens, what an action did. */
export function notify(text) {
  byId("notice").textContent = text;
}

/** Puts text into the clipboard, and says so. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    notify(`${what} is in the clipboard.`);
    return true;
  } catch {
    notify(`The browser does not let this page write to the clipboard.`);
    return false;
  }
}
