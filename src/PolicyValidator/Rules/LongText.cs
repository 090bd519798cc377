namespace PolicyValidator.Rules;

/// <summary>
/// Words about a text, which quote what stands there. A value can be as long as its file and, by aliases, stand in a hundred thousand
/// places: each message quotes the beginning and the end of the value, by which it can be recognized.
/// </summary>
internal static class LongText
{
    /// <summary>Longer than what the rules say of themselves.</summary>
    public const int MostLetters = 2000;

    private const string Left = " ... ";

    /// <summary>The text; of a longer one its beginning and its end, where quotes are closed and the reason stands.</summary>
    public static string Cut(string text) => text.Length <= MostLetters
        ? text
        : $"{text.AsSpan(0, WholeBefore(text, MostLetters / 2))}{Left}{text.AsSpan(WholeAfter(text, text.Length - (MostLetters / 2) + Left.Length))}";

    /// <summary>Never cuts a surrogate pair in two.</summary>
    private static int WholeBefore(string text, int at) => char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;

    private static int WholeAfter(string text, int at) => char.IsLowSurrogate(text[at]) ? at + 1 : at;
}
