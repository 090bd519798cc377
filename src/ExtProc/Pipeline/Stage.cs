using ExtProc.Pipeline.Messages;

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

    /// <summary>What the handler held, or what is gathered for it.</summary>
    public PooledBytes Waiting { get; } = new();

    /// <summary>Waiting bytes and new ones, for a handler that held some.</summary>
    public PooledBytes Joined { get; } = new();

    /// <summary>Messages that have left in this part.</summary>
    public PooledBytes Made { get; } = new();

    /// <summary>How messages lie in the body; null for a body that is not made of messages.</summary>
    public MessageFormat? Format { get; set; }

    public bool IsFormatKnown { get; set; }

    public Body? Body { get; set; }

    public bool WantsBody => Need.Shape is not BodyShape.None && !IsGone;

    /// <summary>Gives back what only one part needed.</summary>
    public void EndPart()
    {
        Joined.Release();
        Made.Release();
        Body?.Release();
    }

    public void Release()
    {
        EndPart();
        Waiting.Release();
    }

    /// <summary>Makes it fit for another exchange. An author may have kept the <see cref="Body"/>: that is never used again.</summary>
    public void Reset()
    {
        (IsGone, IsFitChecked, Failed, IsFormatKnown) = (false, false, false, false);
        (Format, Body) = (null, null);
    }
}
