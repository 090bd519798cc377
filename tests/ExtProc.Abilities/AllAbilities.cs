using ExtProc.Abilities.Catalogue;

namespace ExtProc.Abilities;

/// <summary>All abilities, by name.</summary>
public static class AllAbilities
{
    private static readonly Dictionary<string, Ability> ByName = new[]
    {
        HeaderAbilities.All, BodyAbilities.All, MessageAbilities.All, ResponseAbilities.All, EnvoyAbilities.All,
    }.SelectMany(abilities => abilities).ToDictionary(ability => ability.Name);

    public static IReadOnlyCollection<Ability> List => ByName.Values;

    public static Ability Named(string name) => ByName[name];
}
