using ExtProc.Configuration.Reading;

namespace ExtProc.Configuration.Binding;

/// <summary>Names of enum values in a configuration: Envoy's as Envoy writes them, ours as we write keys. Any case is read.</summary>
internal static class EnumNames
{
    private static readonly Type[] Envoys = [typeof(BodySendMode), typeof(HeaderSendMode), typeof(RouteCacheAction)];

    /// <summary>All names of a type in the order of their numbers.</summary>
    public static IReadOnlyList<string> All(Type type) => [.. Enum.GetNames(type).Select(name => Shown(type, name))];

    /// <summary>The name of one value.</summary>
    public static string Of(object value) => Shown(value.GetType(), value.ToString()!);

    /// <summary>Reads a name.</summary>
    /// <exception cref="FormatException">The type has no such value.</exception>
    public static object Parse(Type type, string text)
    {
        string folded = ConfigKey.Fold(text);
        string? name = Enum.GetNames(type).FirstOrDefault(candidate => ConfigKey.Fold(candidate) == folded);
        return name is null
            ? throw new FormatException($"\"{ConfigScalar.Shorten(text)}\" is not known here; {NearName.Advice(text, All(type))}")
            : Enum.Parse(type, name);
    }

    private static string Shown(Type type, string name) => Array.IndexOf(Envoys, type) >= 0 ? ConfigKey.UpperSnake(name) : ConfigKey.Of(name);
}
