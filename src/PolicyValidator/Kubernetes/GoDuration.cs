using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyValidator.Kubernetes;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>200ms</c>, <c>-1.5s</c>.</summary>
internal static partial class GoDuration
{
    private static readonly Dictionary<string, decimal> Seconds = new()
    {
        ["h"] = 3600, ["m"] = 60, ["s"] = 1, ["ms"] = 1e-3m, ["us"] = 1e-6m, ["µs"] = 1e-6m, ["μs"] = 1e-6m, ["ns"] = 1e-9m,
    };

    /// <summary>Its length in seconds; null when it is no duration.</summary>
    public static decimal? SecondsOf(string text)
    {
        Match match = Form().Match(text);
        return text is "0" or "+0" or "-0" ? 0
            : !match.Success ? null
            : (match.Groups["sign"].Value == "-" ? -1 : 1) * match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures)
                .Sum(part => decimal.Parse("0" + part.First.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Seconds[part.Second.Value]);
    }

    [GeneratedRegex(@"^(?<sign>[-+]?)((?<number>[0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})(?<unit>h|ms|m|s|us|µs|μs|ns))+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
