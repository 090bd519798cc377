namespace PolicyValidator.Model;

/// <summary>The six fields of a <c>ProcessingMode</c>, and what their defaults mean.</summary>
internal static class ModeFields
{
    /// <summary>Their names, in the order of the proto file.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Direction.Request.HeaderMode, Direction.Response.HeaderMode,
        Direction.Request.BodyMode, Direction.Response.BodyMode,
        Direction.Request.TrailerMode, Direction.Response.TrailerMode,
    ];

    /// <summary>The value that counts: DEFAULT means SEND for headers and SKIP for trailers.</summary>
    public static string Effective(WrittenMode mode, string field) => mode.Config.Enum(mode.Path + field).Value switch
    {
        "DEFAULT" => Default(field),
        var written => written,
    };

    /// <summary>All values that count, in one text: modes of one meaning do the same. Numbers that are no mode are all alike, since Envoy refuses each.</summary>
    public static string Meaning(WrittenMode mode) =>
        string.Join(' ', All.Select(field => Effective(mode, field)).Select(value => value.Length > 0 && char.IsAsciiLetterUpper(value[0]) ? value : "?"));

    /// <summary>Whether the value that counts is the one that counts without the field.</summary>
    public static bool IsDefault(WrittenMode mode, string field) => Effective(mode, field) == Default(field);

    private static string Default(string field) => field switch
    {
        _ when field.EndsWith("header_mode", StringComparison.Ordinal) => "SEND",
        _ when field.EndsWith("trailer_mode", StringComparison.Ordinal) => "SKIP",
        _ => "NONE",
    };
}
