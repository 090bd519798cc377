using System.Threading.Channels;

namespace ExtProc.Telemetry;

/// <summary>
/// Writes lines without making anybody wait: a terminal that is stopped, or a pipe that nobody reads, must not hold up exchanges. When
/// more lines wait than the limit, new ones are dropped and counted, and a line says how many.
/// </summary>
internal sealed class LineWriter : IAsyncDisposable
{
    private const int MostWaiting = 4096;

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly Channel<string> _lines =
        Channel.CreateBounded<string>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly Task _writing;
    private long _dropped;

    public LineWriter(TextWriter output, TimeProvider time)
    {
        (_output, _time) = (output, time);
        _writing = Task.Run(WriteAsync);
    }

    public void Write(string line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing.WaitAsync(FlushTimeout, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync()
    {
        try
        {
            while (await _lines.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                while (_lines.Reader.TryRead(out string? line))
                {
                    await _output.WriteLineAsync(line).ConfigureAwait(false);
                }

                if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
                {
                    await _output.WriteLineAsync($"{dropped} lines were dropped: they came faster than they could be written").ConfigureAwait(false);
                }

                await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Nobody reads any more; the lines that follow are dropped.
        }
    }
}
