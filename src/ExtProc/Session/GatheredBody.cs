using System.Buffers;
using System.IO.Pipelines;

namespace ExtProc.Session;

/// <summary>The body of a local response that is written piece by piece, gathered where it cannot be streamed.</summary>
internal static class GatheredBody
{
    /// <exception cref="ExchangeRefusedException">It is larger than the response allows.</exception>
    public static async Task<ReadOnlyMemory<byte>> OfAsync(LocalResponse response, CancellationToken cancellation)
    {
        var pipe = new Pipe(new PipeOptions(UnpooledMemory.Instance, pauseWriterThreshold: 64 << 10, resumeWriterThreshold: 32 << 10));
        Task writing = WriteAsync(response, pipe.Writer, cancellation);
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            ReadResult read = await pipe.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                body.Write(segment.Span);
            }

            pipe.Reader.AdvanceTo(read.Buffer.End);
            if (body.WrittenCount > response.CollectLimitBytes)
            {
                await pipe.Reader.CompleteAsync().ConfigureAwait(false);
                throw new ExchangeRefusedException(Reasons.OutputLimit, $"a local response wrote more than {response.CollectLimitBytes} bytes where it cannot be streamed (CollectLimitBytes)");
            }

            if (read.IsCompleted)
            {
                await writing.ConfigureAwait(false);
                return body.WrittenMemory;
            }
        }
    }

    /// <summary>Lets the response write its body; the pipe ends when it has, or fails as it does.</summary>
    public static async Task WriteAsync(LocalResponse response, PipeWriter writer, CancellationToken cancellation)
    {
        try
        {
            await response.WriteBody!(writer, cancellation).ConfigureAwait(false);
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            await writer.CompleteAsync(failure).ConfigureAwait(false);
            throw;
        }
    }
}
