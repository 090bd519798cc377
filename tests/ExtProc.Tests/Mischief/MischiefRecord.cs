namespace ExtProc.Tests.Mischief;

/// <summary>What the processors of one exchange went through.</summary>
internal sealed class MischiefRecord
{
    private readonly Lock _lock = new();
    private readonly HashSet<MischievousProcessor> _entered = [];
    private readonly List<MischievousProcessor> _completed = [];
    private readonly HashSet<MischievousProcessor> _inside = [];

    /// <summary>Whether one slept on after it was told to stop: it is then left behind, and what it does no longer counts.</summary>
    public bool HasDeaf { get; private set; }

    /// <summary>What the promises to authors did not hold.</summary>
    public string? Broken { get; private set; }

    public void Enter(MischievousProcessor processor)
    {
        lock (_lock)
        {
            _entered.Add(processor);
            if (!_inside.Add(processor) && !HasDeaf)
            {
                Broken = "two handlers of one processor ran at the same time";
            }

            if (_completed.Contains(processor))
            {
                Broken = "a handler was called after the exchange was completed";
            }
        }
    }

    public void Leave(MischievousProcessor processor)
    {
        lock (_lock)
        {
            _inside.Remove(processor);
        }
    }

    public void Deafen() => HasDeaf = true;

    public void Complete(MischievousProcessor processor)
    {
        lock (_lock)
        {
            Broken = _completed.Contains(processor) ? "the exchange was completed twice" : Broken;
            _completed.Add(processor);
        }
    }

    public void RequireAllCompleted()
    {
        lock (_lock)
        {
            if (!HasDeaf && _entered.Except(_completed).Any())
            {
                Broken = "a processor was not told that the exchange was over";
            }
        }
    }
}
