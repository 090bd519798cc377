using static PolicyValidator.Tests.Inputs.Grid.Blank;
using static PolicyValidator.Tests.Inputs.Grid.GridText;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>White space and oddities in brackets and braces.</summary>
internal static class FlowTexts
{
    private static readonly string[] Forms =
    [
        "[@v]", "[v@]", "[v,@w]", "[v@, w]", "[v, w@]", "[v, w,@]", "{@k: v}", "{k@: v}", "{k:@v}", "{k: v@}", "{k: v,@l: w}", "{k: v@, l: w}", "{'k'@: v}", "{'k':@v}", "{\"k\":@'v'}", "{'k'@: 'v'@}", "[{@}]", "[[@v@]@]", "{k: [@v]}", "[v@w]", "{k: v@w}",
        "['v@w']", "[\"v@w\"]", "[k:@v]", "[k@: v]", "['k'@: v]", "[@k: v]", "[? @k : v]", "{?@k: v}", "{k@}", "{k:@}", "{k:@, l: w}", "[@]", "{@}", "[-@v]", "[&x@v]", "[!!str@v]", "{&x@k: v}", "{k: &x@v}", "[|@v]", "[#@v]", "[v#@w]", "[v @#w]",
    ];

    public static IEnumerable<string> All => [.. Blanks, .. Closings, .. Contents];

    private static IEnumerable<string> Blanks =>
        from form in Forms
        from blank in Blank.Inline.Concat(Blank.Breaks)
        select $"{Indent}a: {form.Replace("@", blank, StringComparison.Ordinal)}\n{Indent}b: 1\n";

    /// <summary>Where lines in brackets may begin: before the column of the key around them, at it, behind it.</summary>
    private static IEnumerable<string> Closings =>
        from open in Each("[", "{", "[v", "{k: v", "[v,", "{k: v,", "[[v],", "{k: {l: v}")
        from indent in Blank.Indents
        from content in Each("", "w", "l: w")
        select $"{Indent}a: {open}\n{indent}{content}{(open[0] == '[' ? ']' : '}')}\n{Indent}b: 1\n";

    private static IEnumerable<string> Contents =>
        from content in Each(
            "[,]", "[v,,w]", "[,v]", "{,}", "{k: v,,l: w}", "{,k: v}", "[v w: x]", "{k v}", "{k}", "{k, l}", "{k:}", "{k:v}", "{'k':v}", "{\"k\":v}", "['k':v]", "[k:v]", "[k: v, l: w]", "{k: v: w}", "[k: v: w]", "{[k]: v}", "{{k: v}: w}", "[[k]: v]", "{? k: v}",
            "{? k}", "{?}", "{? }", "[?]", "[? ]", "[?k]", "{?k: v}", "[:]", "[: ]", "[:v]", "[: v]", "{:}", "{: v}", "{:v}", "{k: :}", "{k: -}", "[-]", "[- ]", "[- v]", "[-v]", "[--]", "[---]", "[...]", "[v", "{k: v", "v]", "v}", "[v]]", "{k: v}}", "[v}", "{k: v]",
            "[v] w", "[v] 'w'", "[v] [w]", "[v]: w", "{k: v}: w", "'v' w", "'v' 'w'", "'v', w", "'v' [w]", "\"v\": w", "'v': w", "v, w", "v] w", "v[w]", "v{w}", "v{}", "[v[w]", "[v{w]", "['v'w]", "['v' w]", "[v 'w']", "[v\"w]", "[v'w]", "[v 'w' x]", "[\"v\"\"w\"]", "['v''w']", "['v' 'w']",
            "[*x]", "[*x, *x]", "{*x : v}", "{*x: v}", "{k: *x}", "{k: *x,l: w}", "[&y v, *y]", "[&y, *y]", "[!!str]", "[!!str , v]", "[!!str, v]", "[! v]", "[!]", "{! k: v}", "{k: !}", "{!!str k: v}", "{k: !!str}", "{k: !!str }", "[!<x> v]", "[!<tag:yaml.org,2002:str> v]", "[!x!y v]", "[%v]", "[@v]",
            "[`v]", "[|v]", "[>v]", "[| v]", "[> v]", "[v|w]", "[v>w]", "[v%w]", "[v@w]", "[v`w]", "[v&w]", "[v*w]", "[v!w]", "[v?w]", "[v? w]", "[v?]", "[v ?w]", "[v ? w]", "[v-w]", "[v - w]", "[v -]", "[v:w]", "[v :w]", "[v : w]", "[v:]", "[v :]", "[v: ]", "[::]", "[:: v]", "[a::b]", "[http://x]",
            "{k: http://x}", "{http://x: v}", "{k: v#w}", "{k: v #w}", "{k: v,#w}", "[#]", "{#}", "[v]#c", "[v] #c", "{k: v}#c", "'v'#c", "\"v\"#c", "{k: 'v'#c}", "{k: 'v'\n#c\n}", "{<<: *x}", "{k: v, k: w}", "{k: v, 'k': w}", "[[], {}, '', \"\", ~]", "{[]: v}", "{{}: v}", "{'': v}", "{\"\": v}", "{~: v}",
            "{null: v}", "{1: v}", "{true: v}", "{1.5: v}", "{[1, 2]: v}", "[v,\n\n  w]", "[v\n,w]", "{k\n: v}", "{k:\nv}", "{'k'\n: v}", "{'k'\n:v}", "[k\n: v]", "['k'\n: v]", "[k:\n v]", "[v]\n: w", "{k: v\n}", "[\n]", "[\n# c\n]", "[v # c\n]", "[v# c\n]", "[v, # c\nw]", "[v,# c\nw]",
            "{k: v, # c\nl: w}", "{k: # c\nv}", "{k # c\n: v}", "[v\n---\n]", "[\n---\n]", "[v\n...\n]", "[\n--- v]", "[\n... v]", "[\n---v]", "[\n- v]", "[\n-v]", "[v\n%w]", "['v\n---\nw']", "[v\n  # c\n  w]", "[v # c\n w]")
        select $"{Indent}x: &x 1\n{Indent}a: {content}\n{Indent}b: 1\n";
}
