using Envoy.Runner;

namespace ExtProc.Attacks.Running;

/// <summary>Every attack of this assembly.</summary>
internal static class AllAttacks
{
    private static readonly Dictionary<string, Type> ByName = typeof(AllAttacks).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Attack)) && !type.IsAbstract)
        .ToDictionary(type => type.Name);

    /// <summary>The names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Every configuration that an attack needs, with the oldest and the newest Envoy where it needs one; without Envoy the version is empty.</summary>
    public static IEnumerable<(string Config, string Envoy)> Grounds =>
        Names.Select(name => Named(name).Config).Distinct().SelectMany(config => Ends(EnvoysOf(config)).Select(envoy => (config.Name, envoy)));

    /// <summary>The versions of Envoy that a configuration is tried behind: one empty text for none.</summary>
    public static IReadOnlyList<string> EnvoysOf(Config config) => config.IsBehindEnvoy ? EnvoyVersions.Tested : [""];

    /// <summary>A new attack of that name.</summary>
    public static Attack Named(string name) => (Attack)Activator.CreateInstance(ByName[name])!;

    /// <summary>New attacks, all that a configuration is for.</summary>
    public static IReadOnlyList<Attack> For(string config) => [.. Names.Select(Named).Where(attack => attack.Config.Name == config)];

    private static IEnumerable<string> Ends(IReadOnlyList<string> versions) => new[] { versions[0], versions[^1] }.Distinct();
}
