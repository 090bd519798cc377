using System.Text.Json;
using System.Text.RegularExpressions;
using PolicyValidator.Reporting;

namespace PolicyValidator.Tests.Reporting;

/// <summary>JSON is printed while it is written, and means what was written.</summary>
public sealed class JsonLinesTests
{
    [Fact]
    public void A_long_list_is_printed_in_pieces()
    {
        Pieces pieces = new();
        JsonText.Write(pieces, json => WriteList(json, Enumerable.Repeat("a finding", 100_000)));
        Assert.InRange(pieces.Longest, 1, 64 * 1024);
        Assert.Equal(100_000, JsonDocument.Parse(pieces.ToString()).RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData("##[error]", @"\u0023#[error]")]
    [InlineData("\u202e", @"\u202e")]
    [InlineData("\U000E0041", @"\udb40\udc41")]
    [InlineData("\u5b57", "\u5b57")]
    public void No_character_is_obeyed_wherever_a_piece_ends(string text, string printed)
    {
        string[] all = [.. Enumerable.Range(0, 40_000).Select(at => new string('x', at % 7) + text), new string('y', 100_000) + text];
        using StringWriter output = new();
        JsonText.Write(output, json => WriteList(json, all));
        Assert.Equal(all, JsonDocument.Parse(output.ToString()).RootElement.EnumerateArray().Select(each => each.GetString()));
        Assert.Equal(all.Length, Regex.Count(output.ToString(), Regex.Escape(printed), RegexOptions.IgnoreCase));
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable<string> texts)
    {
        json.WriteStartArray();
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private sealed class Pieces : StringWriter
    {
        public int Longest { get; private set; }

        public override void Write(string? value)
        {
            Longest = Math.Max(Longest, value?.Length ?? 0);
            base.Write(value);
        }
    }
}
