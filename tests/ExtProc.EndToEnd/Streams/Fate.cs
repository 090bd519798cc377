namespace ExtProc.EndToEnd.Streams;

/// <summary>What becomes of something that Envoy's configuration asks it to send.</summary>
/// <param name="Text">How the table in docs/http2.md says it.</param>
internal sealed record Fate(string Text)
{
    /// <summary>It arrives, and the exchange is served.</summary>
    public static readonly Fate Served = new("served");

    /// <summary>The client sends something else in its place, and the exchange is served.</summary>
    public static readonly Fate LeftOut = new("left out, served") { IsLeftOut = true };

    /// <summary>Envoy cannot begin a stream with it: nothing reaches the server, and the client gets 500.</summary>
    public static readonly Fate Failed = new("not sent: 500") { IsSent = false };

    /// <summary>Whether it is tried; what fails now and then is only said.</summary>
    public bool IsTried { get; private init; } = true;

    /// <summary>Whether a stream reaches the server.</summary>
    public bool IsSent { get; private init; } = true;

    /// <summary>Whether the stream comes without it.</summary>
    public bool IsLeftOut { get; private init; }

    /// <summary>What the server's line has in it that tells what is wrong or what to do; null for what is served.</summary>
    public string? Says { get; private init; }

    /// <summary>Whether the connection ends as well.</summary>
    public bool EndsConnection { get; private init; }

    /// <summary>HTTP/2 refuses it, with a line and a count.</summary>
    public static Fate Refused(string reason) => new($"refused: `{reason}`") { Says = CureOf(reason) };

    /// <summary>The same, and it costs the other exchanges of the connection theirs.</summary>
    public static Fate Closed(string reason) => new($"refused, connection closed: `{reason}`") { Says = CureOf(reason), EndsConnection = true };

    /// <summary>gRPC refuses it, with a status or, where it is not gRPC at all, an HTTP status.</summary>
    public static Fate Status(string status, string says) => new($"refused: {status}") { Says = says };

    /// <summary>What is not tried each time; the document says more of it.</summary>
    public static Fate Untried(string text) => new(text) { IsTried = false };

    private static string CureOf(string reason) => reason switch
    {
        "authority" => "set grpc_service.envoy_grpc.authority, or the channel argument grpc.default_authority",
        "header_limits" => "raise transport.headerBytes (now 131072) and transport.headerCount (now 2000)",
        "malformed" => "and at grpc_service.initial_metadata",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason that docs/logs.md has"),
    };
}
