namespace Envoy.Runner;

/// <summary>What Envoy thinks of a configuration.</summary>
/// <param name="Accepted">true when it would run with it</param>
/// <param name="Said">its words</param>
public sealed record EnvoyVerdict(bool Accepted, string Said);
