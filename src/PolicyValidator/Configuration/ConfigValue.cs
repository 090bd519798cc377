using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Configuration;

/// <summary>A value of a configuration file, read in the forms that keys take.</summary>
internal readonly record struct ConfigValue(SourceText Source, Node Node)
{
    /// <summary>A text that is not empty.</summary>
    public string Text() => Node is ScalarNode { Value.Length: > 0 } scalar ? scalar.Value : throw Not("a text");

    /// <summary>True or false.</summary>
    public bool Flag() => (Node as ScalarNode)?.Value switch
    {
        "true" => true,
        "false" => false,
        _ => throw Not("true or false"),
    };

    /// <summary>A whole number from 1.</summary>
    public int Count() =>
        int.TryParse((Node as ScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw Not("a whole number from 1 to 2147483647");

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

    /// <summary>The texts of a list that has some.</summary>
    public IReadOnlyList<string> Texts() => [.. Items().Select(item => item.Text())];

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
                : throw new ConfigException(source, entry.Key.UseSpan, $"{entry.Key.Value} is there twice")),
        ];
    }

    /// <summary>An error that says what stands here and what may.</summary>
    public ConfigException Not(string allowed) => new(Source, Node.UseSpan, $"{Shown()} is not {allowed}");

    private string Shown() => Node switch
    {
        ScalarNode { Value.Length: 0 } => "nothing",
        ScalarNode scalar => $"\"{scalar.Value}\"",
        SequenceNode => "a list",
        _ => "a mapping",
    };
}
