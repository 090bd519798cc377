using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Upstream;

/// <summary>One request at the upstream and the means to answer it, whatever the protocol.</summary>
internal abstract class UpstreamCall(SeenRequest seen)
{
    public SeenRequest Seen => seen;

    public Steps Steps { get; init; } = new();

    /// <summary>The next piece of the request's body, or null at its end; both are recorded.</summary>
    /// <exception cref="CutShortException">the request was broken off</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancel)
    {
        if (await ReadPieceAsync(cancel) is { } piece)
        {
            seen.Append(piece);
            return piece;
        }

        seen.Trailers = RequestTrailers;
        seen.Complete = true;
        return null;
    }

    public async Task<byte[]> ReadAllAsync(CancellationToken cancel)
    {
        while (await ReadAsync(cancel) is not null)
        {
            // Recorded as it is read.
        }

        return seen.Body;
    }

    /// <summary>A query parameter as a number.</summary>
    public int Number(string name, int otherwise) => int.TryParse(Text(name), out int value) ? value : otherwise;

    /// <summary>A query parameter.</summary>
    public string? Text(string name) => seen.Path.Split('?').Skip(1).SelectMany(query => query.Split('&'))
        .Select(pair => pair.Split('=', 2)).FirstOrDefault(pair => pair[0] == name)?.ElementAtOrDefault(1);

    /// <summary>Sends the head. Without a content-length the body is in chunks, unless the status has none.</summary>
    public abstract Task StartAsync(int status, Fields headers, CancellationToken cancel);

    /// <summary>Sends a head that is the whole response.</summary>
    public abstract Task StartAndEndAsync(int status, Fields headers, CancellationToken cancel);

    public abstract Task WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel);

    public abstract Task EndAsync(Fields? trailers, CancellationToken cancel);

    /// <summary>Sends a 1xx response.</summary>
    public abstract Task InformAsync(int status, Fields headers, CancellationToken cancel);

    /// <summary>Accepts an upgrade, or a CONNECT; from then on bytes go both ways.</summary>
    public abstract Task AcceptTunnelAsync(CancellationToken cancel);

    /// <summary>Breaks the exchange off.</summary>
    public abstract void Abort();

    protected abstract Fields RequestTrailers { get; }

    protected abstract Task<byte[]?> ReadPieceAsync(CancellationToken cancel);
}
