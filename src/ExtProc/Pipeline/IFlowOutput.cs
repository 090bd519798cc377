namespace ExtProc.Pipeline;

/// <summary>Where a direction's parts go when the last processor has let them pass. Bytes are valid until the part has ended.</summary>
internal interface IFlowOutput
{
    /// <summary>Whether bytes held back are sure to be asked for later.</summary>
    bool CanHold { get; }

    /// <summary>Whether the end of the body is sure to be seen.</summary>
    bool SeesEnd { get; }

    /// <summary>Whether the headers can wait until bytes of the body have come.</summary>
    bool HeadersCanWait { get; }

    /// <summary>Why the message cannot be given a body; null when it can.</summary>
    string? WhyNoBody { get; }

    /// <summary>Why a step cannot have the body that it needs in this exchange's mode; null when it can.</summary>
    string? Refusal(StepPlan step);

    void ReleaseHeaders();

    void ReleaseBody(ReadOnlyMemory<byte> bytes, bool isLast);

    void ReleaseTrailers();

    /// <summary>A processor answers the client; nothing of the exchange flows any more.</summary>
    void Respond(LocalResponse response, StepPlan step);

    /// <summary>Sends what was released so far, in the middle of a part.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);
}
