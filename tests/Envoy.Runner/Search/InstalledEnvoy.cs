namespace Envoy.Runner.Search;

/// <summary>The Envoys that somebody installed: the one that ENVOY_BIN names, and the one on the PATH. Each is asked for its version once.</summary>
public static class InstalledEnvoy
{
    /// <summary>Holds the path of an Envoy.</summary>
    public const string Variable = "ENVOY_BIN";

    private static readonly Lazy<EnvoyBinary?> FromVariable = new(ReadVariable, LazyThreadSafetyMode.ExecutionAndPublication);
    private static readonly Lazy<(EnvoyBinary? Envoy, string Said)> FromPath = new(SearchPath, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>What <see cref="Variable"/> names; null when it is not set.</summary>
    /// <exception cref="EnvoyMissingException">it names what is no Envoy: whoever sets it does not want another one</exception>
    public static EnvoyBinary? Named => FromVariable.Value;

    /// <summary>The first <c>envoy</c> on the PATH; null when there is none, or it is no Envoy.</summary>
    public static EnvoyBinary? OnPath => FromPath.Value.Envoy;

    /// <summary>The one that <see cref="Variable"/> names, else the one on the PATH; null when it is older than what is supported.</summary>
    public static EnvoyBinary? Supported => (Named ?? OnPath) is { } found && EnvoyVersions.IsSupported(found.Version) ? found : null;

    /// <summary>What was found on the PATH, in words.</summary>
    internal static string SaidOfPath => FromPath.Value.Said;

    private static EnvoyBinary? ReadVariable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return null;
        }

        try
        {
            return EnvoyBinary.At(path);
        }
        catch (EnvoyMissingException e)
        {
            throw new EnvoyMissingException($"{Variable} is set, but {e.Found}");
        }
    }

    private static (EnvoyBinary? Envoy, string Said) SearchPath()
    {
        if (ProgramOnPath.Find("envoy") is not { } path)
        {
            return (null, "none");
        }

        EnvoyBinary? found = EnvoyBinary.Ask(path, out string? reason);
        return (found, found is null ? $"{path} is no Envoy: {reason}" : $"{found.Version} at {path}");
    }
}
