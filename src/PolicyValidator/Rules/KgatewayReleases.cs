namespace PolicyValidator.Rules;

/// <summary>The release lines of kgateway that are known, each with the Envoy line that it runs.</summary>
public static class KgatewayReleases
{
    private static readonly (ProductVersion Gateway, int EnvoyLine)[] Known =
    [
        (new(2, 0, 0), 33),
        (new(2, 1, 0), 35),
        (new(2, 2, 0), 36),
        (new(2, 3, 0), 37),
        (new(2, 4, 0), 38),
        (new(2, 5, 0), 39),
    ];

    /// <summary>The first patch of each line, the oldest first.</summary>
    public static IEnumerable<ProductVersion> All => Known.Select(each => each.Gateway);

    /// <summary>The newest.</summary>
    public static ProductVersion Newest { get; } = Known[^1].Gateway;

    /// <summary>The first whose extensions let traffic pass when the processor fails, unless they say otherwise.</summary>
    public static ProductVersion OpensByDefault { get; } = new(2, 1, 0);

    /// <summary>What a user may write, for messages.</summary>
    public static string Allowed => $"kgateway={Known[0].Gateway.Line} to kgateway={Newest.Line}";

    /// <summary>
    /// Reads <c>2.3</c> or a patch of it, a line that is later than all as the newest; null for any other line. Patches differ in nothing that
    /// is judged.
    /// </summary>
    public static ProductVersion? Find(string text) => ProductVersion.TryParse(text) switch
    {
        { } version when version.IsLineAfter(Newest) => Newest,
        { } version when Array.Exists(Known, each => each.Gateway.Line == version.Line) => version,
        _ => null,
    };

    /// <summary>The minor version of the Envoy that a known release runs.</summary>
    public static int EnvoyLineOf(ProductVersion gateway) => Array.Find(Known, each => each.Gateway.Line == gateway.Line).EnvoyLine;
}
