namespace PolicyValidator.Rules;

/// <summary>The release lines of agentgateway that are known. It is a proxy of its own, so none has an Envoy.</summary>
public static class AgentgatewayReleases
{
    private static readonly ProductVersion Oldest = new(1, 0, 0);

    /// <summary>The first patch of each line, the oldest first.</summary>
    public static IEnumerable<ProductVersion> All => Enumerable.Range(Oldest.Minor, Newest.Minor - Oldest.Minor + 1).Select(minor => Oldest with { Minor = minor });

    /// <summary>The newest.</summary>
    public static ProductVersion Newest { get; } = new(1, 4, 0);

    /// <summary>What a user may write, for messages.</summary>
    public static string Allowed => $"agentgateway, or agentgateway={Oldest.Line} to agentgateway={Newest.Line}";

    /// <summary>Reads <c>1.3</c> or a patch of it, a line that is later than all as the newest; null for any other line.</summary>
    public static ProductVersion? Find(string text) => ProductVersion.TryParse(text) switch
    {
        { } version when version.IsLineAfter(Newest) => Newest,
        { } version when version >= Oldest => version,
        _ => null,
    };
}
