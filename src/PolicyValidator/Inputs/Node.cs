using System.Text;

namespace PolicyValidator.Inputs;

/// <summary>How a scalar is written.</summary>
public enum ScalarStyle
{
    /// <summary>YAML without quotes, or a bare word in lenient JSON.</summary>
    Plain,

    /// <summary>In single quotes.</summary>
    SingleQuoted,

    /// <summary>In double quotes, YAML or JSON.</summary>
    DoubleQuoted,

    /// <summary>A YAML block with <c>|</c>.</summary>
    Literal,

    /// <summary>A YAML block with <c>&gt;</c>.</summary>
    Folded,

    /// <summary>A JSON number.</summary>
    JsonNumber,

    /// <summary>A JSON <c>true</c>, <c>false</c> or <c>null</c>.</summary>
    JsonLiteral,
}

/// <summary>
/// A value of a document with its place in the text. The nodes are a tree: where an alias stands, the anchor's nodes are repeated,
/// with the spans of the anchor's text, the parent of the alias, and <see cref="AliasSpan"/> saying where the alias is.
/// </summary>
public abstract class Node(SourceSpan span)
{
    private readonly Extras? extras;

    /// <summary>The value's own text: without the key, the tag, the anchor and a trailing comment.</summary>
    public SourceSpan Span { get; } = span;

    /// <summary>The mapping or sequence around it; null at the root.</summary>
    public Node? Parent { get; internal set; }

    /// <summary>The entry whose value this is; null for items and at the root.</summary>
    public MappingEntry? Entry { get; internal set; }

    /// <summary>The place in the parent sequence, from 0; -1 when the parent is none.</summary>
    public int Index { get; internal set; } = -1;

    /// <summary>The explicit YAML tag, such as <c>!!str</c> resolved to <c>tag:yaml.org,2002:str</c>.</summary>
    public string? Tag
    {
        get => extras?.Tag;
        internal init => extras = value is null ? extras : (extras ?? new()) with { Tag = value };
    }

    /// <summary>The anchor that stands before it, without the ampersand.</summary>
    public string? Anchor
    {
        get => extras?.Anchor;
        internal init => extras = value is null ? extras : (extras ?? new()) with { Anchor = value };
    }

    /// <summary>Where the alias stands through which this node was reached; null when it stands here itself.</summary>
    public SourceSpan? AliasSpan
    {
        get => extras?.AliasSpan;
        internal init => extras = value is null ? extras : (extras ?? new()) with { AliasSpan = value };
    }

    /// <summary>Where a finding about this value should point: the alias if it was reached through one, else the value.</summary>
    public SourceSpan UseSpan => AliasSpan ?? Span;

    /// <summary>For a value that nobody wrote, the one in the user's text that it was made from.</summary>
    public Node? Origin
    {
        get => extras?.Origin;
        internal init => extras = value is null ? extras : (extras ?? new()) with { Origin = value };
    }

    /// <summary>The path from the document's root as a JSON pointer (RFC 6901), very long keys cut; empty for the root.</summary>
    public string Pointer => Origin?.Pointer ?? (Parent is null ? "" : AppendStep(new StringBuilder()).ToString());

    /// <summary>What few values have: of a file with a million of them it would take a third of the memory.</summary>
    private sealed record Extras(string? Tag = null, string? Anchor = null, SourceSpan? AliasSpan = null, Node? Origin = null);

    /// <summary>A key of a megabyte is none that anybody knows, and would be repeated for all that is below it.</summary>
    private static string Shown(string key) => key.Length <= InputLimits.MaxPointerStep ? key : key[..InputLimits.MaxPointerStep];

    private StringBuilder AppendStep(StringBuilder text)
    {
        Parent?.AppendStep(text);
        return this switch
        {
            { Entry: { } entry } => text.Append('/').Append(Shown(entry.Key.Value).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)),
            { Index: >= 0 } => text.Append('/').Append(Index),
            _ => text,
        };
    }
}

/// <summary>A mapping, or JSON object: its entries in the order of the text, duplicates included.</summary>
public sealed class MappingNode(SourceSpan span, IReadOnlyList<MappingEntry> entries, bool isFlow) : Node(span)
{
    /// <summary>Of so many entries a few are found sooner by looking at them than by an index.</summary>
    private const int MostWithoutIndex = 16;

    private Dictionary<string, int>? places;

    /// <summary>The entries in the order of the text, duplicate keys included.</summary>
    public IReadOnlyList<MappingEntry> Entries { get; } = entries;

    /// <summary>Written with braces.</summary>
    public bool IsFlow { get; } = isFlow;

    /// <summary>The value under a key, the last one when the key is repeated; null when there is none.</summary>
    public Node? this[string key] => EntryOf(key)?.Value;

    /// <summary>The entry of a key, the last one when the key is repeated; null when there is none.</summary>
    public MappingEntry? EntryOf(string key) => Entries.Count <= MostWithoutIndex
        ? Entries.LastOrDefault(entry => entry.Key.Value == key)
        : PlaceOf(key) is >= 0 and var place ? Entries[place] : null;

    /// <summary>The value of a protobuf field under its snake_case or its lowerCamelCase name.</summary>
    /// <param name="snakeCase">The name as the proto file has it.</param>
    public Node? Field(string snakeCase) => FieldEntry(snakeCase)?.Value;

    /// <summary>The entry of a protobuf field under its snake_case or its lowerCamelCase name, the last one when it is repeated.</summary>
    public MappingEntry? FieldEntry(string snakeCase) => Entries.Count <= MostWithoutIndex
        ? Entries.LastOrDefault(entry => FieldNames.Same(entry.Key.Value, snakeCase))
        : Math.Max(PlaceOf(snakeCase), PlaceOf(FieldNames.CamelOf(snakeCase))) is >= 0 and var place ? Entries[place] : null;

    /// <summary>Where the last entry of a key is; -1 when there is none.</summary>
    private int PlaceOf(string key)
    {
        if (places is null)
        {
            Dictionary<string, int> found = new(Entries.Count, StringComparer.Ordinal);
            for (int place = 0; place < Entries.Count; place++)
            {
                found[Entries[place].Key.Value] = place;
            }

            places = found;
        }

        return places.GetValueOrDefault(key, -1);
    }
}

/// <summary>A key and its value.</summary>
public sealed record MappingEntry(ScalarNode Key, Node Value)
{
    /// <summary>Where the entry ends: behind the value, or behind the key where nobody wrote a value.</summary>
    internal int End => Math.Max(Value.UseSpan.End, Value.UseSpan.Length == 0 ? Key.UseSpan.End : 0);
}

/// <summary>A sequence, or JSON array.</summary>
public sealed class SequenceNode(SourceSpan span, IReadOnlyList<Node> items, bool isFlow) : Node(span)
{
    /// <summary>The items in order.</summary>
    public IReadOnlyList<Node> Items { get; } = items;

    /// <summary>Written with brackets.</summary>
    public bool IsFlow { get; } = isFlow;
}

/// <summary>A scalar: a string, number, boolean or null that is not yet told apart.</summary>
public sealed class ScalarNode(SourceSpan span, string value, ScalarStyle style) : Node(span)
{
    /// <summary>The text after quotes, escapes and folding are resolved.</summary>
    public string Value { get; } = value;

    /// <summary>How it is written.</summary>
    public ScalarStyle Style { get; } = style;

    /// <summary>Whether a reader of Kubernetes resolved it, by YAML 1.1; else it is Envoy's to read.</summary>
    internal bool IsOfKubernetes { get; init; }

    /// <summary>Written in quotes or as a block: a string whatever it says.</summary>
    public bool IsQuoted => Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted or ScalarStyle.Literal or ScalarStyle.Folded;
}
