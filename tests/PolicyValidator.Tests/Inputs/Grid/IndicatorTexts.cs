using static PolicyValidator.Tests.Inputs.Grid.Blank;
using static PolicyValidator.Tests.Inputs.Grid.GridText;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>Every indicator, and every character that is not a letter, where values and keys begin, in them, and where they end.</summary>
internal static class IndicatorTexts
{
    private static readonly string[] Indicators = ["-", "?", ":", ",", "[", "]", "{", "}", "#", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "---", "...", "~", "\\", "=", "é"];

    private static readonly string[] Followers = ["", "x", " x", "\tx", ": x", ",", " #", "\n          x", "\u00a0x"];

    private static readonly string[] Places =
    [
        $"{Indent}a: @\n{Indent}b: 1\n", $"{Indent}@: v\n{Indent}b: 1\n", $"{Indent}a: [@]\n{Indent}b: 1\n", $"{Indent}a: {{@: v}}\n{Indent}b: 1\n", $"{Indent}a: {{k: @}}\n{Indent}b: 1\n", $"{Indent}a:\n{Indent}- @\n{Indent}b: 1\n", $"{Indent}a: v@\n{Indent}b: 1\n",
        $"{Indent}a: v @\n{Indent}b: 1\n", $"{Indent}a: 'v'@\n{Indent}b: 1\n", $"{Indent}a: 'v' @\n{Indent}b: 1\n", $"{Indent}k@: v\n{Indent}b: 1\n", $"{Indent}a: v\n{Indent}  @\n{Indent}b: 1\n", $"{Indent}a: 'v'\n{Indent}@\n{Indent}b: 1\n", $"{Indent}a: v\n@\n{Indent}b: 1\n", $"{Indent}a: [v]@\n{Indent}b: 1\n",
    ];

    private static readonly string[] Codes =
        [.. Enumerable.Range(0, 33).Concat([0x7f, 0x80, 0x84, 0x85, 0x86, 0x9f, 0xa0, 0xad, 0x2028, 0x2029, 0x200b, 0x3000, 0xd7ff, 0xe000, 0xfdd0, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1f600, 0x10ffff]).Select(char.ConvertFromUtf32)];

    public static IEnumerable<string> All => [.. Placed, .. Characters, .. Escapes];

    private static IEnumerable<string> Placed =>
        from place in Places
        from indicator in Indicators
        from follower in Followers
        select place.Replace("@", indicator + follower, StringComparison.Ordinal);

    private static IEnumerable<string> Characters =>
        from code in Codes
        from form in Each("a: v@w", "a: 'v@w'", "a: \"v@w\"", "a: v # c@c", "k@l: v", "a: @", "a: [v@w]", $"a: |\n{Indent}  v@w", $"a: &x@y v\n{Indent}c: *x@y", "a: !x@y v")
        select $"{Indent}{form.Replace("@", code, StringComparison.Ordinal)}\n{Indent}b: 1\n";

    private static IEnumerable<string> Escapes =>
        from escape in Enumerable.Range(32, 95).Select(code => $"{(char)code}").Concat(
        [
            "x4", "x41", "xZZ", "u41", "u0041", "u004", "uD800", "uD83D\\uDE00", "uDE00", "U0001F600", "U00110000", "U0000D800", "x00", "u0000", "\t", "\n", "\r\n", "\n          ", " \n", "\u00e9", "u 041", "u+041", "x 4",
        ])
        from form in Each("\"v\\@w\"", "'v\\@w'", "[\"\\@\"]")
        select $"{Indent}a: {form.Replace("@", escape, StringComparison.Ordinal)}\n{Indent}b: 1\n";
}
