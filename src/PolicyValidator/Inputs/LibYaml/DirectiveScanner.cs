using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>Reads a line that begins with a percent sign.</summary>
internal static class DirectiveScanner
{
    private const int MaxDigits = 2;

    /// <summary>The directive that begins here, its words apart.</summary>
    public static Token Scan(Cursor at)
    {
        int start = at.At;
        at.Take();
        string name = at.TakeWord();
        bool isKnown = at.IsAtBlankBreakOrEnd && name is "YAML" or "TAG";
        at.SkipBlanks();
        string[]? words = !isKnown ? null : name == "YAML" ? Version(at) : Handle(at);
        at.SkipBlanks();
        at.SkipComment();
        if (words is null || !at.IsAtBreakOrEnd)
        {
            throw Refusal.At(start, at.At, "a line with '%' that is no %YAML 1.1 and no %TAG !name! prefix", "remove it, or put the value in quotes");
        }

        int end = at.At;
        at.TakeBreak();
        return new(TokenKind.Directive, start) { End = end, Value = name, Words = words };
    }

    private static string[]? Version(Cursor at)
    {
        string major = Number(at);
        if (at.Here != '.')
        {
            return null;
        }

        at.Take();
        string minor = Number(at);
        return major.Length is > 0 and <= MaxDigits && minor.Length is > 0 and <= MaxDigits ? [major, minor] : null;
    }

    private static string Number(Cursor at)
    {
        List<char> digits = [];
        while (char.IsAsciiDigit(at.Here))
        {
            digits.Add(at.Take());
        }

        return new([.. digits]);
    }

    private static string[]? Handle(Cursor at)
    {
        string? handle = TagScanner.Handle(at, mustEnd: true);
        if (handle is null || !at.IsAtBlank)
        {
            return null;
        }

        at.SkipBlanks();
        string? prefix = TagScanner.Uri(at, "");
        return prefix is not null && at.IsAtBlankBreakOrEnd ? [handle, prefix] : null;
    }
}
