using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>Something that no rule has looked at, because there is more of it than is looked at.</summary>
/// <param name="Document">The document it is in.</param>
/// <param name="Node">The first that was left out.</param>
/// <param name="Message">What was left out, and by which limit: lower case, no full stop.</param>
/// <param name="Help">How to have it judged: lower case, no full stop.</param>
internal sealed record UnjudgedPart(SourceDocument Document, Node Node, string Message, string Help);

/// <summary>
/// What a run leaves out. Time has to grow with what is read and not with its square, so that of what belongs together in pairs some
/// are left out where there are very many; whatever is left out is kept here, and nothing of which a part was not judged passes for clean.
/// </summary>
internal sealed class UnjudgedParts
{
    /// <summary>The way on where what was left out would be judged if there were less beside it.</summary>
    public const string LintLess = "lint fewer of them at once, in several runs";

    /// <summary>The way on where the definition of an object does not take as many.</summary>
    public const string ApiServerTakesLess = "write no more than that into one object: the API server refuses it";

    private readonly Dictionary<(Node Node, string Message), UnjudgedPart> parts = [];

    private readonly HashSet<object> cut = new(ReferenceEqualityComparer.Instance);

    /// <summary>All of them so far: complete when all rules have looked.</summary>
    public IReadOnlyCollection<UnjudgedPart> All => parts.Values;

    /// <summary>Keeps one.</summary>
    public void Add(SourceDocument document, Node? node, string message, string help = LintLess)
    {
        if ((node ?? document.Root) is { } place)
        {
            parts.TryAdd((place, message), new(document, place, message, help));
        }
    }

    /// <summary>As many of some things as are looked at; where there are more, that is kept.</summary>
    /// <param name="things">The things: the same list where they are asked for again.</param>
    /// <param name="most">How many are looked at.</param>
    /// <param name="what">What they are, in the plural: <c>listeners of the Gateway eg</c>.</param>
    /// <param name="place">Where one of them stands.</param>
    /// <param name="help">How to have all judged.</param>
    public IReadOnlyList<T> First<T>(IReadOnlyList<T> things, int most, Func<string> what, Func<T, (SourceDocument Document, Node? Node)> place, string help = LintLess)
    {
        if (things.Count <= most)
        {
            return things;
        }

        if (cut.Add(things))
        {
            (SourceDocument document, Node? node) = place(things[most]);
            Add(document, node, $"of {things.Count} {what()} only the first {most} were judged: not this one, nor those behind it", help);
        }

        return [.. things.Take(most)];
    }
}
