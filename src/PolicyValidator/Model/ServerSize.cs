using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyValidator.Model;

/// <summary>Sizes as our server writes them: bytes, or <c>64KiB</c>, <c>32MiB</c>, <c>1.5GiB</c>, <c>1TiB</c>, in any case.</summary>
internal static partial class ServerSize
{
    private static readonly string[] Units = ["B", "KIB", "MIB", "GIB", "TIB"];

    /// <summary>The bytes; null for what is no size.</summary>
    public static decimal? BytesOf(string text) =>
        Form().Match(text) is { Success: true } parts
        && Array.IndexOf(Units, parts.Groups["unit"].Value is { Length: > 0 } unit ? unit.ToUpperInvariant() : "B") is >= 0 and var power
            ? decimal.Parse(parts.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * (1L << (10 * power))
            : null;

    [GeneratedRegex(@"^(?<number>[0-9]{1,14}(\.[0-9]{1,9})?)\s?(?<unit>[A-Za-z]*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
