using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Clients;

/// <summary>A whole request: what a test says when it does not care about the moments at which parts go out.</summary>
internal sealed record Call(string Method, string Path)
{
    public Fields Headers { get; init; } = [];

    /// <summary>The pieces of the body, each written by itself; null is a request without a body.</summary>
    public IReadOnlyList<byte[]>? Pieces { get; init; }

    /// <summary>True declares the body's length; false sends it in chunks.</summary>
    public bool DeclaresLength { get; init; }

    public Fields? Trailers { get; init; }

    public static Call Get(string path) => new("GET", path);

    public static Call Post(string path, params byte[][] pieces) => new("POST", path) { Pieces = pieces };

    public RequestHead HeadFor(string authority, string testId) => new(
        Method, authority, Path, new Fields { { "x-test-id", testId } }.With(Headers),
        DeclaresLength ? Pieces?.Sum(piece => (long)piece.Length) ?? 0 : null, Pieces is not null);
}

/// <summary>A whole answer, as far as it came.</summary>
/// <param name="CutShort">how it was broken off; null when it was complete</param>
internal sealed record Answer(int Status, Fields Headers, byte[] Body, Fields Trailers, IReadOnlyList<ResponseHead> Informational, string? CutShort)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public override string ToString() =>
        $"{Status} [{Headers}] {Body.Length} bytes \"{Text[..Math.Min(Text.Length, 80)]}\" trailers [{Trailers}] {CutShort ?? "complete"}";
}
