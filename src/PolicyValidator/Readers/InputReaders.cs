namespace PolicyValidator.Readers;

/// <summary>All readers; the first that knows a document reads it.</summary>
internal static class InputReaders
{
    /// <summary>In the order in which they are asked. A test finds the one that is not listed.</summary>
    public static IReadOnlyList<IInputReader> All { get; } =
    [
        new EnvoyExtensionPolicyReader(),
        new EnvoyPatchPolicyReader(),
        new EnvoyProxyReader(),
        new EnvoyFilterReader(),
        new KgatewayReader(),
        new AgentgatewayReader(),
        new GoogleReader(),
        new ServerConfigReader(),
        new TypedMessageReader(),
        new DiscoveryResponseReader(),
        new EnvoyMessageReader(),
        new FilterListReader(),
        new PerRouteMapReader(),
    ];
}
