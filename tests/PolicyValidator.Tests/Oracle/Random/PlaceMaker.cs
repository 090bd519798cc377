using static PolicyValidator.Tests.Oracle.Random.ValueMaker;

namespace PolicyValidator.Tests.Oracle.Random;

/// <summary>Makes what stands around a filter or a per-route config: entries, lists, maps, wrappers, filters inside filters.</summary>
internal sealed class PlaceMaker(System.Random random, ConfigMaker configs)
{
    private const string Filters = "envoy.extensions.filters.http.";
    private const string ExtProc = Filters + "ext_proc.v3.";

    private static readonly string[] Names = ["envoy.filters.http.ext_proc", "ext_proc", "a b", "envoy.filters.http.router", ""];
    private static readonly string[] OtherTypes = ["google.protobuf.Empty", "google.protobuf.Struct", Filters + "cors.v3.Cors", Filters + "cors.v3.CorsPolicy", ExtProc + "ProcessingMode", ExtProc + "ExtProcOverrides", Filters + "no_such.v3.NoSuch", Filters + "ext_proc.v3alpha.ExternalProcessor"];

    /// <summary>The piece for a skeleton's placeholder.</summary>
    public Piece For(string place) => place switch
    {
        "route" or "vhost" => PerRoute(),
        "route_map" => new Piece.Map([.. Some(2, () => ($"\"{Names[random.Next(Names.Length)]}\"", PerRoute()))]),
        "http_filter" => Entry(0),
        "http_filters" => List(Terminal("router", "router.v3.Router")),
        "upstream_http_filters" => List(Terminal("upstream_codec", "upstream_codec.v3.UpstreamCodec")),
        _ => Wrapped(configs.Filter()),
    };

    private Piece PerRoute()
    {
        Piece config = random.Next(12) == 0 ? Other() : Wrapped(configs.PerRoute());
        return random.Next(5) > 0 ? config : Typed("envoy.config.route.v3.FilterConfig",
            [.. Maybe("config", 6, () => config), .. Maybe("is_optional", 2, configs.AnyBool), .. Maybe("disabled", 2, configs.AnyBool)]);
    }

    private Piece.List List((string, Piece)[] terminal)
    {
        List<Piece> entries = [.. Some(3, () => Entry(0))];
        if (random.Next(8) > 0)
        {
            entries.Insert(random.Next(6) == 0 ? random.Next(entries.Count + 1) : entries.Count, new Piece.Map([.. terminal, .. Maybe("disabled", 1, configs.AnyBool)]));
        }

        return new(entries);
    }

    private static (string, Piece)[] Terminal(string name, string type) => [("\"name\"", Text("envoy.filters.http." + name)), ("\"typed_config\"", Typed(Filters + type, []))];

    private Piece.Map Entry(int depth)
    {
        IEnumerable<(string, Piece)> config = random.Next(14) switch
        {
            0 => [("\"config_discovery\"", Discovery())],
            1 or 2 when depth < 2 => [("\"typed_config\"", Composite(depth))],
            3 => [("\"typed_config\"", Other())],
            4 when random.Next(3) == 0 => Maybe("typed_config", 5, () => Wrapped(configs.PerRoute())),
            _ => Maybe("typed_config", 9, () => Wrapped(configs.Filter())),
        };
        return new([
            .. Maybe("name", 9, () => random.Next(25) == 0 ? configs.AnyValue() : Text(Names[random.Next(random.Next(6) == 0 ? Names.Length : 2)])),
            .. config, .. Maybe("disabled", 1, configs.AnyBool), .. Maybe("is_optional", 1, configs.AnyBool)]);
    }

    private Piece.Map Discovery() => new([
        .. Maybe("config_source", 8, () => new Piece.Map([("path_config_source", new Piece.Map([("path", Text("/dev/null"))]))])),
        .. Maybe("type_urls", 8, () => new Piece.List([.. Some(2, () => Text((random.Next(2) == 0 ? "type.googleapis.com/" : "") + (random.Next(4) == 0 ? OtherTypes[random.Next(OtherTypes.Length)] : ExtProc + "ExternalProcessor")))])),
        .. Maybe("default_config", 6, () => random.Next(6) == 0 ? Other() : Wrapped(configs.Filter())),
        .. Maybe("apply_default_config_without_warming", 4, configs.AnyBool)]);

    /// <summary>A composite filter with one action that names a filter.</summary>
    private Piece.Map Composite(int depth)
    {
        Piece action = Whole(Filters + "composite.v3.ExecuteFilterAction", [("\"typed_config\"", new Piece.Map([
            .. Maybe("name", 9, () => Text("inner")), .. Maybe("typed_config", 9, () => depth == 0 && random.Next(5) == 0 ? Composite(depth + 1) : Wrapped(configs.Filter()))]))]);
        Piece onMatch = Map(("action", Map(("name", Text("act")), ("typed_config", action))));
        Piece input = Map(("name", Text("in")), ("typed_config", Whole("envoy.type.matcher.v3.HttpRequestHeaderMatchInput", [("\"header_name\"", Text("x"))])));
        return Whole("envoy.extensions.common.matching.v3.ExtensionWithMatcher", [
            ("\"extension_config\"", Map(("name", Text("composite")), ("typed_config", Whole(Filters + "composite.v3.Composite", [])))),
            ("\"xds_matcher\"", Map(("matcher_tree", Map(("input", input), ("exact_match_map", Map(("map", Map(("a", onMatch)))))))))]);
    }

    /// <summary>Sometimes the same message as a TypedStruct.</summary>
    private Piece.Map Wrapped(Piece.Map any)
    {
        if (random.Next(10) > 0 || any.Entries[0] is not ("\"@type\"", Piece.Leaf type))
        {
            return any;
        }

        string url = type.Json.Trim('"');
        string written = random.Next(3) switch { 0 => url[(url.LastIndexOf('/') + 1)..], 1 when random.Next(8) == 0 => url + "x", _ => url };
        return Typed(random.Next(2) == 0 ? "xds.type.v3.TypedStruct" : "udpa.type.v1.TypedStruct",
            [.. Maybe("type_url", 15, () => Text(written)), .. Maybe("value", 15, () => random.Next(30) == 0 ? configs.AnyValue() : new Piece.Map([.. any.Entries.Skip(1)]))]);
    }

    private Piece.Map Other()
    {
        string type = OtherTypes[random.Next(OtherTypes.Length)];
        return Typed(type, type.StartsWith("google.", StringComparison.Ordinal) && random.Next(3) == 0 ? [("\"value\"", new Piece.Map([]))] : []);
    }

    private static Piece.Map Typed(string type, IEnumerable<(string, Piece)> fields) => new([("\"@type\"", Text("type.googleapis.com/" + type)), .. fields]);

    private static Piece.Map Whole(string type, IEnumerable<(string, Piece)> fields) => Typed(type, fields) with { IsWhole = true };

    private static Piece.Map Map(params (string Key, Piece Value)[] entries) => new([.. entries.Select(entry => ($"\"{entry.Key}\"", entry.Value))]) { IsWhole = true };

    private IEnumerable<T> Some<T>(int most, Func<T> make) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => make())];

    /// <param name="name">The field.</param>
    /// <param name="often">Of ten times.</param>
    /// <param name="make">Makes the value.</param>
    private IEnumerable<(string, Piece)> Maybe(string name, int often, Func<Piece> make) => random.Next(30) < (often == 9 ? 29 : often * 3) ? [($"\"{name}\"", make())] : [];
}
