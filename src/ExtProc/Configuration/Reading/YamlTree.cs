using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ExtProc.Configuration.Reading;

/// <summary>
/// YAML text to nodes. Keeps the text of scalars as it was written, refuses what would let a small file become a large tree
/// (aliases are counted as often as they are used) or a deep one, and knows no tags.
/// </summary>
internal sealed class YamlTree
{
    /// <summary>Our settings nest six deep.</summary>
    public const int LimitDepth = 32;

    /// <summary>Values in a file, those behind aliases counted each time.</summary>
    public const int LimitNodes = 20_000;

    private readonly string _source;
    private readonly ConfigProblems _problems;
    private readonly Parser _parser;
    private readonly Dictionary<string, (ConfigNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlTree(string text, string source, ConfigProblems problems)
    {
        _source = source;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document, or null with problems added. An empty file is an empty map.</summary>
    public static ConfigNode? Read(string text, string source, ConfigProblems problems)
    {
        if (Nul(text, source) is { } nul)
        {
            problems.Error(nul, "not valid YAML: a NUL character stands here");
            return null;
        }

        YamlTree tree = new(text, source, problems);
        try
        {
            return tree.Document();
        }
        catch (Refused refused)
        {
            problems.Error(refused.At, refused.Message);
        }
        catch (YamlException broken)
        {
            problems.Error(Mark(source, broken.Start), $"not valid YAML: {Sentence(broken)}");
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // The parser's own way to stumble over some brackets that are not closed, and over tags of nothing.
            problems.Error(tree.Here, "not valid YAML: no value can be read here; check brackets, quotes and commas from here on");
        }

        return null;
    }

    // The parser takes a NUL for the end of the text.
    private static ConfigMark? Nul(string text, string source)
    {
        int at = text.IndexOf('\0', StringComparison.Ordinal);
        return at < 0 ? null : new(source, text.AsSpan(0, at).Count('\n') + 1, at - text.LastIndexOf('\n', at));
    }

    private static string Sentence(YamlException broken)
    {
        string text = broken.InnerException is YamlException inner ? inner.Message : broken.Message;
        string sentence = char.ToLowerInvariant(text[0]) + text[1..].TrimEnd('.');
        return sentence.Contains("cannot start any token", StringComparison.Ordinal) ? $"{sentence}; indent with blanks, not tabs, and quote text that begins with a sign" : sentence;
    }

    private static ConfigMark Mark(string source, Mark mark) => new(source, (int)mark.Line, (int)mark.Column);

    private ConfigMark Here => _parser.Current is { } last ? Mark(_source, last.End) : new(_source, 1, 1);

    private ConfigNode Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return new ConfigMap(new(_source, 1, 1), []);
        }

        _parser.Consume<DocumentStart>();
        ConfigNode root = Node(depth: 1);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            throw new Refused(At(second), "a second document begins; a configuration is one document");
        }

        return root is ConfigScalar { IsNull: true } ? new ConfigMap(root.At, []) : root;
    }

    private ConfigNode Node(int depth)
    {
        ParsingEvent next = _parser.Consume<ParsingEvent>();
        ConfigMark at = At(next);
        Count(at, 1);
        if (depth > LimitDepth)
        {
            throw new Refused(at, $"the values are nested deeper than {LimitDepth} levels");
        }

        if (next is AnchorAlias alias)
        {
            return Aliased(alias, at);
        }

        var node = (NodeEvent)next;
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && node.Tag.Value != "tag:yaml.org,2002:str")
        {
            throw new Refused(at, $"the tag {node.Tag.Value} has no meaning here; leave it out");
        }

        int before = _nodes;
        ConfigNode read = node switch
        {
            Scalar scalar => new ConfigScalar(at, scalar.Value, scalar.Style != ScalarStyle.Plain || !node.Tag.IsEmpty),
            SequenceStart => Items(at, depth),
            _ => Entries(at, depth),
        };
        if (!node.Anchor.IsEmpty)
        {
            // Known only from here on, so a node cannot contain itself.
            _anchors[node.Anchor.Value] = (read, _nodes - before + 1);
        }

        return read;
    }

    private ConfigNode Aliased(AnchorAlias alias, ConfigMark at)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchored))
        {
            throw new Refused(at, $"*{alias.Value.Value} names no value that is complete before this line; write &{alias.Value.Value} before that value");
        }

        Count(at, anchored.Size);
        return anchored.Node;
    }

    private ConfigList Items(ConfigMark at, int depth)
    {
        List<ConfigNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }

        return new(at, items);
    }

    private ConfigMap Entries(ConfigMark at, int depth)
    {
        List<ConfigEntry> entries = [];
        Dictionary<string, ConfigMark> seen = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ConfigNode key = Node(depth + 1);
            ConfigNode value = Node(depth + 1);
            if (key is not ConfigScalar name || name.IsNull)
            {
                _problems.Error(key.At, $"{key.Kind} cannot be a key; keys are names");
            }
            else if (name is { Text: "<<", IsQuoted: false })
            {
                _problems.Error(key.At, "merge keys (<<) are not supported; write the keys out");
            }
            else if (!seen.TryAdd(name.Text, key.At))
            {
                _problems.Error(key.At, $"the key \"{name.Shown}\" stands twice; the first one is in line {seen[name.Text].Line}");
            }
            else
            {
                entries.Add(new(name, value));
            }
        }

        return new(at, entries);
    }

    private void Count(ConfigMark at, int nodes)
    {
        _nodes += nodes;
        if (_nodes > LimitNodes)
        {
            throw new Refused(at, $"the file has more than {LimitNodes} values, those behind aliases counted each time");
        }
    }

    private ConfigMark At(ParsingEvent parsed) => Mark(_source, parsed.Start);

    private sealed class Refused(ConfigMark at, string message) : Exception(message)
    {
        public ConfigMark At { get; } = at;
    }
}
