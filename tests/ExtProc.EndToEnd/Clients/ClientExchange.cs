using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Clients;

/// <summary>One request and its response, part by part, whatever the protocol. Both directions may run at once.</summary>
internal abstract class ClientExchange : IAsyncDisposable
{
    /// <summary>Informational responses (1xx) that came before the final one.</summary>
    public List<ResponseHead> Informational { get; } = [];

    /// <summary>The response's trailers; empty until its end was read.</summary>
    public Fields Trailers { get; protected set; } = [];

    public abstract Task SendHeadAsync(RequestHead head, CancellationToken cancel);

    /// <summary>Sends one piece of the body, as one chunk or in as few frames as the windows allow.</summary>
    public abstract Task WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel);

    /// <summary>Sends the last piece and ends the request, in one frame where the protocol can.</summary>
    public virtual async Task WriteLastAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel)
    {
        await WriteAsync(piece, cancel);
        await EndAsync(null, cancel);
    }

    /// <summary>Ends the request.</summary>
    public abstract Task EndAsync(Fields? trailers, CancellationToken cancel);

    /// <summary>The final response's head, or the head of an upgrade.</summary>
    /// <exception cref="CutShortException">there will be none</exception>
    public abstract Task<ResponseHead> ReadHeadAsync(CancellationToken cancel);

    /// <summary>The next piece of the response's body, or null at its end.</summary>
    /// <exception cref="CutShortException">it was broken off</exception>
    public abstract Task<byte[]?> ReadAsync(CancellationToken cancel);

    /// <summary>Breaks the exchange off as a client does that lost interest.</summary>
    public abstract Task AbortAsync(CancellationToken cancel);

    public abstract ValueTask DisposeAsync();
}
