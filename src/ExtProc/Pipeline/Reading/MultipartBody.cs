namespace ExtProc.Pipeline.Reading;

/// <summary>Takes a multipart body part by part through a handler; its structure passes as it came.</summary>
internal static class MultipartBody
{
    public static async ValueTask<ReadOnlyMemory<byte>> RunAsync(StageRunner runner, Stage stage, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        ReadOnlyMemory<byte> rest = runner.TakeWaitingWith(stage, bytes);
        stage.Made.Release();
        for (int searched = stage.WaitedBytes; runner.Wants(stage); searched = 0)
        {
            MultipartPiece piece = stage.Parts!.Next(rest.Span, searched, isLast || isCut);
            if (piece.Kind is MultipartPieceKind.NeedsMore)
            {
                break;
            }

            if (piece.Kind is MultipartPieceKind.Malformed)
            {
                BodyCheck.Fail(runner, stage, "the multipart body is malformed, or is more than its parts");
            }
            else
            {
                await PieceAsync(runner, stage, piece, rest[..piece.Length]).ConfigureAwait(false);
                rest = rest[piece.Length..];
            }

            if (runner.Run.HasResponded)
            {
                return default;
            }
        }

        return await EndAsync(runner, stage, rest, isLast, isCut).ConfigureAwait(false);
    }

    private static async ValueTask PieceAsync(StageRunner runner, Stage stage, MultipartPiece piece, ReadOnlyMemory<byte> bytes)
    {
        if (piece.Kind is MultipartPieceKind.Headers)
        {
            Enter(runner, stage, bytes.Span[..piece.HeaderLength]);
        }
        else if (piece.Kind is MultipartPieceKind.Content && stage.Parts!.IsShown)
        {
            BodyCheck.RequireUtf8(runner, stage, bytes.Span[Math.Min(bytes.Length, stage.Body?.Held ?? 0)..], "a part of the multipart body");
            if (runner.Wants(stage) && !runner.Run.HasResponded)
            {
                stage.EndsUnit = piece.EndsPart;
                ReadOnlyMemory<byte> result = await runner.CallBodyAsync(stage, bytes, isLast: false, isCut: false).ConfigureAwait(false);
                stage.EndsUnit = false;
                stage.Made.Append(result.Span);
                return;
            }
        }

        stage.Made.Append(bytes.Span);
    }

    /// <summary>A part begins: with <c>onError: skip</c> one that cannot be read passes by itself, and the others are still read.</summary>
    private static void Enter(StageRunner runner, Stage stage, ReadOnlySpan<byte> headers)
    {
        (stage.MediaType, string? why) = stage.Parts!.TypeOf(headers, stage.Need.Reads);
        stage.Parts.IsShown = why is null;
        stage.TextStart.Begin(isLookedAt: stage.Need.Reads.InUtf8);
        if (why is null)
        {
            return;
        }

        string what = $"a part of the multipart body {why}";
        if (stage.Step.OnError is OnError.Skip)
        {
            runner.Run.Refused(stage.Step.Name, Reasons.BodyUnreadable, what);
        }
        else
        {
            BodyCheck.Fail(runner, stage, what);
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>> EndAsync(StageRunner runner, Stage stage, ReadOnlyMemory<byte> rest, bool isLast, bool isCut)
    {
        if (runner.Wants(stage) && !isLast && !isCut)
        {
            runner.Keep(stage, rest);
            return stage.Made.Memory;
        }

        stage.Made.Append(rest.Span);
        if (!runner.Wants(stage))
        {
            return stage.Made.Memory;
        }

        ReadOnlyMemory<byte> added = await runner.CallBodyAsync(stage, default, isLast, isCut).ConfigureAwait(false);
        if (!added.IsEmpty)
        {
            runner.Fail(stage, new ExchangeRefusedException(Reasons.BodyForbidden, "bytes were added behind the last part of a multipart body, where they belong to none"));
        }

        return stage.Made.Memory;
    }
}
