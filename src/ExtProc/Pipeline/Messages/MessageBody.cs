using ExtProc.Pipeline.Reading;

namespace ExtProc.Pipeline.Messages;

/// <summary>Takes a body message by message through a handler.</summary>
internal static class MessageBody
{
    // About a millisecond's work: other exchanges want the thread too.
    private const int BytesAtOnce = 512 << 10, MessageCostBytes = 1 << 10;

    /// <summary>One call a message; a beginning that is not all here waits for the rest, and nothing else does.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> RunAsync(StageRunner runner, Stage stage, MessageFormat format, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        ReadOnlyMemory<byte> rest = runner.TakeWaitingWith(stage, bytes);
        PooledBytes output = stage.Made;
        output.Release();
        int since = 0;
        for (int searched = stage.WaitedBytes; runner.Wants(stage) && format.TryFind(rest.Span, searched, isLast, out FoundMessage? found); searched = 0)
        {
            await MessageAsync(runner, stage, format, found, rest).ConfigureAwait(false);
            if (runner.Run.HasResponded)
            {
                return default;
            }

            rest = rest[found.Length..];
            since += MessageCostBytes + found.Length + stage.Opened.Length;
            if (since > BytesAtOnce)
            {
                await Task.Yield();
                since = 0;
            }
        }

        if (!runner.Wants(stage) || isCut || rest.Length > stage.MessageLimitBytes)
        {
            return await EndMessagesAsync(runner, stage, rest).ConfigureAwait(false);
        }

        if (!isLast)
        {
            runner.Keep(stage, rest);
            return output.Memory;
        }

        if (!rest.IsEmpty)
        {
            BodyCheck.Fail(runner, stage, "the body ends in the middle of a message");
            output.Append(rest.Span);
            return runner.Run.HasResponded ? default : output.Memory;
        }

        ReadOnlyMemory<byte> added = await runner.CallBodyAsync(stage, default, isLast: true, isCut: false).ConfigureAwait(false);
        if (!added.IsEmpty)
        {
            format.Write(added.Span, default, found: null, output);
        }

        return output.Memory;
    }

    private static async ValueTask MessageAsync(StageRunner runner, Stage stage, MessageFormat format, FoundMessage found, ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> message = bytes[..found.Length];
        if (found.IsEnd && stage.Need.Shape is BodyShape.Messages)
        {
            stage.Made.Append(message.Span); // as trailers, which are not given as a message either
            return;
        }

        if (Open(runner, stage, format, found, message) is not { } content)
        {
            stage.Made.Append(message.Span);
            return;
        }

        (stage.ShowsMessage, stage.EndsUnit) = (!found.IsEnd, stage.Need.Shape is BodyShape.Stream);
        ReadOnlyMemory<byte> result = await runner.CallBodyAsync(stage, content, isLast: false, isCut: false).ConfigureAwait(false);
        (stage.ShowsMessage, stage.EndsUnit) = (false, false);
        if (runner.Run.HasResponded)
        {
            return;
        }

        if (stage.Body!.IsUnchanged)
        {
            stage.Made.Append(message.Span);
        }
        else if (!result.IsEmpty)
        {
            format.Write(result.Span, message.Span, found, stage.Made);
        }
    }

    /// <summary>What the handler sees of a message; null when that cannot be had, which its <c>onError</c> has decided.</summary>
    private static ReadOnlyMemory<byte>? Open(StageRunner runner, Stage stage, MessageFormat format, FoundMessage found, ReadOnlyMemory<byte> message)
    {
        if (found.WhyUnreadable is { } why)
        {
            BodyCheck.Fail(runner, stage, why);
            return null;
        }

        try
        {
            ReadOnlyMemory<byte> content = stage.Need.Encoded ? message[found.ContentStart..found.ContentEnd] : format.Open(found, message, stage.MessageLimitBytes, runner.Run.Plan.Limits.DecodedRatio, stage.Opened);
            if (stage.Need.Shape is BodyShape.Stream)
            {
                stage.TextStart.Begin(isLookedAt: stage.Need.Reads.InUtf8);
                BodyCheck.RequireUtf8(runner, stage, content.Span, "a message of the body");
            }

            return runner.Wants(stage) && !runner.Run.HasResponded ? content : null;
        }
        catch (ExchangeRefusedException refused)
        {
            runner.Fail(stage, refused);
            return null;
        }
    }

    /// <summary>A message is larger than the processor takes, or no more is shown: what is left passes, or its need says otherwise.</summary>
    private static ValueTask<ReadOnlyMemory<byte>> EndMessagesAsync(StageRunner runner, Stage stage, ReadOnlyMemory<byte> rest)
    {
        if (runner.Wants(stage))
        {
            if (stage.Need.OverLimit is OverLimit.Reject)
            {
                runner.RejectBody(stage);
                return default;
            }

            runner.Run.Refused(stage.Step.Name, Reasons.BodyOverLimit, "bytes of the body passed unseen");
            stage.IsGone = true;
        }

        stage.Made.Append(rest.Span);
        return ValueTask.FromResult(stage.Made.Memory);
    }
}
