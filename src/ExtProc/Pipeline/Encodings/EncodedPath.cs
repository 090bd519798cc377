using ExtProc.Pipeline.Reading;

namespace ExtProc.Pipeline.Encodings;

/// <summary>Whether a direction's body is decoded before its processors and encoded again behind them, and the bytes while it is.</summary>
internal sealed class EncodedPath(StageRunner runner, Stage[] stages, IFlowOutput output) : IDisposable
{
    // About 400 KiB of plain bytes, which take a processor about a millisecond.
    private const int PiecesAtOnce = 8;

    private CodedBody? _coded;
    private bool _isFirst;

    public bool IsActive => _coded is not null;

    /// <summary>Takes plain bytes on their way out.</summary>
    public void Encode(ReadOnlyMemory<byte> plain, bool isLast) => _coded!.Encode(plain, isLast, runner.ChangedBody);

    public void EndPart() => _coded?.EndPart();

    public void Dispose() => _coded?.Dispose();

    /// <summary>A body with a content-encoding is decoded for all when one processor wants to read it.</summary>
    public void Begin()
    {
        if (!Array.Exists(stages, stage => stage.WantsBody && !stage.Need.Encoded)
            || ContentCoding.Of(runner.Headers) is not { } coding)
        {
            return;
        }

        if (ContentCoding.IsKnown(coding) && output.SeesEnd)
        {
            _coded = new(coding, runner.Run.Plan.Limits, runner.Run.Memory, runner.Run.TakeDecodingPlace);
            return;
        }

        if (!ContentCoding.IsKnown(coding))
        {
            string why = $"{(runner.Direction is Direction.Request ? "the request body" : "the response body")} has the content-encoding \"{BodyFacts.Shown(coding)}\"";
            FailReaders(new ExchangeRefusedException(Reasons.BodyUnreadable, $"{why}; gzip, deflate and br can be decoded, declare the need with Encoded, or let it pass unread with onError: skip"), why);
            return;
        }

        FailReaders(new ExchangeRefusedException(Reasons.ModeUnsupported, $"a body with content-encoding \"{coding}\" is encoded again to its end, which STREAMED without content-length does not show; FULL_DUPLEX_STREAMED or BUFFERED would do"));
    }

    /// <summary>Takes the bytes of a part; false when they pass as they came, because no processor reads them or they cannot be decoded.</summary>
    /// <exception cref="ProcessorFailedException">Only the first part of the body is shown, after some of it has gone on.</exception>
    public bool TryBegin(ReadOnlyMemory<byte> bytes, bool isLast, bool isCut)
    {
        if (_coded is null)
        {
            return false;
        }

        _isFirst = !_coded.HasBegun;
        if (_isFirst && !Array.Exists(stages, Reads))
        {
            return !GiveUp();
        }

        if (isCut)
        {
            return !Failed(new(Reasons.EncodingFailed, "only the first part of an encoded body is shown (BUFFERED_PARTIAL over Envoy's limit), which cannot be encoded again"));
        }

        _coded.Push(bytes, isLast);
        return true;
    }

    /// <summary>
    /// Takes a part that has begun through the processors, decoded piece by piece: it may become a thousand times as large, and other exchanges
    /// need the thread too. What cannot be decoded passes as it came, where nothing of it has gone on.
    /// </summary>
    /// <param name="encoded">The part.</param>
    /// <param name="isLast">The body ends with it.</param>
    /// <param name="flow">The way through the processors: bytes, and whether the body ends with them.</param>
    /// <exception cref="ProcessorFailedException">It cannot be decoded, and some of the body has gone on.</exception>
    public async ValueTask RunAsync(ReadOnlyMemory<byte> encoded, bool isLast, Func<ReadOnlyMemory<byte>, bool, ValueTask> flow)
    {
        bool endsPart = false;
        for (int pieces = 1; !endsPart && !runner.Run.HasResponded; pieces++)
        {
            if (TryNext(out ReadOnlyMemory<byte> plain, out endsPart))
            {
                await flow(plain, isLast && endsPart).ConfigureAwait(false);
            }
            else if (!runner.Run.HasResponded)
            {
                await flow(encoded, isLast).ConfigureAwait(false);
            }

            if (pieces % PiecesAtOnce == 0)
            {
                await Task.Yield();
            }
        }

        Release(isLast);
    }

    /// <summary>Lets go what has been encoded again since the last call.</summary>
    public void Release(bool isLast)
    {
        if (_coded is not null && !runner.Run.HasResponded)
        {
            output.ReleaseBody(_coded.TakeEncoded(isLast, runner.ChangedBody), isLast);
        }
    }

    /// <summary>The next plain bytes and whether they are the part's last; false when it cannot be decoded, and all of it passes as it came.</summary>
    private bool TryNext(out ReadOnlyMemory<byte> plain, out bool endsPart)
    {
        try
        {
            (plain, endsPart) = _coded!.Next();
            return true;
        }
        catch (ExchangeRefusedException refused)
        {
            (plain, endsPart) = (default, true);
            return !Failed(refused);
        }
    }

    /// <summary>Gives the place to others while what it is for may still be in use.</summary>
    public void LeavePlace() => _coded?.LeavePlace();

    /// <summary>The body cannot be decoded: always true.</summary>
    private bool Failed(ExchangeRefusedException refused)
    {
        if (!_isFirst)
        {
            // What was decoded has gone on; nothing can take its place.
            throw new ProcessorFailedException(stages.First(stage => stage.Need.Shape is not BodyShape.None && !stage.Need.Encoded).Step, refused.Reason, refused);
        }

        FailReaders(refused);
        return GiveUp();
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

    /// <summary>No processor reads the body, or it cannot be decoded: it passes as it came, and a processor that has seen some of it decoded sees no more.</summary>
    private bool GiveUp()
    {
        _coded!.Dispose();
        _coded = null;
        foreach (Stage stage in stages)
        {
            runner.DropWaiting(stage);
            stage.IsBodyLeft |= stage.Body is not null;
        }

        return true;
    }
}
