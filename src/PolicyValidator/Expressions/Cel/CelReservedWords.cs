namespace PolicyValidator.Expressions.Cel;

/// <summary>Words that CEL keeps for later: they may name a field, but not a variable or a function.</summary>
internal static class CelReservedWords
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "namespace", "package", "return", "var", "void", "while",
    };

    /// <summary>Refuses a reserved word.</summary>
    public static void Refuse(CelToken name)
    {
        if (Words.Contains(name.Text))
        {
            throw CelException.Syntax(name, $"\"{name.Text}\" is a reserved word of CEL and cannot be a variable or a function; only a field may be called so");
        }
    }
}
