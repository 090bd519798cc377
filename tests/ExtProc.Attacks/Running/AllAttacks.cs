namespace ExtProc.Attacks.Running;

/// <summary>Every attack of this assembly.</summary>
internal static class AllAttacks
{
    private static readonly Dictionary<string, Type> ByName = typeof(AllAttacks).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Attack)) && !type.IsAbstract)
        .ToDictionary(type => type.Name);

    /// <summary>The names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Every configuration that an attack needs.</summary>
    public static IReadOnlyList<string> Configurations { get; } = [.. Names.Select(name => Named(name).Config).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A new attack of that name.</summary>
    public static Attack Named(string name) => (Attack)Activator.CreateInstance(ByName[name])!;

    /// <summary>New attacks, all that a configuration is for.</summary>
    public static IEnumerable<Attack> For(string config) => Names.Select(Named).Where(attack => attack.Config == config);
}
