namespace ExtProc.Configuration.Reading;

/// <summary>Names of settings. <c>handlerTimeout</c>, <c>handler_timeout</c> and <c>handlertimeout</c> are one name; the first is how we write it.</summary>
internal static class ConfigKey
{
    /// <summary>What two spellings of one name have in common.</summary>
    public static string Fold(string key) => string.Concat(key.Where(letter => letter is not ('_' or '-'))).ToLowerInvariant();

    /// <summary>The name of a property as it stands in YAML.</summary>
    public static string Of(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    /// <summary>The same in the style of Envoy's enums and of environment variables: <c>FULL_DUPLEX_STREAMED</c>.</summary>
    public static string UpperSnake(string name) =>
        string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
