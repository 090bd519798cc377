using static PolicyValidator.Tests.Inputs.Grid.Blank;
using static PolicyValidator.Tests.Inputs.Grid.GridText;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>Shapes of blocks: indentation, keys, repeated keys, anchors, tags, markers.</summary>
internal static class StructureTexts
{
    public static IEnumerable<string> All =>
    [
        .. Shapes.Select(Indented), .. Keys, .. Properties, .. Markers,
        .. Lengths.SelectMany(length => Each($"{Indent}{new string('k', length)}: v\n", $"{Indent}'{new string('k', length)}': v\n", $"{Indent}a: {{{new string('k', length)}: v}}\n", $"{Indent}a: {{\"{new string('k', length)}\": v}}\n", $"{Indent}a: [{new string('k', length)}: v]\n", $"{Indent}k{new string(' ', length)}: v\n", $"{Indent}? {new string('k', length)}\n{Indent}: v\n")),
        .. Depths.SelectMany(depth => Each($"{Indent}a: {new string('[', depth)}{new string(']', depth)}\n", $"{Indent}a:\n{Indent}  {string.Concat(Enumerable.Repeat("- ", depth))}v\n")),
    ];

    private static readonly int[] Lengths = [1_000, 1_022, 1_023, 1_024, 1_025, 1_026, 1_030, 2_000];
    private static readonly int[] Depths = [20];

    /// <summary>Lines that begin at column 1 here.</summary>
    private static readonly string[] Shapes =
    [
        "a: b: c", "a: - b", "a: ? b", "- a", "a:\n- b", "a:\n- b\nc: d", "a:\n - b\n- c", "a:\n  - b\n - c", "a:\n - b\n  - c", "a:\n- b\n  c: d", "a:\n- b: 1\n  c: 2", "a:\n- b: 1\n c: 2", "a:\n- b: 1\n   c: 2", "a:\n  b: 1\n c: 2", "a:\n b: 1\n  c: 2", "a: 1\n b: 2", " a: 1\nb: 2", "a: v\n  b: 2", "a: 'v'\n  b: 2",
        "a: [v]\n  b: 2", "a: |\n  v\n b: 2", "a:\n  b:\n c:", "a:\n  b:\n   c:\n  d:", "a\nb: 1", "a: 1\nb", "a: 1\nb\nc: 2", "a: 1\n'b'", "a: 1\n'b'\nc: 2", "a: 1\n[b]\nc: 2", "a: 1\n- b", "a: 1\n? b\nc: 2", "a: 1\n? b\n: 2\nc: 3", "? a\n: 1\n? b\n: 2", "? a\n? b", "? - a\n: 1", "? a: 1\n: 2", "?\n  a\n:\n  b", ": a", "a: 1\n: b", "? a\n b\n: c",
        "? |\n  a\n: 1", "? [a]\n: 1", "? {a: 1}\n: 1", "? 'a'\n: 1", "? \"a\"\n: - b\n  - c", "? a\n:\n- b", "? a\n:\n  - b\nc: 1", "'a' : 1", "\"a\"  : 1", "a b : 1", "a :1", "a :b: 1", "a:b: 1", "a:b", "a:b\nc: 1", "::: 1", "a:: 1", ":a: 1", "-a: 1", "-: 1", "- : 1", "?a: 1", "?: 1", "- - a\n  - b", "a:\n- - b\n  - c\n- d", "a:\n- - b\n - c", "a:\n-\n  b", "a:\n-\n b", "a:\n-\nb: 1",
        "a:\n-\n- b", "a:\n- \n- b", "a:\n-\n  - b\n  - c", "a:\n-   b: 1\n    c: 2", "a:\n-   b: 1\n  c: 2", "a:\n- ? b\n  : c", "a:\n- ? b\n- c", "a:\n- : b", "a:\n- b:\n  - c", "a:\n- b:\n   - c\n  d: 1", "a:\n- b:\n    c: 1\n   d: 2", "a:\n- |\n  b\n c", "a:\n- b\n c", "a:\n- b\n  c", "a:\n- b\nc", "a:\n- 'b'\n  c", "a:\n- 'b\n  c'", "a:\n- 'b\nc'", "a:\n- \"b\nc\"", "a: 'b\nc'", "a: \"b\nc\"",
        "a: 'b\n c'", "a: b\nc", "a: b\n\nc: d", "a: b\n \nc: d", "a:\n\n\n  b: 1", "a:\n# c\n  b: 1", "a:\n  # c\n b: 1", "a: # c\n  b: 1", "a: #c", "a:#c", "a: v#c", "a: v #c", "a: #c\n  v", "a: v #c\n  w", "a: v\n  #c\n  w", "a: v\n#c\n  w", "a: 'v' #c\n#c\nb: 1", "a: &x\n  b: 1", "a: &x\nb: 1", "a: !!map\n  b: 1", "a: !!seq\n- b", "a: &x\n- b", "a: &x - b", "a: !!seq - b", "&x a: 1", "&x\na: 1", "&x a: &y 1",
        "!!str a: 1", "!!map\na: 1", "a: &x 1\nb: *x", "a: *x", "a: &x 1\n*x : 2", "a: &x 1\n*x: 2", "a: &x 1\nb: &x 2\nc: *x", "a: &x 1\nb: *x c", "a: &x *x", "a: &x 1\nb: &y *x", "a: &x 1\nb: !!str *x", "a: &x &y 1", "a: !!str !!int 1", "a: &x !!str 1\nb: *x", "a: !!str &x 1\nb: *x", "a: &x 1\nb: [*x,*x]", "a: &x 1\nb: {c: *x}", "a: &x 1\nb: {c: *x,d: 1}",
        "a: &x 1\nb: {*x : 1}", "a: & 1", "a: &", "a: *", "a: * x", "a: &x, 1", "a: &x: 1", "a: &x:y 1\nb: *x:y", "a: &x[ 1", "a: &[x] 1", "a: &x] 1", "a: &x} 1", "a: &{x} 1", "a: &x? 1\nb: *x?", "a: &x% 1", "a: &x@ 1", "a: &x` 1", "a: &x! 1\nb: *x!", "a: &x# 1\nb: *x#", "a: &é 1\nb: *é", "a: &x.y 1\nb: *x.y", "a: &x/y 1\nb: *x/y", "a: &x'y 1\nb: *x'y", "a: &1 1\nb: *1", "a: &- 1\nb: *-", "a: &x*y 1\nb: *x*y", "a: &x&y 1\nb: *x&y",
        "a: &x {b: 1}\nc:\n  <<: *x", "a: &x {b: 1}\nc:\n  <<: *x\n  b: 2", "a: &x {b: 1}\nc:\n  b: 2\n  <<: *x", "a: &x {b: 1}\nc: {<<: *x, d: 2}", "a: &x {b: 1}\nc:\n  <<: [*x, {d: 2}]", "a: &x {b: 1}\nc:\n  '<<': *x", "a: &x {b: 1}\nc:\n  \"<<\": *x", "a: &x {b: 1}\nc:\n  <<: *x\n  <<: *x", "a:\n  <<: 1", "a:\n  <<: [1]", "a:\n  <<: {b: 1}", "a:\n  <<:", "a:\n  <<: 'x'", "a: <<", "a: &x [1]\nc:\n  <<: *x", "a: &x {b: 1}\nc:\n  !!str <<: *x", "a: &x {b: 1}\nc:\n  !!merge <<: *x", "a: &x {b: 1, <<: {c: 2}}\nd:\n  <<: *x", "a:\n  <<: [{b: 1}, {b: 2}]", "a:\n  <<: {b: 1}\n  <<: {c: 2}",
        "a: 1\na: 2", "a: 1\n'a': 2", "a: 1\n\"a\": 2", "a: {b: 1, b: 2}", "a: {b: 1, 'b': 2}", "1: a\n1: b", "1: a\n'1': b", "1: a\n01: b", "1: a\n0x1: b", "1: a\n1.0: b", "true: a\n'true': b", "true: a\nTrue: b", "yes: a\ntrue: b", "on: a\nyes: b", "null: a\n~: b", "null: a\n'null': b", "~: a", "null: a", ": a\n: b", "a: {b: 1}\na: {c: 2}", "!!str a: 1\na: 2", "!!str 1: a\n1: b", "a: 1\nA: 2", "? a\n: 1\na: 2", "a:\na:", "{a: 1, a: 2}: b",
        "y: 1", "n: 1", "yes: 1", "on: 1", "off: 1", "true: 1", "True: 1", "1: a", "1.5: a", "1e3: a", "0x10: a", "010: a", "0o10: a", "1_0: a", "-1: a", "+1: a", ".inf: a", ".nan: a", "2001-01-01: a", "2001-01-01T00:00:00Z: a", "'': a", "\"\": a", "' a': b", "[a]: 1", "[a, b]: 1", "{a: 1}: 2", "[]: 1", "{}: 1", "[[a]]: 1", "!!binary YQ==: 1", "!!int a: 1", "!!null a: 1", "!!float 1: a", "!ignore a: 1", "!x a: 1", "! a: 1", "a: !ignore 1", "a: !ignore\nb: 1",
        "a: !!map {b: 1}", "a: !!seq [b]", "a: !!map [b]", "a: !!seq {b: 1}", "a: !!str [b]", "a: !!str {b: 1}", "a: !!int [b]", "a: !!set {b, c}", "a: !!omap [b: 1]", "a: !!pairs [b: 1]", "a: !x [b]", "a: !x {b: 1}", "a: !!set\n  ? b\n  ? c", "a: !!null [b]", "a: !!map", "a: !!seq", "a: ! [b]", "a: ! {b: 1}", "a: !<!x> v", "a: !<tag:yaml.org,2002:int> 1", "a: !<tag:yaml.org,2002:str> 1", "a: !<> v", "a: !<x v", "a: !<x y> v", "a: !x!y v", "a: !!x!y v", "a: !x! v", "a: !! v", "a: !!! v", "a: !x,y v", "a: !x[y] v",
        "a: !x{y} v", "a: !x] v", "a: !x%41 v", "a: !x%4 v", "a: !é v", "a: !x\"y v", "a: !x#y v", "a: !x^y v", "a: !x|y v", "a: !x\\y v", "a: !x/y v", "a: !x?y v", "a: !x:y v", "a: !x: v", "a: !x;y v", "a: !x'y v", "a: !x<y v", "a: !x*y v", "a: !!str", "a: !!str\nb: 1", "a: !!str # c", "a: !!int", "a: !!null", "a: !!bool", "a: !", "a: ! # c", "a: !'v'", "a: !\"v\"", "a: &x'v'", "a: &x\"v\"", "a: !!str'v'", "a: &x|\n  v",
    ];

    private static IEnumerable<string> Keys =>
        from key in Each("a", "'a'", "\"a\"", "[a]", "{a: 1}", "&x a", "*y", "!!str a", "a b", "a\tb", "a #b", "a# b", "-a", "- a", "? a", "a,b", "a[b]", "'a'b", "\"a\" b", "'a\n          b'", "\"a\n          b\"", "a\n          b", "|\n          a", "")
        from colon in Each(":", " :", "\t:", ": ", ":\t")
        from value in Each("", "v", " v", "\n          v", "\n        - v")
        select $"{Indent}y: &y 1\n{Indent}{key}{colon}{value}\n{Indent}b: 1\n";

    private static IEnumerable<string> Properties =>
        from property in Each("&x", "!!str", "!x", "!", "&x !!str", "!!str &x", "!<x>", "*y", "&x &z", "&x *y")
        from form in Each("a: @v", "a: @ v", "a: @\tv", "a: @\n          v", "a: @\n        v", "a: @\n\n          v", "a: @ # c\n          v", "a: @\n# c\n          v", "a: @\n        - v", "a: @\n          k: v", "a: @ k: v", "a: @ [v]", "a: @[v]", "a: @ 'v'", "a: @'v'", "a: @ |\n          v", "a: @", "a: @ ", "a: @\t", "@ a: v", "@\ta: v", "@a: v", "@ : v", "a: [@ v]", "a: [@]", "a: [@, v]", "a: {@ k: v}", "a: {@: v}", "a: {k: @}", "a:\n        - @ v", "a:\n        - @\n        - v", "a:\n        - @ k: v", "a:\n        - @\n          k: v", "a:\n        - @ - v", "a: @ &w v", "a: @ *y")
        select $"{Indent}y: &y 1\n{Indent}{form.Replace("@", property, StringComparison.Ordinal)}\n{Indent}b: 1\n";

    private static IEnumerable<string> Markers =>
        from before in Each($"{Indent}a: v\n", $"{Indent}a: 'v'\n", $"{Indent}a: |\n{Indent}  v\n", $"{Indent}a:\n", $"{Indent}a: [v,\n", $"{Indent}a: 'v\n", $"{Indent}a: \"v\n", $"{Indent}a: v\n{Indent}  w\n")
        from marker in Each("---", "...", "--", "----", "....", "%YAML 1.1", "%x", "---\t", "... # c", "--- # c", "---#c", "...#c", "--- v", "... v", "---\tv", "--- |\n v", "--- 'v'", "--- [v]", "--- k: v", "--- {k: v}", "--- &x k: v", "--- !!map {k: v}", " ---", " ...", "\t---", "---\r", "...\u00a0", "---\u0085", "...\n---", "...\n%YAML 1.1\n---", "...\n%x\n---", "---\n---", "...\n...", "---\n...", "...\nk: v", "---\nk: v", "---\nk: [", "---\n\tk: v", "...\n\t", "---\n\t", "---\n# c", "--- {", "---\n- v\n")
        select before + marker + "\n";

    private static string Indented(string shape) => string.Concat(shape.Split('\n').Select(line => line.Length == 0 ? "\n" : $"{Indent}{line}\n"));
}
