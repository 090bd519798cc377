using ExtProc.Transport.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace ExtProc.Transport;

/// <summary>
/// What one stream takes of the memory budget besides its messages: Kestrel's objects for it, its path and its metadata. Taken when its
/// request begins; returned when Kestrel lets go of it, and what long texts take at the end of the request.
/// </summary>
internal sealed class StreamCost : IDisposable
{
    /// <summary>Kestrel's and our own objects for one stream, measured with 20,000 streams that carried ten bytes each.</summary>
    public const int ObjectBytes = 10 * 1024;

    // Two objects of text, and a place in a table.
    private const int LineBytes = 100;

    // Kestrel keeps the path as it came, decoded, and in the features of the request.
    private const int PathCopies = 3;

    private readonly TransportBudget budget;
    private readonly HttpContext context;
    private bool peerIsDone;

    public StreamCost(HttpContext context, TransportBudget budget, TimeProvider time)
    {
        (this.budget, this.context) = (budget, context);
        Connection = context.Features.Get<GuardedConnection>();
        Bytes = ObjectBytes + (sizeof(char) * PathCopies * (context.Request.Path.Value?.Length ?? 0)) + BytesOf(context.Request.Headers);
        Connection?.AddStream(Bytes, time.GetTimestamp());
        budget.Take(Bytes);
    }

    /// <summary>The connection of the stream; null where none is guarded.</summary>
    public GuardedConnection? Connection { get; }

    /// <summary>What it takes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether it takes so much that its end waits for nothing while the budget is used up.</summary>
    public bool IsLarge => Bytes > 6 * ObjectBytes;

    /// <summary>Whether the peer has ended its side of the stream, or reset it. Otherwise Kestrel keeps the stream for a while after its end.</summary>
    public bool PeerIsDone
    {
        get => peerIsDone || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
        set => peerIsDone = value;
    }

    /// <summary>The request is over.</summary>
    public void Dispose()
    {
        if (IsLarge && budget.OwnsProcess)
        {
            DropTexts(); // which an app's own middleware may still want
        }

        if (PeerIsDone || Connection is null)
        {
            Connection?.RemoveStreams(Bytes);
            budget.Return(Bytes);
        }
        else
        {
            budget.Unfinished.Add(Connection, Bytes);
        }
    }

    // Kestrel keeps a stream for the next request, a hundred of them for each connection, and with it what it was asked for last.
    private void DropTexts()
    {
        context.Request.Headers.Clear();
        IHttpRequestFeature request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        request.Path = request.RawTarget = request.QueryString = "";

        long textBytes = Bytes - ObjectBytes;
        Bytes = ObjectBytes;
        Connection?.RemoveStreams(textBytes);
        budget.Return(textBytes);
    }

    private static long BytesOf(IHeaderDictionary metadata)
    {
        long bytes = 0;
        foreach ((string name, StringValues values) in metadata)
        {
            foreach (string? value in values)
            {
                bytes += LineBytes + (sizeof(char) * (name.Length + (value?.Length ?? 0)));
            }
        }

        return bytes;
    }
}
