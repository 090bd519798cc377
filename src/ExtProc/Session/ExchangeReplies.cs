using Envoy.Service.ExtProc.V3;
using ExtProc.Configuration;
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

    public EnvoyDeclaration Envoy => plan.Envoy;

    public bool MayChangeBody(Direction direction) => plan.Of(direction).MayChangeBody;

    public void Respond(LocalResponse response, StepPlan step) => (Response, Responder) = (response, step);

    public ReplyStream Output { get; } = output;

    // The loop counts what comes while a busy handler may count what it sends.
    public void Received(long bytes) => Interlocked.Add(ref _addedBytes, -bytes);

    /// <exception cref="ExchangeRefusedException">Much more was made than came: Envoy would take it all into memory.</exception>
    public void Sent(long bytes)
    {
        long added = Interlocked.Add(ref _addedBytes, bytes);
        if (added > plan.Limits.AddedBytes)
        {
            throw new ExchangeRefusedException(Reasons.OutputLimit, $"the exchange sent {added} bytes more than it received; {plan.Limits.AddedBytes} are allowed (limits.addedBytes), because Envoy takes them into memory at any speed");
        }
    }

    public bool AskedForModes { get; private set; }

    /// <summary>Asks for other modes: at once, or with the next answer to headers.</summary>
    public void AskFor(ModeRequest request)
    {
        AskedForModes = true;
        ProcessingResponse message = new() { ModeOverride = OnTheWire(request.Modes) };
        if (!request.IsDirect)
        {
            _modeOverride = message.ToByteArray();
            return;
        }

        lock (Output.Writing)
        {
            Output.Encoder.Message(message);
        }
    }

    /// <summary>Encoded fields to add to the next reply: dynamic metadata, and a mode override where headers are answered.</summary>
    /// <param name="withModeOverride">Whether the reply is one to headers.</param>
    /// <param name="besideHandler">Whether a handler is busy on another thread: the metadata is its own until it has ended.</param>
    public ReadOnlySpan<byte> TakeExtras(bool withModeOverride, bool besideHandler = false)
    {
        bool overrides = withModeOverride && _modeOverride.Length > 0;
        bool hasMetadata = !besideHandler && Exchange?.UnsentMetadata is not null;
        if (!overrides && !hasMetadata)
        {
            return default;
        }

        byte[] metadata = hasMetadata && Exchange?.TakeUnsentMetadata() is { } fields ? new ProcessingResponse { DynamicMetadata = fields }.ToByteArray() : [];
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
