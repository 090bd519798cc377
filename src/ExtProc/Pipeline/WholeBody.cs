namespace ExtProc.Pipeline;

/// <summary>Gathers a body until all of it is here, within the processor's limit.</summary>
internal static class WholeBody
{
    public static async ValueTask<ReadOnlyMemory<byte>> GatherAsync(StageRunner runner, Stage stage, ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        if ((long)stage.Waiting.Length + bytes.Length > stage.Need.Bytes || isCut)
        {
            return await OverLimitAsync(runner, stage, bytes, isLast).ConfigureAwait(false);
        }

        if (!isLast)
        {
            runner.Gather(stage, bytes.Span);
            return default;
        }

        return await runner.CallBodyAsync(stage, runner.TakeWaitingWith(stage, bytes), isLast: true, isCut: false).ConfigureAwait(false);
    }

    /// <summary>More came than the processor takes, or not all is shown.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> OverLimitAsync(StageRunner runner, Stage stage, ReadOnlyMemory<byte> bytes, bool isLast)
    {
        if (stage.Need.OverLimit is not OverLimit.Reject)
        {
            runner.Run.Refused(stage.Step.Name, Reasons.BodyOverLimit, "bytes of the body passed unseen");
        }

        switch (stage.Need.OverLimit)
        {
            case OverLimit.Reject:
                runner.RejectBody(stage);
                return default;
            case OverLimit.Cut:
                ReadOnlyMemory<byte> result = await runner.CallBodyAsync(stage, runner.TakeWaitingWith(stage, bytes), isLast: false, isCut: !isLast).ConfigureAwait(false);
                stage.IsGone = true;
                return result;
            default:
                stage.IsGone = true;
                return runner.TakeWaitingWith(stage, bytes);
        }
    }
}
