using System.Text;
using PolicyValidator.Inputs;

namespace PolicyValidator.Fixes;

/// <summary>How the author writes keys and words, so that what is added looks like theirs.</summary>
internal static class FieldStyle
{
    /// <summary>The field in the letters of its sibling: lowerCamelCase when that has a capital, else snake_case.</summary>
    public static string Like(string siblingKey, string snakeCase)
    {
        if (!siblingKey.Any(char.IsAsciiLetterUpper))
        {
            return snakeCase;
        }

        StringBuilder camel = new();
        foreach (string word in snakeCase.Split('_'))
        {
            camel.Append(camel.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]);
        }

        return camel.ToString();
    }

    /// <summary>A word in the quotes of another scalar.</summary>
    /// <param name="source">The text.</param>
    /// <param name="model">The scalar to copy; none stands for no quotes.</param>
    /// <param name="word">A word that needs no escapes.</param>
    /// <param name="json">True where a bare word would not be read as a string.</param>
    public static string QuotedLike(SourceText source, ScalarNode? model, string word, bool json = false)
    {
        char first = model is { Span.Length: > 0 } ? source.Text[model.Span.Start] : ' ';
        return (first, json) switch
        {
            ('"', _) => $"\"{word}\"",
            ('\'', _) => $"'{word}'",
            (_, true) => $"\"{word}\"",
            _ => word,
        };
    }

    /// <summary>What stands between a key and its value, when that is only a colon and blanks; else a colon and one blank.</summary>
    public static string Colon(SourceText source, MappingEntry entry)
    {
        int keyEnd = entry.Key.Span.End, valueStart = source.WrittenValue(entry).Start;
        string between = valueStart > keyEnd ? source.Text[keyEnd..valueStart] : ": ";
        return between.Trim(' ') == ":" ? between : ": ";
    }

    /// <summary>Whether the author leaves no blank behind the colon: <c>{"a":1}</c>.</summary>
    public static bool IsTight(SourceText source, MappingEntry entry) => Colon(source, entry).EndsWith(':');
}
