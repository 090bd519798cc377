using System.Text.RegularExpressions;

namespace PolicyValidator.Kubernetes;

/// <summary>The formats of strings that the API server checks; others it passes over.</summary>
internal static partial class FormatCheck
{
    /// <summary>Whether a string has a format.</summary>
    public static bool Passes(string text, string? format) => format switch
    {
        "duration" => GoDuration.SecondsOf(text) is not null || FriendlyDuration().IsMatch(text),
        "byte" => Convert.TryFromBase64String(text, new byte[(text.Length * 3 / 4) + 3], out _) && !text.Any(char.IsWhiteSpace),
        _ => true,
    };

    /// <summary>A number and a unit anywhere near the beginning, which is more than Go itself takes.</summary>
    [GeneratedRegex(@"^(-\s?)?[0-9]+\s*(ns|nano|us|µs|micro|ms|milli|s|sec|m|min|h|hr|hour|d|day|w|wk|week)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FriendlyDuration();
}
