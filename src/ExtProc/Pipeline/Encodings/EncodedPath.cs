using ExtProc.Pipeline.Reading;

namespace ExtProc.Pipeline.Encodings;

/// <summary>Whether a direction's body is undone before its processors and made again behind them, and the bytes while it is.</summary>
internal sealed class EncodedPath(StageRunner runner, Stage[] stages, IFlowOutput output) : IDisposable
{
    private CodedBody? _coded;

    public bool IsActive => _coded is not null;

    public ReadOnlyMemory<byte> Encoded(ReadOnlyMemory<byte> plain, bool isLast) => _coded is null ? plain : _coded.Encode(plain, isLast, runner.ChangedBody);

    public void EndPart() => _coded?.EndPart();

    public void Dispose() => _coded?.Dispose();

    /// <summary>A body with a content-encoding is undone for all when one processor wants to read it.</summary>
    public void Begin()
    {
        if (!Array.Exists(stages, stage => stage.WantsBody && !stage.Need.Encoded)
            || ContentCoding.Of(runner.Headers) is not { } coding)
        {
            return;
        }

        if (ContentCoding.IsKnown(coding) && output.SeesEnd)
        {
            _coded = new(coding, runner.Run.Plan.Limits.DecodedBytes, runner.Run.Plan.Limits.DecodedRatio);
            return;
        }

        if (!ContentCoding.IsKnown(coding))
        {
            string why = $"{(runner.Direction is Direction.Request ? "the request body" : "the response body")} has the content-encoding \"{BodyFacts.Shown(coding)}\"";
            FailReaders(new ExchangeRefusedException(Reasons.BodyUnreadable, $"{why}; gzip, deflate and br can be undone, declare the need with Encoded, or let it pass unread with onError: skip"), why);
            return;
        }

        FailReaders(new ExchangeRefusedException(Reasons.ModeUnsupported, $"a body with content-encoding \"{coding}\" is made again to its end, which STREAMED without content-length does not show; FULL_DUPLEX_STREAMED or BUFFERED would do"));
    }

    public ReadOnlyMemory<byte> Decoded(ReadOnlyMemory<byte> bytes, bool isLast, bool isCut = false)
    {
        if (_coded is null)
        {
            return bytes;
        }

        bool isFirst = !_coded.HasBegun;
        if (isFirst && !Array.Exists(stages, Reads))
        {
            return Undecoded(bytes);
        }

        try
        {
            return isCut
                ? throw new ExchangeRefusedException(Reasons.EncodingFailed, "only the first part of an encoded body is shown (BUFFERED_PARTIAL over Envoy's limit), which cannot be made again")
                : _coded.Decode(bytes, isLast);
        }
        catch (ExchangeRefusedException refused) when (isFirst)
        {
            FailReaders(refused);
            return Undecoded(bytes);
        }
        catch (ExchangeRefusedException refused)
        {
            // What was undone has gone on; nothing can take its place.
            throw new ProcessorFailedException(stages.First(stage => stage.Need.Shape is not BodyShape.None && !stage.Need.Encoded).Step, refused.Reason, refused);
        }
    }

    private void FailReaders(ExchangeRefusedException refusal, string? detail = null)
    {
        foreach (Stage stage in stages)
        {
            if (Reads(stage) && !runner.Run.HasResponded)
            {
                runner.Fail(stage, refusal, detail);
            }
        }
    }

    private bool Reads(Stage stage) => runner.Wants(stage) && !stage.Need.Encoded;

    /// <summary>Nobody reads the body, or can: it passes as it came.</summary>
    private ReadOnlyMemory<byte> Undecoded(ReadOnlyMemory<byte> bytes)
    {
        _coded!.Dispose();
        _coded = null;
        return bytes;
    }
}
