namespace PolicyValidator.Rules;

/// <summary>The releases of Envoy Gateway that are known, each with the Envoy that it runs unless told otherwise.</summary>
public static class EnvoyGatewayReleases
{
    private static readonly (ProductVersion Gateway, EnvoyVersion Envoy)[] Known =
    [
        (new(1, 2, 0), new(32, 1)),
        (new(1, 3, 0), new(33, 0)),
        (new(1, 4, 0), new(34, 1)),
        (new(1, 4, 1), new(34, 1)),
        (new(1, 4, 2), new(34, 1)),
        (new(1, 4, 3), new(34, 4)),
        (new(1, 5, 0), new(35, 0)),
        (new(1, 6, 0), new(36, 2)),
        (new(1, 6, 3), new(36, 4)),
        (new(1, 7, 0), new(37, 0)),
        (new(1, 8, 0), new(38, 0)),
        (new(1, 8, 2), new(38, 3)),
        (new(1, 9, 0), new(39, 0)),
        (new(1, 9, 1), new(39, 1)),
    ];

    /// <summary>The first whose translator sends the trailers that a full-duplex body needs.</summary>
    public static ProductVersion FillsTrailers { get; } = new(1, 4, 2);

    /// <summary>All that are known, the oldest first.</summary>
    public static IEnumerable<ProductVersion> All => Known.Select(each => each.Gateway);

    /// <summary>The newest.</summary>
    public static ProductVersion Newest { get; } = Known[^1].Gateway;

    /// <summary>What a user may write, for messages.</summary>
    public static string Allowed => $"eg={Known[0].Gateway} to eg={Newest}, or a release line such as eg=1.4";

    /// <summary>Reads <c>1.4.1</c>, <c>1.4</c> as the newest known patch of the line, what is later than all as the newest; null for any other line.</summary>
    public static ProductVersion? Find(string text)
    {
        ProductVersion? version = ProductVersion.TryParse(text);
        ProductVersion[] line = [.. Known.Select(each => each.Gateway).Where(each => (each.Major, each.Minor) == (version?.Major, version?.Minor))];
        return (version, line) switch
        {
            ({ } later, _) when later > Newest => Newest,
            (null, _) or (_, []) => null,
            _ => text.Split('.').Length == 2 ? line[^1] : version,
        };
    }

    /// <summary>The Envoy of a release; of one that is not known, that of the release before it.</summary>
    public static EnvoyVersion EnvoyOf(ProductVersion gateway) =>
        Known.Where(each => each.Gateway <= gateway).Select(each => each.Envoy).DefaultIfEmpty(Known[0].Envoy).Last();
}
