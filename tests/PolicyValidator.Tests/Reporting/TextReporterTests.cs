using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Reporting;

public sealed class TextReporterTests
{
    [Fact]
    public void A_finding_shows_its_line_with_carets_under_the_place()
    {
        string[] lines = Lines("a: b\n\tkey: värde # c\n", "värde");
        Assert.Equal("f.yaml:2:7: warning: found [EP101 override-full-duplex-needs-trailers]", lines[0]);
        Assert.Equal(["  |", "2 |  key: värde # c", "  |       ^^^^^"], lines[1..4]);
    }

    [Fact]
    public void Wide_characters_take_two_columns() =>
        Assert.Equal(["1 | 日本: x", "  |       ^"], Lines("日本: x", "x")[2..4]);

    [Fact]
    public void A_place_of_several_lines_shows_the_first_three()
    {
        string[] lines = Lines("a:\n  b: 1\n  c: 2\n  d: 3\n", "b: 1\n  c: 2\n  d: 3");
        Assert.Equal(["2 |   b: 1", "  |   ^^^^", "3 |   c: 2", "  |   ^^^^", "4 |   d: 3", "  |   ^^^^"], lines[2..8]);
    }

    [Fact]
    public void A_long_line_is_cut_to_a_window_around_the_place()
    {
        string[] lines = Lines(new string('x', 5000) + "HERE" + new string('y', 5000), "HERE");
        Assert.InRange(lines[2].Length, 100, 140);
        Assert.Equal("HERE", lines[2].Substring(lines[3].IndexOf('^', StringComparison.Ordinal), 4));
    }

    [Fact]
    public void A_file_cannot_move_the_cursor()
    {
        string text = string.Join('\n', Lines("a: \u001b[2J\u0007x", "x"));
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u0007', text);
    }

    [Fact]
    public void An_absent_field_has_one_caret() => Assert.Equal("  | ^", Lines("abc", "")[3]);

    [Fact]
    public void Colours_are_escape_sequences_and_only_on_request()
    {
        Assert.Contains("\u001b[1;33mwarning\u001b[0m", Report("a: b", "b", Palette.Ansi), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', Report("a: b", "b", Palette.None));
    }

    [Fact]
    public void The_last_line_sums_up() =>
        Assert.EndsWith("1 warning in 1 file\n", Report("a: b", "b", Palette.None), StringComparison.Ordinal);

    [Fact]
    public void A_target_that_was_not_measured_is_marked() =>
        Assert.EndsWith("verdicts for envoy=1.30 were not compared with a real Envoy\n", Report("a: b", "b", Palette.None, "envoy=1.30"), StringComparison.Ordinal);

    private static string[] Lines(string text, string at) => Report(text, at, Palette.None).Split('\n');

    private static string Report(string text, string at, Palette palette, string target = "envoy=1.40")
    {
        SourceText source = new("f.yaml", text);
        int start = text.IndexOf(at, StringComparison.Ordinal);
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == "EP101");
        Finding finding = new(rule, Severity.Warning, source, new(start, start + at.Length), "/a", "found", "write");
        StringWriter output = new();
        new TextReporter(palette).Write(new(Target.Parse(target)!, [new(source, [finding], [new("filter", "EnvoyFilter", 1)])]), output);
        return output.ToString();
    }
}
