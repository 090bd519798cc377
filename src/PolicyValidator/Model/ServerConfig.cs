using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>
/// An <c>extproc.yaml</c>: what the server at the other end of a filter runs, and what it was told of Envoy. Only looked at: whether the
/// file itself can be used is for <c>extproc check</c> to say.
/// </summary>
/// <param name="Document">The document.</param>
/// <param name="Root">All of it.</param>
internal sealed record ServerConfig(SourceDocument Document, MappingNode Root)
{
    /// <summary>The settings at the top, folded.</summary>
    internal static readonly HashSet<string> Keys = new(
        ["listen", "listeners", "admin", "reflection", "logexchanges", "limits", "transport", "rehearsal", "drain", "pipeline", "envoy"], StringComparer.Ordinal);

    /// <summary>Its processors, in the order in which requests meet them.</summary>
    public IReadOnlyList<ServerStep> Steps { get; } = [.. Find(Root, "pipeline").Mappings.Select(step => new ServerStep(step))];

    /// <summary>The ports that it listens on.</summary>
    public IEnumerable<string> Ports =>
        new[] { Find(Root, "listen").Text }.Concat(Find(Root, "listeners").Mappings.Select(listener => Find(listener, "address").Text))
            .OfType<string>()
            .Select(address => address[(address.LastIndexOf(':') + 1)..]);

    /// <summary>Whether Envoy is said to obey a request for other modes.</summary>
    public bool AsksForModes => IsTrue("envoy.allowModeOverride");

    /// <summary>Whether the operator vouches for that where nothing proves it.</summary>
    public bool TrustsOverrides => IsTrue("envoy.trustModeOverride");

    /// <summary>Whether Envoy is said to be of a version that fails an exchange whose override it does not take.</summary>
    public bool ProvesOverrides => Version.TryParse(At("envoy.version").Text, out Version? version) && version >= new Version(1, 40);

    /// <summary>Whether a document is one: all its keys are settings of the server, and one of them only the server has.</summary>
    public static bool Is(Node? root) => root is MappingNode { Entries.Count: > 0 } mapping
        && mapping.Entries.All(entry => Keys.Contains(Fold(entry.Key.Value)))
        && (Find(mapping, "pipeline") is SequenceNode steps && steps.Items.All(step => step is MappingNode each && Find(each, "name") is ScalarNode)
            || Find(mapping, "envoy") is MappingNode);

    /// <summary>The value of a setting: <c>limits.handlerTimeout</c>; null when it is not written.</summary>
    public Node? At(string path) => path.Split('.').Aggregate((Node?)Root, Find);

    /// <summary>The value of a key in any of the spellings that are one name: <c>handlerTimeout</c>, <c>handler_timeout</c>.</summary>
    public static Node? Find(Node? mapping, string key) =>
        (mapping as MappingNode)?.Entries.LastOrDefault(entry => Fold(entry.Key.Value) == Fold(key))?.Value;

    private bool IsTrue(string path) => At(path).Text is { } text && text.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static string Fold(string key) => string.Concat(key.Where(letter => letter is not ('_' or '-'))).ToLowerInvariant();
}
