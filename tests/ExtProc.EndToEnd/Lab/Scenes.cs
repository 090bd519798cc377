using Envoy.Runner;

namespace ExtProc.EndToEnd.Lab;

/// <summary>Every scene that tests share. A test that ends servers or Envoy makes a lab of its own instead.</summary>
internal static class Scenes
{
    public static readonly IReadOnlyList<BodyMode> BodyModes = Enum.GetValues<BodyMode>();

    private static readonly Dictionary<string, Scene> ByName = Catalogue().ToDictionary(scene => scene.Name);

    public static IReadOnlyCollection<Scene> All => ByName.Values;

    public static Scene Named(string name) => ByName[name];

    /// <summary>A server that changes nothing behind these body modes, headers and trailers sent.</summary>
    public static Scene PassThrough(BodyMode request, BodyMode response) => ByName[PassThroughName(request, response)];

    public static Scene PassThrough(BodyMode both) => PassThrough(both, both);

    private static string PassThroughName(BodyMode request, BodyMode response) => $"pass-{request}-{response}";

    private static IEnumerable<Scene> Catalogue() =>
        from request in BodyModes
        from response in BodyModes
        select new Scene(PassThroughName(request, response), EnvoyProcessingMode.Of(request, response))
        {
            Listener = listener => listener with { Upgrades = ["websocket", "CONNECT"] },
        };
}
