using System.Globalization;
using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>What a processor of the server wants of a direction.</summary>
/// <param name="Headers">It changes headers.</param>
/// <param name="Body">It reads or changes the body.</param>
/// <param name="Holds">It keeps bytes back from one chunk to the next, for which the end of the body must be seen.</param>
internal readonly record struct StepNeeds(bool Headers, bool Body, bool Holds)
{
    /// <summary>Nothing.</summary>
    public static StepNeeds None => default;
}

/// <summary>A processor of an <c>extproc.yaml</c>.</summary>
internal sealed record ServerStep(MappingNode Node)
{
    /// <summary>The processor's name.</summary>
    public string Name { get; } = ServerConfig.Find(Node, "name").Text ?? "";

    /// <summary>Whether it comes with the server, so that it is known what it wants.</summary>
    public bool IsKnown => Name is "headers" or "instructed" or "replace";

    /// <summary>Whether traffic may pass without it.</summary>
    public bool MayBeLeftOut => "skip".Equals(ServerConfig.Find(Node, "onError").Text, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the name stands.</summary>
    public Node NameNode => ServerConfig.Find(Node, "name") ?? Node;

    /// <summary>What the processors that come with the server want; a test compares it with them. Nothing is known of others.</summary>
    public StepNeeds Needs(Direction direction) => Name switch
    {
        "headers" => new(Headers: IsEdited(direction), Body: false, Holds: false),
        "instructed" => new(Headers: false, Body: true, Holds: Holds("holdBytes")),
        "replace" when (ServerConfig.Find(Node, "in").Text ?? "both").ToLowerInvariant() is var which && (which == "both" || which == direction.Word) =>
            new(Headers: false, Body: true, Holds: true),
        _ => StepNeeds.None,
    };

    private bool IsEdited(Direction direction) =>
        ServerConfig.Find(Node, direction.Word) is MappingNode edits && edits.Entries.Any(entry => entry.Value is MappingNode { Entries.Count: > 0 } or SequenceNode { Items.Count: > 0 });

    /// <summary>A size: bytes, or a number with a unit; anything but a plain zero counts.</summary>
    private bool Holds(string key) =>
        ServerConfig.Find(Node, key).Text is { } text && !(decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal bytes) && bytes == 0);
}
