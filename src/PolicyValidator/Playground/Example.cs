namespace PolicyValidator.Playground;

/// <summary>A policy to begin with.</summary>
/// <param name="Name">The name of its file, for links.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Target">The target to judge it for.</param>
/// <param name="Text">The policy.</param>
internal sealed record Example(string Name, string Title, string Target, string Text)
{
    /// <summary>All of them; the one that this program was written for is the first.</summary>
    public static IReadOnlyList<Example> All { get; } =
    [
        Read("envoy-gateway", "Envoy Gateway: full duplex without trailers", "eg=1.4.1"),
        Read("envoy-filter", "Envoy: a filter that Envoy refuses", "envoy=1.40"),
        Read("envoy-routes", "Envoy: routes that lose what the filter says", "envoy=1.40"),
        Read("istio", "Istio: an EnvoyFilter that inserts ext_proc", "istio=1.28"),
        Read("kgateway", "kgateway: an extension and a policy", "kgateway=2.5"),
        Read("gke", "GKE: a traffic extension without its events", "gcp"),
        Read("clean", "Envoy Gateway: nothing to find", "eg=1.9.1"),
    ];

    private static Example Read(string name, string title, string target)
    {
        using StreamReader text = new(typeof(Example).Assembly.GetManifestResourceStream($"PolicyValidator.Playground.Examples.{name}.yaml")!);
        return new(name, title, target, text.ReadToEnd());
    }
}
