namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>The classes of characters, and of two in a row, by which yaml-cpp tells tokens apart.</summary>
internal static class Characters
{
    /// <summary>What yaml-cpp takes for the end of its input; a text can hold it.</summary>
    private const int EndOfTransmission = 4;

    public static bool IsBlank(int here) => here is ' ' or '\t';

    public static bool IsBreak(int here) => here is '\n' or '\r';

    public static bool IsEnd(int here) => here is Cursor.End or EndOfTransmission;

    public static bool IsBlankOrBreak(int here) => IsBlank(here) || IsBreak(here);

    public static bool IsBlankBreakOrEnd(int here) => IsBlankOrBreak(here) || IsEnd(here);

    public static bool IsWord(int here) => here >= 0 && here < 128 && (char.IsAsciiLetterOrDigit((char)here) || here == '-');

    public static bool IsInAnchor(int here) => here is not ('[' or ']' or '{' or '}' or ',') && !IsBlankOrBreak(here);

    public static bool MayFollowAnchor(int here) => here is '?' or ':' or ',' or ']' or '}' or '%' or '@' or '`' || IsBlankOrBreak(here);

    /// <summary>A colon that ends a key.</summary>
    public static bool IsValue(Cursor at) => at.Here == ':' && IsBlankBreakOrEnd(at.Ahead(1));

    /// <summary>The same in brackets.</summary>
    public static bool IsValueInFlow(Cursor at) => at.Here == ':' && (IsBlankOrBreak(at.Ahead(1)) || at.Ahead(1) is ',' or ']' or '}');

    /// <summary>Where a plain scalar ends, line breaks aside.</summary>
    public static bool EndsPlain(Cursor at) => IsValue(at) || IsBeforeComment(at);

    /// <summary>The same in brackets.</summary>
    public static bool EndsPlainInFlow(Cursor at) =>
        at.Here is ',' or '?' or '[' or ']' or '{' or '}' || IsValue(at) || IsValueInFlow(at) || IsBeforeComment(at);

    public static bool BeginsPlain(Cursor at) => at.Here switch
    {
        ',' or '[' or ']' or '{' or '}' or '#' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => false,
        '-' or '?' or ':' => !IsBlankBreakOrEnd(at.Ahead(1)),
        var here => !IsBlankOrBreak(here),
    };

    /// <summary>The same in brackets.</summary>
    public static bool BeginsPlainInFlow(Cursor at) => at.Here switch
    {
        '?' or ',' or '[' or ']' or '{' or '}' or '#' or '&' or '*' or '!' or '|' or '>' or '\'' or '"' or '%' or '@' or '`' => false,
        '-' or ':' => !IsBlank(at.Ahead(1)) && !IsEnd(at.Ahead(1)),
        var here => !IsBlankOrBreak(here),
    };

    /// <summary>How many characters of a tag stand here: 1, 3 for an escape, or 0.</summary>
    public static int InTag(Cursor at, bool isVerbatim) => at.Here switch
    {
        '%' when IsHex(at.Ahead(1)) && IsHex(at.Ahead(2)) => 3,
        '#' or ';' or '/' or '?' or ':' or '@' or '&' or '=' or '+' or '$' or '_' or '.' or '~' or '*' or '\'' or '(' or ')' => 1,
        ',' or '!' or '[' or ']' when isVerbatim => 1,
        var here => IsWord(here) ? 1 : 0,
    };

    private static bool IsHex(int here) => here >= 0 && here < 128 && char.IsAsciiHexDigit((char)here);

    private static bool IsBeforeComment(Cursor at) => IsBlankOrBreak(at.Here) && at.Ahead(at.Here == '\r' && at.Ahead(1) == '\n' ? 2 : 1) == '#';
}
