using System.Threading.Channels;

namespace ExtProc.Telemetry;

/// <summary>
/// Writes lines without making callers wait: a stopped terminal, or a pipe without a reader, must not hold up exchanges. When more lines
/// wait than the limits allow, new ones are dropped and counted, and a line says how many. While the output fails, as on a full disk, the
/// lines wait and writing is retried each second; what could not be written is counted and reported, too.
/// </summary>
internal sealed class LineWriter : IAsyncDisposable
{
    private const int MostWaiting = 4096;

    private const long MostWaitingLetters = 2 << 20;

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2), RetryDelay = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _lines =
        Channel.CreateBounded<string>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly LostLines? _counts;
    private readonly string _name;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _writing;
    private long _waitingLetters, _dropped, _lost;
    private string? _failure;

    /// <param name="output">Where the lines go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="counts">Counts what is not written, for the metrics.</param>
    /// <param name="name">How they are called there.</param>
    public LineWriter(TextWriter output, TimeProvider time, LostLines? counts = null, string name = "")
    {
        (_output, _time, _counts, _name) = (output, time, counts, name);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Called, with the reason, when the output begins to fail.</summary>
    public Action<string>? Failed { get; set; }

    public void Write(string line)
    {
        if (Interlocked.Add(ref _waitingLetters, line.Length) <= MostWaitingLetters && _lines.Writer.TryWrite(line))
        {
            return;
        }

        Interlocked.Add(ref _waitingLetters, -line.Length);
        Interlocked.Increment(ref _dropped);
        _counts?.Add(_name, LostLines.TooFast);
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _ending.CancelAsync().ConfigureAwait(false);
        await _writing.WaitAsync(FlushTimeout, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync()
    {
        while (await _lines.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (await TryWriteWaitingAsync().ConfigureAwait(false))
            {
                continue;
            }

            if (_ending.IsCancellationRequested)
            {
                return; // one last try was made; shutdown does not wait for the disk
            }

            await Task.Delay(RetryDelay, _time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes what waits; false when the output fails.</summary>
    private async Task<bool> TryWriteWaitingAsync()
    {
        int taken = 0;
        try
        {
            await TellLostAsync().ConfigureAwait(false);
            while (_lines.Reader.TryRead(out string? line))
            {
                Interlocked.Add(ref _waitingLetters, -line.Length);
                taken = 1;
                await WriteAsync(line).ConfigureAwait(false);
                taken = 0;
            }

            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                await WriteAsync($"{dropped} lines were dropped: they came faster than they could be written").ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            NoteFailure(failure.Message, taken);
            return false;
        }
    }

    private void NoteFailure(string why, int linesTaken)
    {
        _lost += linesTaken;
        _counts?.Add(_name, LostLines.OutputFailed, linesTaken);
        if (_failure is null)
        {
            _failure = why;
            Failed?.Invoke(why);
        }
    }

    /// <summary>After a failure: first ends what may have become half a line, and says what is missing.</summary>
    private async Task TellLostAsync()
    {
        if (_failure is { } why)
        {
            await WriteAsync("").ConfigureAwait(false);
            await WriteAsync($"{_lost} lines were lost: they could not be written ({why})").ConfigureAwait(false);
            (_failure, _lost) = (null, 0);
        }
    }

    private async Task WriteAsync(string line)
    {
        await _output.WriteLineAsync(line).ConfigureAwait(false);
        await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
