// Asks the program that serves this page.

/** A request that the program refused, in its words. */
export class Refused extends Error {}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Refused("The validator does not answer. Is policy-validator playground still running?");
  }
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.problem);
  return answer;
}

/** What a user may choose from. */
export const start = () => ask("/api/start");

const rules = new Map();

/** All about one rule. */
export async function rule(id) {
  if (!rules.has(id)) rules.set(id, await ask(`/api/rules/${id}`));
  return rules.get(id);
}

/** Judges texts; of several that are under way only the last one is answered. */
export class Judge {
  #running = null;

  /** The answer; null when a newer question has taken this one's place. */
  async ask(text, target, unsafe) {
    this.#running?.abort();
    const mine = (this.#running = new AbortController());
    try {
      const query = new URLSearchParams({ target, unsafe });
      const answer = await ask(`/api/lint?${query}`, { method: "POST", body: text, signal: mine.signal });
      return mine === this.#running ? answer : null;
    } catch (failure) {
      if (mine !== this.#running) return null;
      throw failure;
    }
  }
}
