namespace ExtProc.Pipeline.Messages;

/// <summary>Takes a body message by message through a handler.</summary>
internal static class MessageBody
{
    /// <summary>One call a message; a beginning that is not all here waits for the rest, and nothing else does.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> RunAsync(StageRunner runner, Stage stage, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        HeaderMap headers = runner.Headers;
        if (!stage.IsFormatKnown)
        {
            stage.IsFormatKnown = true;
            stage.Format = MessageFormat.For(headers["content-type"], stage.Need.Encoded ? null : headers["grpc-encoding"]);
        }

        if (stage.Format is not { } format)
        {
            return isCut
                ? await WholeBody.OverLimitAsync(runner, stage, bytes, isLast).ConfigureAwait(false)
                : await runner.CallBodyAsync(stage, bytes, isLast, isCut).ConfigureAwait(false);
        }

        ReadOnlyMemory<byte> rest = runner.TakeWaitingWith(stage, bytes);
        PooledBytes output = stage.Made;
        output.Release();
        while (runner.Wants(stage) && format.TryFind(rest.Span, isLast, out FoundMessage? found))
        {
            await MessageAsync(runner, stage, format, found, rest).ConfigureAwait(false);
            if (runner.Run.HasResponded)
            {
                return default;
            }

            rest = rest[found.Length..];
        }

        if (runner.IsGone(stage) || isCut || rest.Length > stage.Need.Bytes)
        {
            return await EndMessagesAsync(runner, stage, rest).ConfigureAwait(false);
        }

        if (!isLast)
        {
            runner.Keep(stage, rest.Span);
            return output.Memory;
        }

        output.Append(rest.Span);
        ReadOnlyMemory<byte> added = await runner.CallBodyAsync(stage, default, isLast: true, isCut: false).ConfigureAwait(false);
        if (!added.IsEmpty)
        {
            format.Write(added.Span, default, output);
        }

        return output.Memory;
    }

    private static async ValueTask MessageAsync(StageRunner runner, Stage stage, MessageFormat format, FoundMessage found, ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> content;
        try
        {
            content = stage.Need.Encoded ? bytes.Slice(found.ContentStart, found.ContentLength) : format.Open(found, bytes, stage.Need.Bytes);
        }
        catch (ExchangeRefusedException refused)
        {
            runner.Fail(stage, refused);
            stage.Made.Append(bytes.Span[..found.Length]);
            return;
        }

        ReadOnlyMemory<byte> result = await runner.CallBodyAsync(stage, content, isLast: false, isCut: false).ConfigureAwait(false);
        if (runner.Run.HasResponded)
        {
            return;
        }

        if (stage.Body!.IsUnchanged)
        {
            stage.Made.Append(bytes.Span[..found.Length]);
        }
        else if (!result.IsEmpty)
        {
            format.Write(result.Span, bytes.Span[(found.ContentStart + found.ContentLength)..found.Length], stage.Made);
        }
    }

    /// <summary>A message is larger than the processor takes, or no more is shown: what is left passes, or its need says otherwise.</summary>
    private static ValueTask<ReadOnlyMemory<byte>> EndMessagesAsync(StageRunner runner, Stage stage, ReadOnlyMemory<byte> rest)
    {
        if (!runner.IsGone(stage) && stage.Need.OverLimit is OverLimit.Reject)
        {
            return WholeBody.OverLimitAsync(runner, stage, rest, isLast: false);
        }

        stage.IsGone = true;
        stage.Made.Append(rest.Span);
        return ValueTask.FromResult(stage.Made.Memory);
    }

}
