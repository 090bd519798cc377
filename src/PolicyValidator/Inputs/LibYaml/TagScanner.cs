using System.Text;
using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>Reads a tag.</summary>
internal static class TagScanner
{
    /// <summary>The tag that begins here with an exclamation mark.</summary>
    public static Token Scan(Cursor at)
    {
        int start = at.At;
        Token? tag = at.Ahead(1) == '<' ? Verbatim(at, start) : Shorthand(at, start);
        return tag is not null && at.IsAtBlankBreakOrEnd
            ? tag with { End = at.At }
            : throw Refusal.At(start, Math.Max(start + 1, at.At), "a tag that is not followed by white space, or that is none", "write a blank behind the tag, or put the value in quotes");
    }

    /// <summary>An exclamation mark, perhaps a word and another one; null if another one must be there and is not.</summary>
    public static string? Handle(Cursor at, bool mustEnd)
    {
        if (at.Here != '!')
        {
            return null;
        }

        at.Take();
        string handle = "!" + at.TakeWord();
        if (at.Here == '!')
        {
            return handle + at.Take();
        }

        return mustEnd && handle.Length > 1 ? null : handle;
    }

    /// <summary>The characters of a tag, behind a beginning that is known; null when there are none, or an escape is broken.</summary>
    public static string? Uri(Cursor at, string head)
    {
        StringBuilder uri = new(head.Length > 1 ? head[1..] : "");
        bool hasTag = head.Length > 0;
        for (; at.IsAtWord || at.Here is ';' or '/' or '?' or ':' or '@' or '&' or '=' or '+' or '$' or ',' or '.' or '!' or '~' or '*' or '\'' or '(' or ')' or '[' or ']' or '%'; hasTag = true)
        {
            if (at.Here == '%' && !(char.IsAsciiHexDigit(at.Ahead(1)) && char.IsAsciiHexDigit(at.Ahead(2))))
            {
                return null;
            }

            uri.Append(at.Take());
        }

        return hasTag ? uri.ToString() : null;
    }

    private static Token? Verbatim(Cursor at, int start)
    {
        at.Skip(2);
        string? uri = Uri(at, "");
        if (uri is null || at.Here != '>')
        {
            return null;
        }

        at.Take();
        return new(TokenKind.Tag, start) { Value = uri, Form = TagForm.Verbatim };
    }

    private static Token? Shorthand(Cursor at, int start)
    {
        string handle = Handle(at, mustEnd: false)!;
        if (handle.Length > 1 && handle[^1] == '!')
        {
            return Uri(at, "") is { } suffix ? new(TokenKind.Tag, start) { Value = handle, Words = [suffix], Form = TagForm.Named } : null;
        }

        return Uri(at, handle) switch
        {
            null => null,
            "" => new(TokenKind.Tag, start) { Value = "!", Form = TagForm.Verbatim },
            var suffix => new(TokenKind.Tag, start) { Value = "!", Words = [suffix], Form = TagForm.Named },
        };
    }
}
