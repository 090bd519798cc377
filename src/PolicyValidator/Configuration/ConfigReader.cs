using PolicyValidator.Inputs;

namespace PolicyValidator.Configuration;

/// <summary>The text of a configuration file to settings.</summary>
internal static class ConfigReader
{
    /// <summary>Reads a file's text; an empty one says nothing.</summary>
    /// <exception cref="ConfigException">A key or value that is not understood.</exception>
    public static ConfigSettings Read(SourceText source)
    {
        ConfigSettings settings = new();
        foreach ((ConfigValue key, ConfigValue value) in Document(source)?.Fields() ?? [])
        {
            ConfigKey known = ConfigKey.All.FirstOrDefault(each => each.Name == key.Text())
                ?? throw key.Not($"a setting; use {string.Join(", ", ConfigKey.All.Select(each => each.Name))}");
            settings = known.Read(settings, value);
        }

        return settings;
    }

    private static ConfigValue? Document(SourceText source)
    {
        IReadOnlyList<SourceDocument> documents = DocumentReader.ReadOwn(source);
        foreach (SyntaxProblem problem in documents.SelectMany(document => document.Problems))
        {
            throw new ConfigException(source, problem.Span, $"{problem.Message}; {problem.Help}");
        }

        return documents switch
        {
            [] or [{ Root: null }] => null,
            [{ Root: { } root }] => new(source, root),
            [_, { Root: var second }, ..] => throw new ConfigException(source, second?.UseSpan ?? default, "a configuration file is one document, and here another begins"),
        };
    }
}
