// The text with line numbers, colours and marks. What is typed into is a plain textarea, so keyboards, screen readers, undo and phones
// work as everywhere; the colours lie behind it.

import { byId, make } from "./dom.js";
import { wordsOf } from "./yaml-words.js";

/** Longer texts are shown plain: to colour them would make typing slow. */
const mostColoured = 100_000;

const rank = { hint: 1, warning: 2, error: 3 };

export class Editor {
  #area = byId("policy");
  #paint = byId("paint");
  #gutter = byId("gutter");
  #marks = [];
  #text = "";
  #replacing = false;

  /** Called when the text has changed, with true when a person changed it. */
  onchange = () => {};

  /** Called with the line of the caret, from 1. */
  oncaret = () => {};

  constructor() {
    this.#area.addEventListener("input", () => this.#replacing || this.#changed(true));
    this.#area.addEventListener("scroll", () => this.#follow());
    this.#area.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("selectionchange", () => {
      if (document.activeElement === this.#area) this.oncaret(this.#lineAt(this.#area.selectionStart));
    });
  }

  get text() {
    return this.#area.value;
  }

  /** Puts another text in; Ctrl-Z brings the old one back, unless one of them is too long for that. */
  replace(text) {
    const undoable = this.text !== "" && Math.max(text.length, this.text.length) <= mostColoured;
    if (!undoable || !this.#type(text)) this.#area.value = text;
    this.#area.setSelectionRange(0, 0);
    this.#area.scrollTo(0, 0);
    this.#changed(false);
  }

  /** Marks places: {start, end, line, severity}. */
  mark(findings) {
    this.#marks = findings.map(({ start, end, severity }) => ({ start, end: Math.max(end, start + 1), severity }));
    this.#draw();
  }

  /** Selects a place and shows it. */
  show({ start, end }) {
    this.#area.focus();
    this.#area.setSelectionRange(start, end);
    const lineHeight = this.#area.scrollHeight / Math.max(1, this.text.split("\n").length);
    this.#area.scrollTop = (this.#lineAt(start) - 1) * lineHeight - this.#area.clientHeight / 3;
  }

  /** Types a text in the place of all that is there, and gives the focus back; false when the browser does not let a page type. */
  #type(text) {
    const focused = document.activeElement;
    this.#replacing = true; // the command raises the event that typing raises
    this.#area.focus({ preventScroll: true });
    this.#area.select();
    const typed = document.execCommand("insertText", false, text);
    this.#replacing = false;
    if (focused !== this.#area) focused.focus({ preventScroll: true });
    return typed;
  }

  #changed(byPerson) {
    this.#shiftMarks();
    this.#draw();
    this.onchange(byPerson);
  }

  /** Until the next answer, marks before a change stay, those behind it move along, and those in it go. */
  #shiftMarks() {
    const before = this.#text;
    const now = this.text;
    const most = Math.min(before.length, now.length);
    let head = 0;
    while (head < most && before[head] === now[head]) head++;
    let tail = 0;
    while (tail < most - head && before.at(-1 - tail) === now.at(-1 - tail)) tail++;
    const moved = now.length - before.length;
    this.#marks = this.#marks
      .filter((mark) => mark.end <= head || mark.start >= before.length - tail)
      .map((mark) => (mark.end <= head ? mark : { ...mark, start: mark.start + moved, end: mark.end + moved }));
  }

  #draw() {
    this.#text = this.text;
    const lines = this.#text.split("\n");
    const coloured = this.#text.length <= mostColoured;
    byId("text").classList.toggle("plain", !coloured);
    const worst = this.#worstByLine(lines);
    this.#gutter.replaceChildren(...lines.map((_, at) => make("div", { class: worst.get(at) ?? null }, `${at + 1}`)));
    let offset = 0;
    this.#paint.replaceChildren(
      ...(coloured ? lines : []).map((line, at) => {
        const drawn = make("div", { class: worst.get(at) ?? null }, ...this.#pieces(line, offset));
        offset += line.length + 1;
        return drawn;
      }),
    );
    this.#follow();
  }

  #worstByLine(lines) {
    const worst = new Map();
    let line = 0;
    let end = lines[0].length;
    for (const mark of [...this.#marks].sort((one, other) => one.start - other.start)) {
      while (mark.start > end && line + 1 < lines.length) end += lines[++line].length + 1;
      if (rank[mark.severity] > (rank[worst.get(line)] ?? 0)) worst.set(line, mark.severity);
    }
    return worst;
  }

  /** A line, cut wherever a colour or a mark begins or ends. */
  #pieces(line, offset) {
    const words = wordsOf(line);
    const marks = this.#marks
      .map((mark) => ({ start: mark.start - offset, end: mark.end - offset, severity: mark.severity }))
      .filter((mark) => mark.start <= line.length && mark.end > 0);
    const cuts = new Set([0, line.length]);
    for (const { start, end } of [...words, ...marks]) {
      cuts.add(Math.max(0, start)).add(Math.min(line.length, end));
    }
    const places = [...cuts].filter((place) => place <= line.length).sort((one, other) => one - other);
    return places.slice(0, -1).map((start, at) => {
      const over = ({ start: from, end: to }) => from <= start && start < to;
      const severity = marks.filter(over).map((mark) => mark.severity).sort((one, other) => rank[other] - rank[one])[0];
      const classes = [words.find(over)?.kind, severity && `mark ${severity}`].filter(Boolean).join(" ");
      return make("span", { class: classes || null }, line.slice(start, places[at + 1]));
    });
  }

  #follow() {
    this.#paint.style.transform = `translate(${-this.#area.scrollLeft}px, ${-this.#area.scrollTop}px)`;
    this.#gutter.style.transform = `translateY(${-this.#area.scrollTop}px)`;
  }

  #lineAt(offset) {
    return this.text.slice(0, offset).split("\n").length;
  }

  /** F8 and Shift-F8 walk through the marks, round and round. */
  #key(event) {
    if (event.key !== "F8" || this.#marks.length === 0) return;
    event.preventDefault();
    const caret = this.#area.selectionStart;
    const inOrder = [...this.#marks].sort((one, other) => one.start - other.start);
    const next = event.shiftKey
      ? (inOrder.findLast((mark) => mark.start < caret) ?? inOrder.at(-1))
      : (inOrder.find((mark) => mark.start > caret) ?? inOrder[0]);
    this.show(next);
  }
}
