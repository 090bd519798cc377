using System.Buffers;
using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Testing;

/// <summary>What a play came to: what client and upstream would see, and how the server behaved.</summary>
public sealed class Seen
{
    /// <summary>How it ended.</summary>
    public PlayOutcome Outcome { get; internal set; }

    /// <summary>The response as the client gets it.</summary>
    public SeenMessage Client { get; } = new();

    /// <summary>The request as the upstream gets it.</summary>
    public SeenMessage Upstream { get; } = new();

    /// <summary>The gRPC status that the server ended its stream with; <see langword="null"/> while Envoy was the one to end it.</summary>
    public int? GrpcStatus { get; internal set; }

    /// <summary>The text that came with <see cref="GrpcStatus"/>.</summary>
    public string GrpcMessage { get; internal set; } = "";

    /// <summary>Where the server did what Envoy refuses, ignores, or waits for in vain. Empty for a server that is right.</summary>
    public IReadOnlyList<string> Violations => ViolationList;

    /// <summary>The conversation, one line a message: <c>&gt;</c> from Envoy, <c>&lt;</c> from the server.</summary>
    public string Transcript { get; internal set; } = "";

    /// <summary>Dynamic metadata as Envoy would keep it: the last answer wins, by namespace.</summary>
    public Struct Metadata { get; } = new();

    /// <summary>The response code details of an immediate response.</summary>
    public string Details { get; internal set; } = "";

    /// <summary>Whether Envoy was made to choose its route again.</summary>
    public bool RouteCacheCleared { get; internal set; }

    /// <summary>Extensions of Envoy's message timeout that were asked for.</summary>
    public int TimeExtensions { get; internal set; }

    /// <summary>The exchange's decision notes: what processors noted, and the reasons of refusals.</summary>
    public IReadOnlyList<string> Notes { get; internal set; } = [];

    /// <summary>How the exchange ended for the server.</summary>
    public Completion Completion { get; internal set; }

    /// <summary>Warnings and errors that the server logged.</summary>
    public IReadOnlyList<string> Logs => LogList;

    internal List<string> ViolationList { get; } = [];

    internal List<string> LogList { get; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Outcome}{(ViolationList.Count == 0 ? "" : $", violations: {string.Join("; ", ViolationList)}")}\n{Transcript}";
}

/// <summary>How a play ended.</summary>
public enum PlayOutcome
{
    /// <summary>Both directions went through.</summary>
    Passed,

    /// <summary>A processor answered the client.</summary>
    Responded,

    /// <summary>The server ended its stream with a failure, or Envoy did because of it: the client gets 500 or a reset.</summary>
    Failed,

    /// <summary>Envoy ended the stream before the exchange was over: the play said so.</summary>
    Abandoned,

    /// <summary>The server never sent what Envoy waits for.</summary>
    Hung,
}

/// <summary>One message as its receiver sees it.</summary>
public sealed class SeenMessage
{
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>Whether its headers arrived.</summary>
    public bool Arrived { get; internal set; }

    /// <summary>Whether its end arrived. A receiver that sees a clean end has no reason to think that anything is missing.</summary>
    public bool EndedCleanly { get; internal set; }

    /// <summary>Whether it was broken off after it began.</summary>
    public bool WasReset { get; internal set; }

    /// <summary>Header lines in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; internal set; } = [];

    /// <summary>Trailer lines in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Trailers { get; internal set; } = [];

    /// <summary>The status of a response.</summary>
    public int? Status => int.TryParse(this[":status"], out int status) ? status : null;

    /// <summary>The method of a request.</summary>
    public string? Method => this[":method"];

    /// <summary>The path of a request.</summary>
    public string? Path => this[":path"];

    /// <summary>The body as UTF-8 text.</summary>
    public string Body => Encoding.UTF8.GetString(_body.WrittenSpan);

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> BodyBytes => _body.WrittenMemory;

    /// <summary>All values of a header, joined by a comma; <see langword="null"/> when there is none.</summary>
    public string? this[string name] => Joined(Headers, name);

    /// <summary>The same for a trailer.</summary>
    public string? Trailer(string name) => Joined(Trailers, name);

    internal void Write(ReadOnlySpan<byte> bytes) => _body.Write(bytes);

    private static string? Joined(IEnumerable<KeyValuePair<string, string>> lines, string name)
    {
        string[] values = [.. lines.Where(line => string.Equals(line.Key, name, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value)];
        return values.Length == 0 ? null : string.Join(",", values);
    }
}
