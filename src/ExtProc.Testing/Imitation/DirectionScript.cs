using Envoy.Service.ExtProc.V3;
using ExtProc.Front.Filter;

namespace ExtProc.Testing.Imitation;

/// <summary>One sender's part in a play: gives the filter its headers, chunks and trailers, in the order and at the time that the play says.</summary>
internal sealed class DirectionScript(Direction direction, Traffic traffic, FilterExchange exchange, bool bodyIsEarly)
{
    private readonly IReadOnlyList<(ReadOnlyMemory<byte> Bytes, bool End)> _chunks = traffic.Chunks();
    private readonly Queue<ProcessingRequest> _unsent = new();
    private bool _headersTaken, _trailersTaken;

    /// <summary>Chunks that the filter has taken.</summary>
    public int ChunksTaken { get; private set; }

    /// <summary>Nothing of this direction is sent or awaited any more.</summary>
    public bool IsOver => Filter.IsOver && _unsent.Count == 0;

    /// <summary>Everything that was sent is answered, as far as that can be told.</summary>
    public bool IsAnswered => IsOver || (_unsent.Count == 0 && !Filter.AwaitsAnswer && (!Filter.IsDuplex || traffic.Unfinished));

    private DirectionFilter Filter => exchange.Of(direction);

    /// <summary>What the filter sends waits here for the play's turn.</summary>
    public void Enqueue(ProcessingRequest message) => _unsent.Enqueue(message);

    /// <summary>The next message; null when there is none, or none before an answer.</summary>
    public ProcessingRequest? Next()
    {
        while (_unsent.Count == 0 && GiveNext(isForced: false))
        {
            // What gives no message is followed by what comes behind it.
        }

        return _unsent.TryDequeue(out ProcessingRequest? message) ? message : null;
    }

    /// <summary>The server takes no part any more: the filter gets the rest.</summary>
    public void GiveRest()
    {
        while (GiveNext(isForced: true))
        {
            // Until all is given.
        }
    }

    private bool GiveNext(bool isForced)
    {
        if (Filter.IsOver)
        {
            return false;
        }

        if (!_headersTaken)
        {
            _headersTaken = true;
            exchange.Headers(direction, traffic.Headers, traffic.IsBodyless);
            return true;
        }

        bool isTaken = isForced || Filter.TakesBody || (bodyIsEarly && Filter.Modes.BodyMode(direction) is BodySendMode.Streamed);
        return isTaken && (GiveChunk() || GiveTrailers());
    }

    private bool GiveChunk()
    {
        if (ChunksTaken == _chunks.Count)
        {
            return false;
        }

        (ReadOnlyMemory<byte> bytes, bool end) = _chunks[ChunksTaken++];
        exchange.Data(direction, bytes, end);
        return true;
    }

    private bool GiveTrailers()
    {
        if (!traffic.HasTrailers || _trailersTaken)
        {
            return false;
        }

        _trailersTaken = true;
        exchange.Trailers(direction, traffic.Trailers);
        return true;
    }
}
