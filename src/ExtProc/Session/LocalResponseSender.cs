using System.Buffers;
using System.IO.Pipelines;
using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Protocol;
using ExtProc.Transport;

namespace ExtProc.Session;

/// <summary>
/// Sends what a processor answers: as Envoy's immediate response, which every version takes in every phase, or, where the peer is
/// declared to know it and the phase allows it, as a streamed one, piece by piece.
/// </summary>
internal sealed class LocalResponseSender(PipelinePlan plan, GrpcReader reader, ReplyStream output)
{
    private const int PipeBytes = 64 << 10;

    private static readonly Version FirstStreamed = new(1, 37), OpensUpstream = new(1, 40);

    public async ValueTask SendAsync(LocalResponse response, ExchangeRun run, DirectionSession request)
    {
        if (run.Exchange.IsObserved)
        {
            return;
        }

        if (response.WriteBody is null)
        {
            await SendImmediateAsync(response, LocalResponseEncoder.BodyOf(response), run.Exchange).ConfigureAwait(false);
        }
        else if (!run.Exchange.IsGrpc && CanStream(plan.Envoy, request))
        {
            await StreamAsync(response, run).ConfigureAwait(false);
        }
        else
        {
            ReadOnlyMemory<byte> gathered = await GatheredBody.OfAsync(response, run.Cancellation).WaitAsync(plan.Limits.HandlerTimeout).ConfigureAwait(false);
            await SendImmediateAsync(response, gathered, run.Exchange).ConfigureAwait(false);
        }

        await DiscardRestAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// A peer that does not know the form answers 500, and nothing on the wire tells its version: it has to be declared. It is taken
    /// only in place of the request headers' answer, with the request's body not sent or in full duplex; with the latter Envoy 1.40
    /// opens the request upstream all the same.
    /// </summary>
    private static bool CanStream(EnvoyDeclaration envoy, DirectionSession request) =>
        envoy.Version >= FirstStreamed && !envoy.DisableImmediateResponse && request is { HasBegun: true, HeadersSent: false }
        && (request.Mode is BodySendMode.None || (request.Mode is BodySendMode.FullDuplexStreamed && envoy.Version < OpensUpstream));

    private ValueTask SendImmediateAsync(LocalResponse response, ReadOnlyMemory<byte> body, Exchange exchange)
    {
        output.Encoder.Message(LocalResponseEncoder.Immediate(response, body, exchange.IsGrpc, exchange.HasResponseStarted ? Reasons.ResponseStarted : response.Details));
        return output.FlushAsync();
    }

    private async ValueTask StreamAsync(LocalResponse response, ExchangeRun run)
    {
        output.Encoder.Message(LocalResponseEncoder.StreamedHeaders(response));
        await output.FlushAsync().ConfigureAwait(false);
        var pipe = new Pipe(new PipeOptions(UnpooledMemory.Instance, pauseWriterThreshold: PipeBytes, resumeWriterThreshold: PipeBytes / 2));
        Task writing = GatheredBody.WriteAsync(response, pipe.Writer, run.Cancellation);
        using var readEnd = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        Task reading = DiscardRestAsync(readEnd.Token);
        try
        {
            await SendBodyAsync(run, pipe, writing, reading).ConfigureAwait(false);
        }
        finally
        {
            await readEnd.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private async ValueTask SendBodyAsync(ExchangeRun run, Pipe pipe, Task writing, Task reading)
    {
        long sent = 0;
        while (true)
        {
            Task<ReadResult> next = pipe.Reader.ReadAsync(run.Cancellation).AsTask();
            if (await Task.WhenAny(next, reading).ConfigureAwait(false) == reading)
            {
                run.Cancel(); // Envoy wants nothing more
                return;
            }

            ReadResult read = await next.ConfigureAwait(false);
            sent += read.Buffer.Length;
            if (sent > plan.Limits.AddedBytes)
            {
                throw new ExchangeRefusedException(Reasons.OutputLimit, $"a local response wrote more than {plan.Limits.AddedBytes} bytes (limits.addedBytes), which Envoy would take into memory at any speed");
            }

            SendPieces(read.Buffer, read.IsCompleted);
            pipe.Reader.AdvanceTo(read.Buffer.End);
            await output.FlushAsync().ConfigureAwait(false);
            if (read.IsCompleted)
            {
                await writing.ConfigureAwait(false);
                return;
            }
        }
    }

    private void SendPieces(ReadOnlySequence<byte> bytes, bool isLast)
    {
        do
        {
            ReadOnlySequence<byte> piece = bytes.Length > plan.Limits.ChunkBytes ? bytes.Slice(0, plan.Limits.ChunkBytes) : bytes;
            bytes = bytes.Slice(piece.End);
            output.Encoder.Message(LocalResponseEncoder.StreamedBody(piece, isLast && bytes.IsEmpty));
        }
        while (!bytes.IsEmpty);
    }

    /// <summary>Envoy closes the stream when it has the answer; ending it first would look to Envoy like a server that went away.</summary>
    private async ValueTask DiscardRestAsync()
    {
        using var limit = new CancellationTokenSource(plan.Limits.CloseTimeout);
        await DiscardRestAsync(limit.Token).ConfigureAwait(false);
    }

    private async Task DiscardRestAsync(CancellationToken cancellation)
    {
        try
        {
            while (await reader.NextAsync(cancellation).ConfigureAwait(false) is GrpcWait.Message)
            {
                while (reader.TryRead(out _))
                {
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The limit, or the end of the response that was being sent.
        }
    }
}
