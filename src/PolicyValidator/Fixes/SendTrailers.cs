using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Fixes;

/// <summary>The fix that a full-duplex body asks for: the trailers of its direction are sent too.</summary>
internal static class SendTrailers
{
    /// <summary>
    /// Envoy Gateway names its filters so. Its policies have no field for trailers: the SKIP that 1.4.1 writes is nobody's choice.
    /// </summary>
    private const string EnvoyGatewayFilter = "envoy.filters.http.ext_proc/envoyextensionpolicy/";

    /// <summary>The fix; safe where the trailer mode is absent or DEFAULT, or where a SKIP is a generator's and not a person's.</summary>
    /// <param name="mode">The mode with the full-duplex body.</param>
    /// <param name="direction">The body's direction.</param>
    /// <param name="filterName">The filter's name, when it has one.</param>
    public static Fix? For(WrittenMode mode, Direction direction, string? filterName = null)
    {
        Located<string> trailers = mode.Trailers(direction);
        if (Edits(mode, direction, trailers) is not { } edits)
        {
            return null;
        }

        bool generated = filterName?.StartsWith(EnvoyGatewayFilter, StringComparison.Ordinal) == true;
        return new($"set {direction.TrailerMode} to SEND", trailers.Value == "DEFAULT" || generated, edits);
    }

    private static IReadOnlyList<TextEdit>? Edits(WrittenMode mode, Direction direction, Located<string> trailers)
    {
        Place body = mode.Body(direction).Place;
        Node? written = trailers.Place.Node ?? body.Container?.Field(direction.TrailerMode);
        return (written, body) switch
        {
            (ScalarNode scalar, _) => ScalarReplacement.With(mode.Document, scalar, "SEND"),
            (null, { Container: { } container, Node.Entry: { } entry }) =>
                FieldInsertion.After(mode.Document.Source, container, entry, direction.TrailerMode, "SEND"),
            _ => null,
        };
    }
}
