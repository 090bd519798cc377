namespace ExtProc.Health;

/// <summary>What probes are told. Alive from the first moment to the last; ready only in between.</summary>
internal sealed class Readiness
{
    private volatile string _state = "starting";

    /// <summary>Whether new exchanges should come here.</summary>
    public bool IsReady => ReferenceEquals(_state, Ready);

    /// <summary>In one word.</summary>
    public string State => _state;

    private const string Ready = "ready";

    public void Start() => _state = Ready;

    public void Drain() => _state = "draining";
}
