using System.Buffers;
using ExtProc.Transport;

namespace ExtProc.Session;

/// <summary>The messages of a stream: those that are here, and one wait for the next, which may outlast a handler's turn.</summary>
internal sealed class IncomingMessages(GrpcReader reader) : IDisposable
{
    private Task<GrpcWait>? _waiting;
    private CancellationTokenSource? _stop;
    private GrpcWait? _end;

    /// <summary>A message that is here; what it points to is valid until the next call.</summary>
    public bool TryRead(out ReadOnlySequence<byte> message)
    {
        message = default;
        return _waiting is null && reader.TryRead(out message);
    }

    /// <summary>Waits while nothing else is under way.</summary>
    public ValueTask<GrpcWait> NextAsync() =>
        _end is { } end ? ValueTask.FromResult(end)
        : _waiting is null ? reader.NextAsync(CancellationToken.None)
        : new ValueTask<GrpcWait>(TakeWaiting());

    /// <summary>The wait beside a busy handler; null when there is none, because the stream ended or <paramref name="mayStart"/> forbids it.</summary>
    public Task<GrpcWait>? WaitBeside(bool mayStart)
    {
        if (mayStart && _end is null)
        {
            _waiting ??= reader.NextAsync((_stop ??= new()).Token).AsTask();
        }

        return _waiting;
    }

    /// <summary>Takes note of what the wait beside a handler came to, if it has come to something.</summary>
    public async ValueTask NoteAsync()
    {
        if (_waiting is not { IsCompleted: true })
        {
            return;
        }

        GrpcWait wait = await TakeWaiting().ConfigureAwait(false);
        _end = wait is GrpcWait.Message ? null : wait;
        if (wait is GrpcWait.PeerGone)
        {
            throw new PeerGoneException();
        }
    }

    /// <summary>Kestrel gives the pipe to another stream afterwards: a read must not stay behind.</summary>
    public async ValueTask EndAsync()
    {
        if (_waiting is not null)
        {
            await _stop!.CancelAsync().ConfigureAwait(false);
            await TakeWaiting().ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    public void Dispose() => _stop?.Dispose();

    private Task<GrpcWait> TakeWaiting()
    {
        Task<GrpcWait> waiting = _waiting!;
        _waiting = null;
        return waiting;
    }
}
