// Cuts a line of YAML or JSON into words for colouring. It need not be right everywhere: colours say nothing that the findings do not.

const word = new RegExp(
  [
    String.raw`(?<comment>(?:^|(?<=\s))#.*)`,
    String.raw`(?<key>"(?:[^"\\]|\\.)*"(?=\s*:(?:\s|$))|'[^']*'(?=\s*:(?:\s|$))|[^\s#"'{}\[\],:&*][^\s#:{}\[\],]*(?=\s*:(?:\s|$)))`,
    String.raw`(?<string>"(?:[^"\\]|\\.)*"?|'[^']*'?)`,
    String.raw`(?<constant>(?<![\w.$/-])(?:true|false|null|-?\d+(?:\.\d+)?(?:ms|s|m|h)?|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w.$/-]))`,
    String.raw`(?<sign>^---$|^\s*-(?=\s)|[{}\[\],])`,
  ].join("|"),
  "g",
);

/** The words of a line that have a kind: {start, end, kind}, in order. */
export function wordsOf(line) {
  if (line.length > 2000) return [];
  return [...line.matchAll(word)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
    kind: Object.keys(found.groups).find((name) => found.groups[name] !== undefined),
  }));
}
