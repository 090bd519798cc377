using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyValidator.Model;

/// <summary>Durations as our server writes them: <c>200ms</c>, <c>0.2s</c>, <c>10s</c>, <c>1m</c>, <c>1h</c>, and <c>0</c>.</summary>
internal static partial class ServerDuration
{
    /// <summary>The seconds; null for what is no duration.</summary>
    public static decimal? SecondsOf(string text)
    {
        Match parts = Form().Match(text);
        return (parts.Success, parts.Groups["unit"].Value) switch
        {
            _ when text == "0" => 0,
            (true, "ms") => Number(parts) / 1000,
            (true, "s") => Number(parts),
            (true, "m") => Number(parts) * 60,
            (true, "h") => Number(parts) * 3600,
            _ => null,
        };
    }

    private static decimal Number(Match parts) => decimal.Parse(parts.Groups["number"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<number>[0-9]{1,14}(\.[0-9]{1,9})?)\s?(?<unit>ms|s|m|h)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
