using ExtProc.Memory;
using ExtProc.Pipeline.Messages;
using ExtProc.Pipeline.Reading;

namespace ExtProc.Pipeline;

/// <summary>A processor's place in one direction of one exchange, with the bytes that wait there.</summary>
internal sealed class Stage(StepPlan step, Direction direction)
{
    public StepPlan Step { get; } = step;

    public BodyNeed Need { get; } = step.Needs.Body(direction);

    /// <summary>Sees no more of this direction.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether its need was compared with the mode.</summary>
    public bool IsFitChecked { get; set; }

    /// <summary>The last call failed and is left out.</summary>
    public bool Failed { get; set; }

    /// <summary>What the handler held, or what is gathered for it; during its turn the new bytes behind it.</summary>
    public PooledBytes Waiting { get; } = new();

    /// <summary>What this turn shows was taken from <see cref="Waiting"/>.</summary>
    public bool IsJoined { get; set; }

    /// <summary>How many of the first bytes of this turn waited here: what they end with has been looked for in them.</summary>
    public int WaitedBytes { get; set; }

    /// <summary>What has left in this part and was copied: messages, parts, and what a handler flushed.</summary>
    public PooledBytes Made { get; } = new();

    /// <summary>A message that was inflated.</summary>
    public PooledBytes Opened { get; } = new();

    /// <summary>Sees no more of the body, because it cannot read it.</summary>
    public bool IsBodyLeft { get; set; }

    /// <summary>Its body is unreadable if there is one, which the first bytes say; the headers wait for them.</summary>
    public bool AwaitsBytes { get; set; }

    public bool HoldsHeaders => Need.HoldsHeaders || AwaitsBytes;

    /// <summary>How messages lie in the body; null for a body that is not read message by message.</summary>
    public MessageFormat? Format { get; set; }

    /// <summary>The parts of a multipart body; null for a body that is not read part by part.</summary>
    public MultipartReader? Parts { get; set; }

    /// <summary>The largest message, in bytes.</summary>
    public int MessageLimitBytes { get; set; }

    /// <summary>The media type of what is shown to it.</summary>
    public string? MediaType { get; set; }

    /// <summary>Whether the next call shows one whole message.</summary>
    public bool ShowsMessage { get; set; }

    /// <summary>Whether a part or message ends with the next call.</summary>
    public bool EndsUnit { get; set; }

    /// <summary>Looks whether text is in UTF-8; off where it may be in anything.</summary>
    public TextStart TextStart { get; } = new();

    public Body? Body { get; set; }

    public bool WantsBody => Need.Shape is not BodyShape.None && !IsGone && !IsBodyLeft;

    /// <summary>What it keeps is taken from there.</summary>
    public void Begin(MemoryAccount account) => Waiting.Account = Made.Account = Opened.Account = account;

    /// <summary>Gives back what only one part needed.</summary>
    public void EndPart()
    {
        Waiting.Trim();
        Made.Release();
        Opened.Release();
        Body?.Release();
    }

    public void Release()
    {
        Waiting.Release();
        EndPart();
    }

    /// <summary>Makes it fit for another exchange. An author may have kept the <see cref="Body"/>: that is never used again.</summary>
    public void Reset()
    {
        (IsGone, IsFitChecked, Failed, IsBodyLeft, AwaitsBytes, ShowsMessage, EndsUnit) = (false, false, false, false, false, false, false);
        (IsJoined, WaitedBytes) = (false, 0);
        Begin(MemoryAccount.Nobodys);
        (Format, Parts, MediaType, Body) = (null, null, null, null);
        TextStart.Begin(isLookedAt: false);
    }
}
