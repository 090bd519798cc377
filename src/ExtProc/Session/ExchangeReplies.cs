using Envoy.Service.ExtProc.V3;
using ExtProc.Pipeline;
using Google.Protobuf;
using Wire = Envoy.Extensions.Filters.Http.ExtProc.V3;

namespace ExtProc.Session;

/// <summary>What the replies of both directions share: fields that ride with the next one, limits, and a local response.</summary>
internal sealed class ExchangeReplies(PipelinePlan plan, ReplyStream output)
{
    private byte[] _modeOverride = [];
    private long _addedBytes;

    public Exchange? Exchange { get; set; }

    /// <summary>What a processor answered, and which; null while none has.</summary>
    public LocalResponse? Response { get; private set; }

    public StepPlan? Responder { get; private set; }

    public int ChunkBytes => plan.Limits.ChunkBytes;

    public bool MayChangeBody(Direction direction) => plan.Of(direction).MayChangeBody;

    /// <summary>The response's headers had gone when the processor answered: Envoy can only reset the exchange.</summary>
    public bool RespondedTooLate { get; private set; }

    public void Respond(LocalResponse response, StepPlan step) =>
        (Response, Responder, RespondedTooLate) = (response, step, Exchange?.HasResponseStarted is true);

    public ReplyStream Output { get; } = output;

    public void Received(long bytes) => _addedBytes -= bytes;

    /// <exception cref="ExchangeRefusedException">Much more was made than came: Envoy would take it all into memory.</exception>
    public void Sent(long bytes)
    {
        _addedBytes += bytes;
        if (_addedBytes > plan.Limits.AddedBytes)
        {
            throw new ExchangeRefusedException(Reasons.OutputLimit, $"the exchange sent {_addedBytes} bytes more than it received; {plan.Limits.AddedBytes} are allowed (limits.addedBytes), because Envoy takes them into memory at any speed");
        }
    }

    public bool AskedForModes { get; private set; }

    /// <summary>Asks for other modes with the next answer to headers.</summary>
    public void AskFor(ProcessingMode modes)
    {
        AskedForModes = true;
        _modeOverride = new ProcessingResponse { ModeOverride = OnTheWire(modes) }.ToByteArray();
    }

    /// <summary>Encoded fields to add to the next reply: dynamic metadata, and a mode override where headers are answered.</summary>
    public ReadOnlySpan<byte> TakeExtras(bool withModeOverride)
    {
        bool overrides = withModeOverride && _modeOverride.Length > 0;
        if (!overrides && Exchange?.UnsentMetadata is null)
        {
            return default;
        }

        byte[] metadata = Exchange?.TakeUnsentMetadata() is { } fields ? new ProcessingResponse { DynamicMetadata = fields }.ToByteArray() : [];
        if (!overrides)
        {
            return metadata;
        }

        byte[] both = [.. metadata, .. _modeOverride];
        _modeOverride = [];
        return both;
    }

    private static Wire.ProcessingMode OnTheWire(ProcessingMode modes) => new()
    {
        RequestHeaderMode = (Wire.ProcessingMode.Types.HeaderSendMode)modes.RequestHeaderMode,
        ResponseHeaderMode = (Wire.ProcessingMode.Types.HeaderSendMode)modes.ResponseHeaderMode,
        RequestBodyMode = (Wire.ProcessingMode.Types.BodySendMode)modes.RequestBodyMode,
        ResponseBodyMode = (Wire.ProcessingMode.Types.BodySendMode)modes.ResponseBodyMode,
        RequestTrailerMode = (Wire.ProcessingMode.Types.HeaderSendMode)modes.RequestTrailerMode,
        ResponseTrailerMode = (Wire.ProcessingMode.Types.HeaderSendMode)modes.ResponseTrailerMode,
    };
}
