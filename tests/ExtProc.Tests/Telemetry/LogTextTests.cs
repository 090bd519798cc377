using ExtProc.Telemetry;

namespace ExtProc.Tests.Telemetry;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("all is well: 100 %, \"so\" it is | a\\b", "all is well: 100 %, \"so\" it is | a\\b")]
    [InlineData("größe 接続できません пароль €✓🐈", "größe 接続できません пароль €✓🐈")]
    [InlineData("two\nlines\r\nand\rmore", "two | lines | and | more")]
    [InlineData("\u001b[31mred\u0007\0", "\\u001b[31mred\\u0007\\u0000")]
    [InlineData("\t\b\u007f", "\\u0009\\u0008\\u007f")]
    [InlineData("\u0085\u009b2J", "\\u0085\\u009b2J")]
    [InlineData("\u2028\u2029\u00a0\u3000", "\\u2028\\u2029\\u00a0\\u3000")]
    [InlineData("\u202egnp.exe\u202c\u2066\u200f", "\\u202egnp.exe\\u202c\\u2066\\u200f")]
    [InlineData("\u200b\ufeff\u00ad\u2060", "\\u200b\\ufeff\\u00ad\\u2060")]
    [InlineData("e\u0301\u20dd", "e\\u0301\\u20dd")]
    [InlineData("\u3164\u2800\u115f\ufe0f", "\\u3164\\u2800\\u115f\\ufe0f")]
    [InlineData("\u05d0\u0627\ufb1d", "\\u05d0\\u0627\\ufb1d")]
    [InlineData("\ue000\ufffe\uffff", "\\ue000\\ufffe\\uffff")]
    [InlineData("\U000E0041\U00010900", "\\udb40\\udc41\\ud802\\udd00")]
    public void What_is_not_plainly_seen_is_written_as_its_number(string text, string line) => Assert.Equal(line, LogText.Line(text));

    [Fact]
    public void Half_a_character_is_a_number_too() => Assert.Equal("a\\ud83db\\udc08", LogText.Line("a" + (char)0xD83D + "b" + (char)0xDC08));

    [Theory]
    [InlineData("x")]
    [InlineData("\u001b")]
    [InlineData("🐈")]
    [InlineData("\r\n")]
    public void A_line_has_an_end(string part)
    {
        string line = LogText.Line(string.Concat(Enumerable.Repeat(part, 1_000_000)));

        Assert.InRange(line.Length, LogText.LongestLine, LogText.LongestLine + 50);
        Assert.Matches(@"\.\.\. \(\d+ letters more\)$", line);
    }

    [Fact]
    public void No_character_of_Unicode_acts()
    {
        string all = string.Concat(Enumerable.Range(0, 0x110000).Where(System.Text.Rune.IsValid).Select(code => new System.Text.Rune(code).ToString()));

        string line = LogText.Line(all, int.MaxValue);

        Assert.DoesNotContain(line, letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
    }
}
