using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Configuration;

/// <summary>A value of a configuration file, read in the forms that keys take.</summary>
internal readonly record struct ConfigValue(SourceText Source, Node Node)
{
    private const int MostItems = 1000, MostShown = 100, LongestPath = 4096;

    /// <summary>A text that is not empty.</summary>
    public string Text() => Node is ScalarNode { Value.Length: > 0 } scalar ? scalar.Value : throw Not("a text");

    /// <summary>A path.</summary>
    public string Path() => Text() is { Length: <= LongestPath } path && !path.Contains('\0', StringComparison.Ordinal) ? path : throw Not("a path");

    /// <summary>True or false.</summary>
    public bool Flag() => (Node as ScalarNode)?.Value switch
    {
        "true" => true,
        "false" => false,
        _ => throw Not("true or false"),
    };

    /// <summary>A whole number from 1.</summary>
    /// <param name="most">The largest.</param>
    public int Count(int most = int.MaxValue) =>
        int.TryParse((Node as ScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && number <= most
            ? number
            : throw Not($"a whole number from 1 to {most}");

    /// <summary>One of a few words.</summary>
    public string OneOf(IReadOnlyList<string> words)
    {
        string text = Text();
        return words.Contains(text) ? text : throw Not($"one of {string.Join(", ", words)}");
    }

    /// <summary>A release.</summary>
    public Target Target() => Rules.Target.Parse(Text()) ?? throw Not(Rules.Target.Allowed);

    /// <summary>A severity.</summary>
    public Severity Severity() => OneOf(["error", "warning", "hint"]) switch
    {
        "error" => Rules.Severity.Error,
        "warning" => Rules.Severity.Warning,
        _ => Rules.Severity.Hint,
    };

    /// <summary>Rules by id, name or beginning of ids.</summary>
    public IReadOnlyList<Rule> RulesOf() =>
        RuleWords.Many(Text()) is { Count: > 0 } rules ? rules : throw Not("a rule, or the beginning of ids; policy-validator rules lists them");

    /// <summary>The items of a list that has some.</summary>
    public IReadOnlyList<ConfigValue> Items()
    {
        SourceText source = Source;
        return Node is SequenceNode { Items.Count: > 0 } list ? [.. list.Items.Select(item => new ConfigValue(source, item))] : throw Not("a list that has items");
    }

    /// <summary>The items of a list that a person wrote: it has some, and not very many.</summary>
    public IReadOnlyList<ConfigValue> FewItems() => Items() is { Count: <= MostItems } few ? few : throw new ConfigException(Source, Node.UseSpan, $"a list of more than {MostItems} items");

    /// <summary>The texts of such a list.</summary>
    public IReadOnlyList<string> Texts() => [.. FewItems().Select(item => item.Text())];

    /// <summary>The globs of such a list.</summary>
    public IReadOnlyList<string> Globs()
    {
        IReadOnlyList<string> globs = Texts();
        try
        {
            _ = new PathGlobs("", globs);
            return globs;
        }
        catch (FormatException refused)
        {
            throw new ConfigException(Source, Node.UseSpan, refused.Message);
        }
    }

    /// <summary>Keys and values; a key that comes twice is refused.</summary>
    public IReadOnlyList<(ConfigValue Key, ConfigValue Value)> Fields()
    {
        SourceText source = Source;
        MappingNode mapping = Node as MappingNode ?? throw Not("keys and values");
        HashSet<string> seen = [];
        return
        [
            .. mapping.Entries.Select(entry => seen.Add(entry.Key.Value)
                ? (new ConfigValue(source, entry.Key), new ConfigValue(source, entry.Value))
                : throw new ConfigException(source, entry.Key.UseSpan, $"{new ConfigValue(source, entry.Key).Shown()} is there twice")),
        ];
    }

    /// <summary>An error that says what stands here and what may.</summary>
    public ConfigException Not(string allowed) => new(Source, Node.UseSpan, $"{Shown()} is not {allowed}");

    private string Shown() => Node switch
    {
        ScalarNode { Value.Length: 0 } => "nothing",
        ScalarNode { Value.Length: > MostShown } scalar => $"\"{scalar.Value.AsSpan(0, MostShown)}...\"",
        ScalarNode scalar => $"\"{scalar.Value}\"",
        SequenceNode => "a list",
        _ => "a mapping",
    };
}
