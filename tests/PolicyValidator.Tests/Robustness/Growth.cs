using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Robustness;

/// <summary>A text that is known to be of ext_proc, and one way to make it larger: what stands in it once is there many times.</summary>
/// <param name="Name">What it is and what grows.</param>
/// <param name="Target">The release that is asked about.</param>
/// <param name="Make">The texts for a number of times.</param>
internal sealed record Growth(string Name, Target Target, Func<int, IReadOnlyList<SourceText>> Make)
{
    /// <summary>All ways to let a text grow: its documents, its files, each list, each two lists together, and each mapping.</summary>
    public static IEnumerable<Growth> Of(string name, Target target, string text)
    {
        Node[] roots = [.. DocumentReader.Read(new SourceText("seed", text), target.Version.Minor).Select(document => document.Root).OfType<Node>()];
        Node[] lists = [.. roots.SelectMany(NodeTree.All).Where(node => node is SequenceNode { Items.Count: > 0, AliasSpan: null })];
        Node[] mappings = [.. roots.SelectMany(NodeTree.All).Where(node => node is MappingNode { Entries.Count: > 0, AliasSpan: null })];
        IEnumerable<(string What, Func<int, bool, IReadOnlyList<SourceText>> Make)> ways =
        [
            ("documents", (times, renamed) => [Text(string.Join("\n---\n", Copies(times, renamed, roots)))]),
            ("files", (times, renamed) => [.. Copies(times, renamed, roots).Select((copy, at) => new SourceText($"{at}.yaml", copy))]),
            .. lists.Select(list => ($"list {list.Pointer}", Inside(roots, list))),
            .. from one in lists.Index() from other in lists.Take(one.Index) where !IsInside(one.Item, other) && !IsInside(other, one.Item)
               select ($"lists {one.Item.Pointer} and {other.Pointer}", Inside(roots, one.Item, other)),
            .. mappings.Select(mapping => ($"mapping {mapping.Pointer}", Inside(roots, mapping))),
        ];
        return
            from way in ways
            from renamed in (bool[])[false, true]
            select new Growth($"{name}: {way.What}{(renamed ? ", names of their own" : "")}", target, times => way.Make(times, renamed));
    }

    private static Func<int, bool, IReadOnlyList<SourceText>> Inside(Node[] roots, params Node[] grown) => (times, renamed) =>
        [Text(string.Join("\n---\n", roots.Select(root => new Writer([.. grown], times, renamed).Write(root))))];

    private static SourceText Text(string text) => new("grown.yaml", text);

    private static IEnumerable<string> Copies(int times, bool renamed, Node[] roots) =>
        from time in Enumerable.Range(0, times)
        from root in roots
        select new Writer([], times, renamed) { Copy = time }.Write(root);

    private static bool IsInside(Node? node, Node around)
    {
        while (node is not null && node != around)
        {
            node = node.Parent;
        }

        return node is not null;
    }

    /// <summary>Nodes to text that is JSON and YAML.</summary>
    private sealed class Writer(HashSet<Node> grown, int times, bool renamed)
    {
        /// <summary>What others refer to, so that each copy has its own.</summary>
        private static readonly string[] Names = ["name", "cluster_name", "clusterName", "cluster", "stat_prefix", "prefix", "value_regex"];

        private static readonly SearchValues<char> QuotedWith = SearchValues.Create(" :#{}[],&*!|>'\"%@`");

        private readonly StringBuilder text = new();

        /// <summary>Which copy is being written; negative outside of all.</summary>
        public int Copy { get; set; } = -1;

        public string Write(Node node)
        {
            Add(node);
            return text.ToString();
        }

        private void Add(Node node)
        {
            switch (node)
            {
                case MappingNode mapping:
                    text.Append('{');
                    Join(Repeated(mapping, mapping.Entries), AddEntry);
                    text.Append('}');
                    break;
                case SequenceNode list:
                    text.Append('[');
                    Join(Repeated(list, list.Items), Add);
                    text.Append(']');
                    break;
                case ScalarNode scalar:
                    AddScalar(scalar, Names.Contains(scalar.Entry?.Key.Value));
                    break;
            }
        }

        private void AddEntry(MappingEntry entry)
        {
            bool isGrown = Copy > 0 && grown.Contains(entry.Key.Parent!);
            AddScalar(new(default, isGrown ? $"{entry.Key.Value}{Copy}" : entry.Key.Value, ScalarStyle.DoubleQuoted), Parent(entry) is "typed_per_filter_config" or "typedPerFilterConfig" && !isGrown);
            text.Append(": ");
            Add(entry.Value);
        }

        private static string? Parent(MappingEntry entry) => entry.Key.Parent?.Entry?.Key.Value;

        private void AddScalar(ScalarNode scalar, bool isName)
        {
            string value = renamed && isName && Copy >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{scalar.Value}{Copy}") : scalar.Value;
            text.Append(scalar.IsQuoted || value.Length == 0 || scalar.Style == ScalarStyle.Plain && value.AsSpan().ContainsAny(QuotedWith) ? JsonSerializer.Serialize(value) : value);
        }

        /// <summary>A list's items again and again; of a mapping the last entry, under other keys.</summary>
        private IEnumerable<T> Repeated<T>(Node around, IReadOnlyList<T> inside)
        {
            int copy = Copy;
            foreach (T each in inside)
            {
                yield return each;
            }

            for (Copy = grown.Contains(around) ? 1 : int.MaxValue; Copy < times; Copy++)
            {
                foreach (T each in around is MappingNode ? inside.TakeLast(1) : inside)
                {
                    yield return each;
                }
            }

            Copy = copy;
        }

        private void Join<T>(IEnumerable<T> all, Action<T> add)
        {
            bool any = false;
            foreach (T each in all)
            {
                text.Append(any ? ", " : "");
                add(each);
                any = true;
            }
        }
    }
}
