namespace ExtProc.Front;

/// <summary>Refuses settings with which no exchange, or not every one, could come out right: what Envoy refuses at load, and what cannot work here.</summary>
internal static class OptionsCheck
{
    /// <exception cref="ArgumentException">They cannot be used; names all that is wrong.</exception>
    public static void Require(ExtProcFilterOptions options)
    {
        string[] problems = [.. Problems(options)];
        if (problems.Length > 0)
        {
            throw new ArgumentException($"UseExtProc: {string.Join("; ", problems)}");
        }
    }

    /// <exception cref="ArgumentException">The modes of an endpoint cannot be used.</exception>
    public static void Require(ProcessingMode modes)
    {
        string[] problems = [.. ModeProblems(modes)];
        if (problems.Length > 0)
        {
            throw new ArgumentException($"ExtProcPerRoute: {string.Join("; ", problems)}");
        }
    }

    private static IEnumerable<string> Problems(ExtProcFilterOptions options)
    {
        if (options.Channel is null && options.GrpcService is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"GrpcService is {(options.GrpcService is null ? "not set" : $"\"{options.GrpcService}\"")}; give the server's address, such as http://127.0.0.1:9000, or a Channel";
        }

        foreach (string problem in ModeProblems(options.ProcessingMode).Concat(RangeProblems(options)))
        {
            yield return problem;
        }

        if (options.ForwardRules.AllowedHeaders.Concat(options.ForwardRules.DisallowedHeaders).Any(matcher => matcher.Patterns != 1))
        {
            yield return "ForwardRules: a matcher needs exactly one of Exact, Prefix, Suffix and Contains";
        }
    }

    private static IEnumerable<string> RangeProblems(ExtProcFilterOptions options)
    {
        foreach ((string name, TimeSpan time) in ((string, TimeSpan)[])[(nameof(options.MessageTimeout), options.MessageTimeout), (nameof(options.MaxMessageTimeout), options.MaxMessageTimeout)])
        {
            if (time < TimeSpan.Zero || time > TimeSpan.FromHours(1))
            {
                yield return $"{name} is {time}; it can be zero to one hour";
            }
        }

        foreach ((string name, TimeSpan time) in ((string, TimeSpan)[])[(nameof(options.DeferredCloseTimeout), options.DeferredCloseTimeout), (nameof(options.StreamIdleTimeout), options.StreamIdleTimeout), (nameof(options.ConnectTimeout), options.ConnectTimeout)])
        {
            if (time < TimeSpan.Zero || time > TimeSpan.FromDays(1))
            {
                yield return $"{name} is {time}; it can be zero to one day";
            }
        }

        foreach ((string name, int number, int least, int most) in ((string, int, int, int)[])
            [
                (nameof(options.StatusOnError), options.StatusOnError, 400, 599), (nameof(options.BufferBytes), options.BufferBytes, 1 << 10, 1 << 30),
                (nameof(options.AheadBytes), options.AheadBytes, 1 << 16, 1 << 30), (nameof(options.MaxHeadersCount), options.MaxHeadersCount, 1, 10_000),
                (nameof(options.MaxRequestHeadersKb), options.MaxRequestHeadersKb, 1, 8192),
            ])
        {
            if (number < least || number > most)
            {
                yield return $"{name} is {number}; it can be {least} to {most}";
            }
        }
    }

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
