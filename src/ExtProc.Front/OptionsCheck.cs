namespace ExtProc.Front;

/// <summary>Refuses settings with which no exchange, or not every one, could come out right: what Envoy refuses at load, and what cannot work here.</summary>
internal static class OptionsCheck
{
    /// <exception cref="ArgumentException">They cannot be used; names all that is wrong.</exception>
    public static void Require(ExtProcFilterOptions options) => Require("UseExtProc", Problems(options));

    /// <exception cref="ArgumentException">They cannot be used; names all that is wrong.</exception>
    public static void Require(ExtProcPerRoute settings) => Require("WithExtProc", ModeProblems(settings.ProcessingMode ?? new()).Concat(MetadataProblems(settings.GrpcInitialMetadata)));

    private static void Require(string where, IEnumerable<string> problems)
    {
        string[] all = [.. problems];
        if (all.Length > 0)
        {
            throw new ArgumentException($"{where}: {string.Join("; ", all)}");
        }
    }

    private static IEnumerable<string> Problems(ExtProcFilterOptions options)
    {
        if (options.Channel is null && options.GrpcService is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"GrpcService is {(options.GrpcService is null ? "not set" : $"\"{options.GrpcService}\"")}; give the server's address, such as http://127.0.0.1:9000, or a Channel";
        }

        foreach (string problem in ModeProblems(options.ProcessingMode).Concat(TimeProblems(options)).Concat(NumberProblems(options)).Concat(MetadataProblems(options.InitialMetadata)))
        {
            yield return problem;
        }

        if (FollowedReleases.For(options.EnvoyVersion) is null)
        {
            yield return $"EnvoyVersion is {options.EnvoyVersion}; it can be {FollowedReleases.Range}";
        }

        if (options.ForwardRules.AllowedHeaders.Concat(options.ForwardRules.DisallowedHeaders).Any(matcher => matcher.Patterns != 1))
        {
            yield return "ForwardRules: a matcher needs exactly one of Exact, Prefix, Suffix and Contains";
        }
    }

    private static IEnumerable<string> TimeProblems(ExtProcFilterOptions options)
    {
        (string Name, TimeSpan Time, TimeSpan Most)[] times =
        [
            (nameof(options.MessageTimeout), options.MessageTimeout, TimeSpan.FromHours(1)),
            (nameof(options.MaxMessageTimeout), options.MaxMessageTimeout, TimeSpan.FromHours(1)),
            (nameof(options.DeferredCloseTimeout), options.DeferredCloseTimeout, TimeSpan.FromDays(1)),
            (nameof(options.StreamIdleTimeout), options.StreamIdleTimeout, TimeSpan.FromDays(1)),
            (nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromDays(1)),
        ];
        return times.Where(row => row.Time < TimeSpan.Zero || row.Time > row.Most).Select(row => $"{row.Name} is {row.Time}; it can be zero to {row.Most}");
    }

    private static IEnumerable<string> NumberProblems(ExtProcFilterOptions options)
    {
        (string Name, int Number, int Least, int Most)[] numbers =
        [
            (nameof(options.StatusOnError), options.StatusOnError, 400, 599),
            (nameof(options.BufferBytes), options.BufferBytes, 1 << 10, 1 << 30),
            (nameof(options.AheadBytes), options.AheadBytes, 1 << 16, 1 << 30),
            (nameof(options.MaxHeadersCount), options.MaxHeadersCount, 1, 10_000),
            (nameof(options.MaxRequestHeadersKb), options.MaxRequestHeadersKb, 1, 8192),
        ];
        return numbers.Where(row => row.Number < row.Least || row.Number > row.Most).Select(row => $"{row.Name} is {row.Number}; it can be {row.Least} to {row.Most}");
    }

    /// <summary>Source: gRPC's names and values of custom metadata.</summary>
    private static IEnumerable<string> MetadataProblems(IEnumerable<KeyValuePair<string, string>> metadata) => metadata
        .Where(entry => entry.Key.Length == 0 || entry.Key.EndsWith("-bin", StringComparison.Ordinal) || entry.Key.StartsWith("grpc-", StringComparison.Ordinal)
            || !entry.Key.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.')
            || entry.Value.Any(character => character is < ' ' or > '~'))
        .Select(entry => $"metadata \"{entry.Key}\" cannot be sent: a key has a to z, 0 to 9, -, _ and ., does not begin with grpc- or end with -bin, and a value is printable ASCII");

    /// <summary>Source: Envoy's own checks of <c>ExternalProcessor.processing_mode</c>.</summary>
    private static IEnumerable<string> ModeProblems(ProcessingMode modes)
    {
        foreach (Direction direction in Enum.GetValues<Direction>())
        {
            BodySendMode mode = modes.BodyMode(direction);
            if (mode is BodySendMode.FullDuplexStreamed && !modes.SendsTrailers(direction))
            {
                yield return $"{direction}BodyMode is FullDuplexStreamed, which needs {direction}TrailerMode Send: without it the end of a body with trailers is lost";
            }

            if (mode is BodySendMode.Grpc || !Enum.IsDefined(mode))
            {
                yield return $"{direction}BodyMode is {mode}, which Envoy does not implement; use None, Streamed, Buffered, BufferedPartial or FullDuplexStreamed";
            }
        }
    }
}
