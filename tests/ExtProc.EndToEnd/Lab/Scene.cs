using Envoy.Runner;

namespace ExtProc.EndToEnd.Lab;

/// <summary>One way to set up Envoy's filter and the server behind it; becomes a listener of the shared Envoy.</summary>
/// <param name="Name">the listener's name and stat prefix</param>
/// <param name="Mode">the six modes</param>
internal sealed record Scene(string Name, EnvoyProcessingMode Mode)
{
    /// <summary>The server's <c>extproc.yaml</c>; null runs it with none, as a pass-through.</summary>
    public string? ServerConfig { get; init; }

    /// <summary>What differs from the usual filter.</summary>
    public Func<ExtProcFilter, ExtProcFilter> Filter { get; init; } = filter => filter;

    /// <summary>What differs from the usual listener.</summary>
    public Func<EnvoyListener, EnvoyListener> Listener { get; init; } = listener => listener;

    /// <summary>Bodies are held whole somewhere, so Envoy's buffers must take the largest that the tests send.</summary>
    public bool HoldsBodies => Mode.RequestBody == BodyMode.Buffered || Mode.ResponseBody == BodyMode.Buffered;

    public override string ToString() => Name;
}
