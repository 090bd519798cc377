namespace PolicyValidator.Inputs.Yaml;

/// <summary>Makes the error of a reader that does not read a place of its text.</summary>
/// <param name="start">Where it begins.</param>
/// <param name="end">Where it ends.</param>
/// <param name="message">What stands there.</param>
/// <param name="help">How to write it.</param>
internal delegate SyntaxException Refuse(int start, int end, string message, string help);

/// <summary>
/// The anchors of a document. One name may be given to several values, also to one inside another: an alias means the value that began
/// last before it.
/// </summary>
/// <param name="refuse">Makes the error of an alias that means nothing.</param>
internal sealed class Anchors(Refuse refuse)
{
    private readonly Dictionary<string, Anchored> last = new(StringComparer.Ordinal);
    private int aliasedNodes;

    /// <summary>Forgets all of them, for a document knows none of the one before; what aliases repeat is counted on.</summary>
    public void Clear() => last.Clear();

    /// <summary>An anchored value begins; null where there is no anchor.</summary>
    public Anchored? Begin(string? name) => name is null ? null : last[name] = new();

    /// <summary>A copy of the value that an alias means.</summary>
    /// <exception cref="SyntaxException">It means none, or repeats too much.</exception>
    public Node Copy(string name, SourceSpan alias)
    {
        if (!last.TryGetValue(name, out Anchored? anchored))
        {
            throw refuse(alias.Start, alias.End, $"*{name} has no anchor before it", $"define &{name} first, or write the value out");
        }

        Node value = anchored.Value ?? throw refuse(alias.Start, alias.End, $"*{name} stands inside its own anchor", "write the value out");
        return NodeTree.Copy(value, alias, () => Count(alias));
    }

    private void Count(SourceSpan alias)
    {
        if (++aliasedNodes > InputLimits.MaxAliasedNodes)
        {
            throw refuse(alias.Start, alias.End, $"aliases repeat more than {InputLimits.MaxAliasedNodes} values", "write the values out");
        }
    }

    /// <summary>The place of an anchored value.</summary>
    internal sealed class Anchored
    {
        /// <summary>The value; null until it has been read to its end.</summary>
        public Node? Value { get; set; }
    }
}
