namespace PolicyValidator.Inputs;

/// <summary>The two spellings of a protobuf field's name, without descriptors.</summary>
internal static class FieldNames
{
    /// <summary>Whether a key is a field's snake_case name or the lowerCamelCase name that protobuf makes of it.</summary>
    public static bool Same(ReadOnlySpan<char> key, ReadOnlySpan<char> snakeCase) =>
        key.SequenceEqual(snakeCase) || IsCamelOf(key, snakeCase);

    /// <summary>The lowerCamelCase name that protobuf makes of a snake_case one.</summary>
    public static string CamelOf(string snakeCase) =>
        string.Concat(snakeCase.Select((letter, at) => letter == '_' ? "" : at > 0 && snakeCase[at - 1] == '_' ? $"{char.ToUpperInvariant(letter)}" : $"{letter}"));

    private static bool IsCamelOf(ReadOnlySpan<char> key, ReadOnlySpan<char> snakeCase)
    {
        int at = 0;
        bool upper = false;
        foreach (char letter in snakeCase)
        {
            if (letter == '_')
            {
                upper = true;
                continue;
            }

            if (at == key.Length || key[at++] != (upper ? char.ToUpperInvariant(letter) : letter))
            {
                return false;
            }

            upper = false;
        }

        return at == key.Length;
    }
}
