using System.Text;
using System.Text.Json;

namespace PolicyValidator.Tests.Oracle.Random;

/// <summary>A piece of a made-up config, which can be written as JSON or YAML and made smaller.</summary>
internal abstract record Piece
{
    /// <summary>As JSON, or as YAML in braces, which is nearly the same.</summary>
    public string InFlow(bool yaml)
    {
        StringBuilder text = new();
        WriteFlow(text, yaml);
        return text.ToString();
    }

    /// <summary>As block YAML below a key that stands at this indent.</summary>
    public abstract void WriteBlock(StringBuilder text, int indent);

    /// <summary>The same piece with one thing left out, for each thing in it.</summary>
    public abstract IEnumerable<Piece> Smaller();

    protected abstract void WriteFlow(StringBuilder text, bool yaml);

    /// <summary>What has no parts: one text for JSON, one for YAML.</summary>
    internal sealed record Leaf(string Json, string Yaml) : Piece
    {
        public override void WriteBlock(StringBuilder text, int indent) => text.Append(' ').Append(Yaml).Append('\n');

        public override IEnumerable<Piece> Smaller() => [];

        protected override void WriteFlow(StringBuilder text, bool yaml) => text.Append(yaml ? Yaml : Json);
    }

    /// <summary>A string that is written as a block where blocks are.</summary>
    /// <param name="Text">One line.</param>
    /// <param name="Header"><c>|</c>, <c>>-</c> and kin.</param>
    internal sealed record Block(string Text, string Header) : Piece
    {
        public override void WriteBlock(StringBuilder text, int indent) => text.Append(' ').Append(Header).Append('\n').Append(' ', indent).Append(Text).Append('\n');

        public override IEnumerable<Piece> Smaller() => [ValueMaker.Text(Text)];

        protected override void WriteFlow(StringBuilder text, bool yaml) => text.Append(JsonSerializer.Serialize(Text));
    }

    internal sealed record List(IReadOnlyList<Piece> Items) : Piece
    {
        public override void WriteBlock(StringBuilder text, int indent)
        {
            if (Items.Count == 0)
            {
                text.Append(" []\n");
                return;
            }

            text.Append('\n');
            foreach (Piece item in Items)
            {
                text.Append(' ', indent).Append('-');
                item.WriteBlock(text, indent + 2);
            }
        }

        public override IEnumerable<Piece> Smaller() =>
            Enumerable.Range(0, Items.Count).Select(at => (Piece)new List([.. Items.Take(at), .. Items.Skip(at + 1)]))
                .Concat(Items.SelectMany((item, at) => item.Smaller().Select(smaller => (Piece)new List([.. Items.Take(at), smaller, .. Items.Skip(at + 1)]))));

        protected override void WriteFlow(StringBuilder text, bool yaml)
        {
            text.Append('[');
            foreach ((int at, Piece item) in Items.Index())
            {
                text.Append(at == 0 ? "" : ", ");
                item.WriteFlow(text, yaml);
            }

            text.Append(']');
        }
    }

    internal sealed record Map(IReadOnlyList<(string Key, Piece Value)> Entries) : Piece
    {
        /// <summary>In braces, a comma behind the last entry.</summary>
        public bool HasTrailingComma { get; init; }

        /// <summary>Part of another extension, which is to stay whole.</summary>
        public bool IsWhole { get; init; }

        public override void WriteBlock(StringBuilder text, int indent)
        {
            if (Entries.Count == 0)
            {
                text.Append(" {}\n");
                return;
            }

            text.Append('\n');
            foreach ((string key, Piece value) in Entries)
            {
                text.Append(' ', indent).Append(key).Append(':');
                value.WriteBlock(text, indent + 2);
            }
        }

        public override IEnumerable<Piece> Smaller() =>
            Enumerable.Range(0, IsWhole ? 0 : Entries.Count).Select(at => (Piece)(this with { Entries = [.. Entries.Take(at), .. Entries.Skip(at + 1)] }))
                .Concat(Entries.SelectMany((entry, at) => entry.Value.Smaller().Select(smaller => (Piece)(this with { Entries = [.. Entries.Take(at), (entry.Key, smaller), .. Entries.Skip(at + 1)] }))));

        protected override void WriteFlow(StringBuilder text, bool yaml)
        {
            text.Append('{');
            foreach ((int at, (string key, Piece value)) in Entries.Index())
            {
                text.Append(at == 0 ? "" : ", ").Append(key).Append(": ");
                value.WriteFlow(text, yaml);
            }

            text.Append(HasTrailingComma ? ",}" : "}");
        }
    }
}
