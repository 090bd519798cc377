namespace ExtProc.Testing;

/// <summary>What one peer sends: a request or a response, and in which pieces its body arrives at Envoy.</summary>
internal sealed record Traffic
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Null: no body at all; empty: a body frame without bytes.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Trailers { get; init; } = [];

    /// <summary>Where the body is cut, in bytes from its start.</summary>
    public IReadOnlyList<int> Cuts { get; init; } = [];

    /// <summary>The end comes on an empty chunk of its own, as HTTP/1.1 peers make it.</summary>
    public bool EndsOnEmptyChunk { get; init; }

    /// <summary>The peer has not come to the end of its message when the play ends.</summary>
    public bool Unfinished { get; init; }

    public bool HasTrailers => Trailers.Count > 0;

    /// <summary>Whether the headers are all there is.</summary>
    public bool IsBodyless => !Unfinished && !HasTrailers && Body is null;

    /// <summary>The body's pieces; the last one carries the end where no trailers follow.</summary>
    public IReadOnlyList<(ReadOnlyMemory<byte> Bytes, bool End)> Chunks()
    {
        if (Body is not { } body)
        {
            return [];
        }

        List<ReadOnlyMemory<byte>> pieces = [];
        int from = 0;
        foreach (int cut in Cuts.Append(body.Length).Where(cut => cut <= body.Length).Order())
        {
            if (cut > from)
            {
                pieces.Add(body[from..cut]);
                from = cut;
            }
        }

        bool ends = !HasTrailers && !Unfinished;
        if (ends && (pieces.Count == 0 || EndsOnEmptyChunk))
        {
            pieces.Add(default);
        }

        return [.. pieces.Select((piece, index) => (piece, ends && index == pieces.Count - 1))];
    }
}
