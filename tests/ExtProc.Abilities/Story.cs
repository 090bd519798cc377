using System.Globalization;
using ExtProc.Pipeline;
using ExtProc.Testing;

namespace ExtProc.Abilities;

/// <summary>An HTTP exchange as a client and an upstream play it, whoever stands between them.</summary>
public sealed record Story
{
    public string Method { get; init; } = "POST";

    public string Path { get; init; } = "/story";

    public IReadOnlyList<(string Name, string Value)> RequestHeaders { get; init; } = [];

    /// <summary>The pieces of the request's body; null for none.</summary>
    public IReadOnlyList<byte[]>? Request { get; init; }

    public IReadOnlyList<(string Name, string Value)> RequestTrailers { get; init; } = [];

    /// <summary>Whether the request declares its length.</summary>
    public bool RequestIsCounted { get; init; }

    public int Status { get; init; } = 200;

    public IReadOnlyList<(string Name, string Value)> ResponseHeaders { get; init; } = [];

    /// <summary>The pieces of the response's body; null for none.</summary>
    public IReadOnlyList<byte[]>? Response { get; init; }

    public IReadOnlyList<(string Name, string Value)> ResponseTrailers { get; init; } = [];

    public bool ResponseIsCounted { get; init; }

    public static IReadOnlyList<byte[]> Text(params string[] pieces) => [.. pieces.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>The same exchange for the test host.</summary>
    public Play Through(PipelineDefinition pipeline)
    {
        Play play = Play.Through(pipeline)
            .Request(Method, Path, Request is null ? null : "", Counted(RequestHeaders, Request, RequestIsCounted), RequestTrailers)
            .Response(Status, Response is null ? null : "", Counted(ResponseHeaders, Response, ResponseIsCounted), ResponseTrailers);
        return WithBody(WithBody(play, Direction.Request, Request), Direction.Response, Response);
    }

    private static Play WithBody(Play play, Direction direction, IReadOnlyList<byte[]>? pieces)
    {
        if (pieces is null)
        {
            return play;
        }

        int at = 0;
        return play.Body(direction, pieces.SelectMany(piece => piece).ToArray()).CutAt(direction, [.. pieces.Select(piece => at += piece.Length)]);
    }

    private static IEnumerable<(string, string)> Counted(IReadOnlyList<(string, string)> headers, IReadOnlyList<byte[]>? pieces, bool isCounted) =>
        isCounted && pieces is not null ? headers.Append(("content-length", pieces.Sum(piece => piece.Length).ToString(CultureInfo.InvariantCulture))) : headers;
}
