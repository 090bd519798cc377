namespace PolicyValidator.Inputs;

/// <summary>Documents that stand as text inside a value of another one, such as a file in a ConfigMap.</summary>
internal static class EmbeddedText
{
    /// <summary>
    /// Reads them, with spans in the text around. In a <c>|</c> block every character has its place; in other forms of scalars findings
    /// point at the whole, and nothing is edited. A document that does not parse has no root, and says why.
    /// </summary>
    /// <param name="around">The document around.</param>
    /// <param name="scalar">The value.</param>
    /// <param name="name">What the text is called: its ending says whether it is YAML or JSON.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="decoded">What the value stands for, where that is not the text itself.</param>
    public static IEnumerable<SourceDocument> Read(SourceDocument around, ScalarNode scalar, string name, CancellationToken cancellation, string? decoded = null)
    {
        SourceText inner = new(name, decoded ?? scalar.Value);
        bool isBlock = decoded is null && scalar is { Style: ScalarStyle.Literal, AliasSpan: null } && !around.HasOtherForm;
        Func<SourceSpan, SourceSpan> place = isBlock ? span => Placed(around.Source, scalar, inner, span) : _ => scalar.UseSpan;
        return
            from document in Documents(inner, around.EnvoyMinor, cancellation)
            select around with
            {
                Format = document.Format,
                Root = document.Root is { } root ? Rooted(root, place, scalar) : null,
                Problems = [.. document.Problems.Select(problem => problem with { Span = place(problem.Span) })],
                Leftover = document.Leftover is { } leftover ? place(new(leftover, leftover)).Start : null,
                HasOtherForm = !isBlock,
                Nesting = around.Nesting + 1,
            };
    }

    /// <summary>A brace begins JSON and YAML; without a file's name that says which, what is no JSON may be YAML.</summary>
    private static IReadOnlyList<SourceDocument> Documents(SourceText inner, int envoyMinor, CancellationToken cancellation)
    {
        IReadOnlyList<SourceDocument> read = DocumentReader.Read(inner, envoyMinor, cancellation);
        return read is [{ Format: SourceFormat.Json, Problems.Count: > 0 }] && Path.GetExtension(inner.Name) != ".json" ? DocumentReader.ReadYaml(inner, envoyMinor, cancellation) : read;
    }

    /// <summary>The copy hangs where the text stands, so that pointers lead to it.</summary>
    private static Node Rooted(Node root, Func<SourceSpan, SourceSpan> place, ScalarNode scalar)
    {
        Node copy = NodeTree.Place(root, place);
        (copy.Parent, copy.Entry, copy.Index) = (scalar.Parent, scalar.Entry, scalar.Index);
        return copy;
    }

    private static SourceSpan Placed(SourceText around, ScalarNode block, SourceText inner, SourceSpan span)
    {
        int header = around.PositionAt(block.Span.Start).Line;
        return new(Outer(span.Start), Math.Max(Outer(span.Start), Outer(span.End)));

        int Outer(int offset)
        {
            int line = inner.PositionAt(offset).Line, outer = Math.Min(header + line, around.LineCount);
            int indent = Math.Max(0, around.Line(outer).Length - inner.Line(line).Length);
            return Math.Min(around.LineStart(outer) + indent + offset - inner.LineStart(line), around.Text.Length);
        }
    }
}
