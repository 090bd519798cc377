using System.Globalization;
using System.Text.RegularExpressions;
using PolicyValidator.Expressions.Cel;
using PolicyValidator.Rules;

namespace PolicyValidator.Expressions.Formats;

/// <summary>Judges the <c>%…%</c> commands of a header value as Envoy's substitution formatter does.</summary>
internal static partial class FormatString
{
    private static readonly string[] MetadataSources = ["DYNAMIC", "CLUSTER", "ROUTE", "UPSTREAM_HOST", "LISTENER", "VIRTUAL_HOST", "LISTENER_FILTER_CHAIN"];

    /// <summary>The first problem; null when Envoy takes the text.</summary>
    /// <param name="text">The header's value.</param>
    /// <param name="version">The release.</param>
    /// <param name="declared">Commands that formatters of the config add; null when they add some that are not known.</param>
    public static string? Check(string text, EnvoyVersion version, IReadOnlyCollection<string>? declared)
    {
        for (int at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = at < text.Length ? text.IndexOf('%', at) : -1)
        {
            if (text.AsSpan(at).StartsWith("%%"))
            {
                at += 2;
                continue;
            }

            Match match = Command().Match(text, at, text.Length - at);
            if (!match.Success)
            {
                return $"no command stands at position {at}; write %% for a percent sign";
            }

            if (Problem(match, version, declared) is { } problem)
            {
                return problem;
            }

            at += match.Length;
        }

        return null;
    }

    private static string? Problem(Match match, EnvoyVersion version, IReadOnlyCollection<string>? declared)
    {
        string name = match.Groups["name"].Value, parameters = match.Groups["parameters"].Value;
        Group length = match.Groups["length"];
        if (length.Success && !ulong.TryParse(length.ValueSpan, CultureInfo.InvariantCulture, out _))
        {
            return $"the length in {match.Value} is too large";
        }

        return (FormatCommands.Find(name, version), declared) switch
        {
            (null, null) => null,
            (null, _) => declared.Contains(name) ? null : $"there is no command {name}",
            ({ Parameters: "needed" }, _) when parameters.Length == 0 => $"{name} needs parameters in parentheses",
            ({ Parameters: "none" }, _) when parameters.Length > 0 => $"{name} takes no parameters",
            ({ TakesLength: false }, _) when length.Success => $"{name} takes no length",
            _ when parameters.Length == 0 => null,
            _ => ParameterProblem(name, parameters, version),
        };
    }

    private static string? ParameterProblem(string name, string parameters, EnvoyVersion version)
    {
        string[] parts = parameters.Split(':');
        return name switch
        {
            "REQ" or "RESP" or "TRAILER" or "REQUEST_HEADER" or "RESPONSE_HEADER" or "RESPONSE_TRAILER" or "STREAM_INFO_REQ" => HeaderProblem(parameters),
            "FILTER_STATE" or "UPSTREAM_FILTER_STATE" => FilterStateProblem(parts),
            "METADATA" => Unless(MetadataSources.Contains(parts[0]), $"METADATA begins with one of {string.Join(", ", MetadataSources)}"),
            "CEL" => CelExpression.Check(parameters, version)?.Message,
            "GRPC_STATUS" => Unless(parameters is "CAMEL_STRING" or "SNAKE_STRING" or "NUMBER", "GRPC_STATUS takes CAMEL_STRING, SNAKE_STRING or NUMBER"),
            "REQUESTED_SERVER_NAME" => Unless(
                parts[0] is "SNI_FIRST" or "SNI_ONLY" or "HOST_FIRST" && (parts.Length == 1 || parts[1] is "ORIG" or "HOST"),
                "REQUESTED_SERVER_NAME takes SNI_FIRST, SNI_ONLY or HOST_FIRST, then ORIG or HOST"),
            "PATH" => Unless(
                parts[0] is "WQ" or "NQ" or "" && (parts.Length == 1 || parts[1] is "ORIG" or "PATH" or "ORIG_OR_PATH"),
                "PATH takes WQ or NQ, then ORIG, PATH or ORIG_OR_PATH"),
            "QUERY_PARAMS" => Unless(parameters is "ORIG" or "DECODED", "QUERY_PARAMS takes ORIG or DECODED"),
            "COMMON_DURATION" => Unless(
                parts.Length == 2 || (parts.Length == 3 && parts[2] is "ms" or "us" or "ns"),
                "COMMON_DURATION takes two points in time and a unit: ms, us or ns"),
            _ => null,
        };
    }

    /// <summary>A header, and perhaps another to take in its place.</summary>
    private static string? HeaderProblem(string parameters)
    {
        string[] names = parameters.Split('?');
        return Unless(names.Length <= 2 && names.All(name => name.Length == 0 || HeaderName().IsMatch(name)), $"'{parameters}' is not a header name, or two with a question mark between");
    }

    private static string? FilterStateProblem(string[] parts) => Unless(
        parts[0].Length > 0 && (parts.Length < 2 || parts[1] is "" or "PLAIN" or "TYPED" || (parts is [_, "FIELD", { Length: > 0 }, ..]))
            && (parts.Length < 3 || parts[1] == "FIELD"),
        "a filter state takes its key, then PLAIN, TYPED or FIELD and a field");

    private static string? Unless(bool fine, string problem) => fine ? null : problem;

    [GeneratedRegex(@"\G%(?<name>[A-Z0-9_]+)(\((?<parameters>.*?)\))?(:(?<length>[0-9]+))?%", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    [GeneratedRegex(@"^:?[A-Za-z0-9!#$&'*+.^_`|~-]+\z")]
    private static partial Regex HeaderName();
}
