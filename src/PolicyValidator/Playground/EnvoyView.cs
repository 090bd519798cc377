using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Playground;

/// <summary>What Envoy would be given: the messages of ext_proc that a text holds, or that a product makes of it.</summary>
internal static class EnvoyView
{
    /// <summary>What a page can show of one message.</summary>
    private const int MaxJsonBytes = 128 * 1024;

    /// <summary>The first <paramref name="most"/> filters and per-route configs, in the order of the text.</summary>
    public static IReadOnlyList<MessageAnswer> Of(PolicySet policies, int most) =>
    [
        .. policies.Filters.Take(most).Select(Answer).Concat(policies.Overrides.Take(most).Select(Answer)).OrderBy(answer => answer.Line).Take(most),
    ];

    private static MessageAnswer Answer(ExtProcFilter filter) =>
        Answer(filter.Name is { Length: > 0 } name ? $"Filter {name}" : "Filter", filter.Document, filter.Config, WrittenMode.Of(filter));

    private static MessageAnswer Answer(ExtProcOverride route) =>
        Answer(route.Key is { } key ? $"Per-route config for {key.Value}" : "Per-route config", route.Document, route.Config, WrittenMode.Of(route));

    private static MessageAnswer Answer(string title, SourceDocument document, ConfigMessage config, WrittenMode? mode) => new(
        title,
        OriginOf(document, config),
        document.Source.PositionAt((config.Node?.Entry?.Key.UseSpan ?? config.Node?.UseSpan ?? default).Start).Line,
        config.Type.FullName,
        mode is null ? [] : [.. Direction.Both.SelectMany(direction => Modes(mode, direction))],
        JsonOf(config));

    private static string JsonOf(ConfigMessage config)
    {
        try
        {
            return MessageJson.Of(config, MaxJsonBytes);
        }
        catch (TooLongException)
        {
            return $"// longer than {MaxJsonBytes} bytes, and not shown";
        }
    }

    private static string OriginOf(SourceDocument document, ConfigMessage config)
    {
        string place = config.Node?.Pointer is { Length: > 0 } pointer ? pointer : "the whole document";
        return (document.Translation, config.Node?.Origin) switch
        {
            ({ Product: var product }, _) => $"{product} makes it of {place}",
            (_, not null) => $"made of {place}",
            _ => place,
        };
    }

    private static IEnumerable<ModeAnswer> Modes(WrittenMode mode, Direction direction) =>
    [
        new(direction.Word, "headers", mode.SendsHeaders(direction) ? "SEND" : "SKIP", !Chosen(mode.Headers(direction))),
        new(direction.Word, "body", mode.Body(direction).Value, !mode.Body(direction).IsSet),
        new(direction.Word, "trailers", mode.SendsTrailers(direction) ? "SEND" : "SKIP", !Chosen(mode.Trailers(direction))),
    ];

    private static bool Chosen(Located<string> mode) => mode.IsSet && mode.Value != "DEFAULT";
}
