using System.Text;
using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>Reads a tag.</summary>
internal static class TagScanner
{
    /// <summary>The tag that begins here with an exclamation mark.</summary>
    public static Token Scan(Cursor at)
    {
        int start = at.At;
        at.Take();
        if (at.Here == '<')
        {
            return new(TokenKind.Tag, start) { Value = Verbatim(at, start), Form = TagForm.Verbatim, End = at.At };
        }

        (string first, bool mayBeHandle) = Handle(at, start);
        if (mayBeHandle && at.Here == '!')
        {
            at.Take();
            string suffix = Suffix(at);
            return suffix.Length > 0
                ? new(TokenKind.Tag, start) { Value = first, Words = [suffix], Form = TagForm.Named, End = at.At }
                : throw Refusal.At(start, at.At, "a tag that ends in '!'", "write the rest of the tag, or remove it");
        }

        TagForm form = first.Length > 0 ? TagForm.Primary : mayBeHandle ? TagForm.Secondary : TagForm.NonSpecific;
        return new(TokenKind.Tag, start) { Value = first, Form = form, End = at.At };
    }

    private static string Verbatim(Cursor at, int start)
    {
        StringBuilder tag = new();
        at.Take();
        for (int count; (count = Characters.InTag(at, isVerbatim: true)) > 0;)
        {
            Append(at, tag, count);
        }

        return at.Here == '>' && at.Take() == '>' ? tag.ToString() : throw Refusal.At(start, at.At, "a tag without its '>'", "close it");
    }

    private static (string Tag, bool MayBeHandle) Handle(Cursor at, int start)
    {
        StringBuilder tag = new();
        bool mayBeHandle = true;
        while (!at.IsAtEnd && at.Here != '!')
        {
            mayBeHandle &= Characters.IsWord(at.Here);
            int count = mayBeHandle ? 1 : Characters.InTag(at, isVerbatim: false);
            if (count == 0)
            {
                return (tag.ToString(), mayBeHandle);
            }

            Append(at, tag, count);
        }

        return mayBeHandle || at.IsAtEnd ? (tag.ToString(), mayBeHandle) : throw Refusal.At(start, at.At, "a tag's handle of other characters than letters, digits and '-'", "write it without them");
    }

    private static string Suffix(Cursor at)
    {
        StringBuilder tag = new();
        for (int count; (count = Characters.InTag(at, isVerbatim: false)) > 0;)
        {
            Append(at, tag, count);
        }

        return tag.ToString();
    }

    private static void Append(Cursor at, StringBuilder tag, int count)
    {
        for (; count > 0; count--)
        {
            tag.Append(at.Take());
        }
    }
}
