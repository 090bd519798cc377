using System.Buffers;
using System.IO.Pipelines;
using ExtProc.Pipeline;

namespace ExtProc.Session;

/// <summary>
/// The body of a local response while its processor writes it. A piece has the time that a handler has; a writer that fails, or
/// takes longer, has failed as a handler would.
/// </summary>
internal sealed class WrittenBody : IAsyncDisposable
{
    private const int PipeBytes = 64 << 10;

    private readonly Pipe _pipe = new(new PipeOptions(UnpooledMemory.Instance, pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2));
    private readonly ExchangeRun _run;
    private readonly StepPlan _responder;
    private readonly TimeProvider _time;
    private readonly Task _writing;

    public WrittenBody(LocalResponse response, StepPlan responder, ExchangeRun run, TimeProvider time)
    {
        (_responder, _run, _time) = (responder, run, time);
        _writing = WriteAsync(response);
    }

    private TimeSpan Limit => _run.Plan.Limits.HandlerTimeout;

    /// <summary>What was written since the last read; completed with the last piece.</summary>
    /// <exception cref="ProcessorFailedException">The writer threw, or wrote nothing in time.</exception>
    public async Task<ReadResult> ReadAsync()
    {
        try
        {
            return await _pipe.Reader.ReadAsync(_run.Cancellation).AsTask().WaitAsync(Limit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!_writing.IsCompleted)
        {
            throw Failed(Reasons.ProcessorTimeout, new ExchangeRefusedException(Reasons.ProcessorTimeout, $"its WriteBody wrote nothing for {Limit.TotalMilliseconds:0} ms (limits.handlerTimeout)"));
        }
        catch (Exception failure)
        {
            throw Failed(Reasons.ProcessorFailed, failure);
        }
    }

    /// <summary>Makes room for as much as was read.</summary>
    public void Advance(in ReadResult read) => _pipe.Reader.AdvanceTo(read.Buffer.End);

    /// <summary>All of it, where it cannot be sent piece by piece.</summary>
    /// <exception cref="ExchangeRefusedException">More than <paramref name="limitBytes"/>.</exception>
    public async Task<ReadOnlyMemory<byte>> GatherAsync(int limitBytes)
    {
        var body = new ArrayBufferWriter<byte>();
        ReadResult read;
        do
        {
            read = await ReadAsync().ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                body.Write(segment.Span);
            }

            Advance(read);
            if (body.WrittenCount > limitBytes)
            {
                throw Failed(Reasons.OutputLimit, new ExchangeRefusedException(Reasons.OutputLimit, $"its response has more than {limitBytes} bytes, and cannot be streamed here (LocalResponse.CollectLimitBytes)"));
            }
        }
        while (!read.IsCompleted);
        return body.WrittenMemory;
    }

    /// <summary>Tells a writer that is still busy to end, and waits for it a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        if (!_writing.IsCompleted)
        {
            _run.Cancel();
            await Task.WhenAny(_writing, Task.Delay(_run.Plan.Limits.CloseTimeout, _time, CancellationToken.None)).ConfigureAwait(false);
        }

        if (!_writing.IsCompleted)
        {
            _run.Abandon();
        }
    }

    /// <summary>Lets the response write; the pipe ends when it has, or fails as it does.</summary>
    private async Task WriteAsync(LocalResponse response)
    {
        try
        {
            await response.WriteBody!(_pipe.Writer, _run.Cancellation).ConfigureAwait(false);
            await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await _pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
        }
    }

    private ProcessorFailedException Failed(string reason, Exception failure) => new(_responder, reason, failure);
}
