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
internal sealed class LocalResponseSender(PipelinePlan plan, GrpcReader reader, ExchangeReplies replies, TimeProvider time)
{
    private static readonly Version FirstStreamed = new(1, 37), OpensUpstream = new(1, 40);

    private readonly ReplyStream _output = replies.Output;

    /// <exception cref="ProcessorFailedException">The processor could not write its body.</exception>
    public async ValueTask SendAsync(ExchangeRun run, DirectionSession request)
    {
        if (run.Exchange.IsObserved)
        {
            return;
        }

        LocalResponse response = replies.Response!;
        if (response.WriteBody is not null && !run.Exchange.IsGrpc && CanStream(plan.Envoy, request))
        {
            await StreamAsync(response, run).ConfigureAwait(false);
        }
        else
        {
            await SendImmediateAsync(await WholeBodyAsync(response, run).ConfigureAwait(false), run.Exchange).ConfigureAwait(false);
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

    private async ValueTask<ReadOnlyMemory<byte>> WholeBodyAsync(LocalResponse response, ExchangeRun run)
    {
        if (response.WriteBody is null)
        {
            return LocalResponseEncoder.BodyOf(response);
        }

        await using WrittenBody body = new(response, replies.Responder!, run, time);
        try
        {
            return await body.GatherAsync(response.CollectLimitBytes).ConfigureAwait(false);
        }
        catch (ProcessorFailedException failed) when (failed.Step.OnError is OnError.Respond)
        {
            run.Refused(failed.Step.Name, failed.Reason);
            replies.Respond(failed.ToResponse(), failed.Step);
            return LocalResponseEncoder.BodyOf(replies.Response!);
        }
    }

    private ValueTask SendImmediateAsync(ReadOnlyMemory<byte> body, Exchange exchange)
    {
        LocalResponse response = replies.Response!;
        _output.Encoder.Message(LocalResponseEncoder.Immediate(response, body, exchange.IsGrpc, exchange.HasResponseStarted ? Reasons.ResponseStarted : response.Details));
        return _output.FlushAsync();
    }

    private async ValueTask StreamAsync(LocalResponse response, ExchangeRun run)
    {
        _output.Encoder.Message(LocalResponseEncoder.StreamedHeaders(response));
        await _output.FlushAsync().ConfigureAwait(false);
        using var readEnd = new CancellationTokenSource();
        Task reading = DiscardRestAsync(readEnd.Token);
        await using (WrittenBody body = new(response, replies.Responder!, run, time))
        {
            try
            {
                await SendBodyAsync(body, reading).ConfigureAwait(false);
            }
            finally
            {
                await readEnd.CancelAsync().ConfigureAwait(false);
                await reading.ConfigureAwait(false);
            }
        }
    }

    private async ValueTask SendBodyAsync(WrittenBody body, Task reading)
    {
        long sent = 0;
        while (true)
        {
            Task<ReadResult> next = body.ReadAsync();
            if (await Task.WhenAny(next, reading).ConfigureAwait(false) == reading)
            {
                return; // Envoy wants nothing more
            }

            ReadResult read = await next.ConfigureAwait(false);
            sent += read.Buffer.Length;
            if (sent > plan.Limits.AddedBytes)
            {
                throw new ExchangeRefusedException(Reasons.OutputLimit, $"a local response wrote more than {plan.Limits.AddedBytes} bytes (limits.addedBytes), which Envoy would take into memory at any speed");
            }

            SendPieces(read.Buffer, read.IsCompleted);
            body.Advance(read);
            await _output.FlushAsync().ConfigureAwait(false);
            if (read.IsCompleted)
            {
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
            _output.Encoder.Message(LocalResponseEncoder.StreamedBody(piece, isLast && bytes.IsEmpty));
        }
        while (!bytes.IsEmpty);
    }

    /// <summary>Envoy closes the stream when it has the answer; ending it first would look to Envoy like a server that went away.</summary>
    private async ValueTask DiscardRestAsync()
    {
        using var limit = new CancellationTokenSource(plan.Limits.CloseTimeout, time);
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
