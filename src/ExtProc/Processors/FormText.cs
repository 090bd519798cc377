using System.Buffers;
using System.Text;

namespace ExtProc.Processors;

/// <summary>
/// Replaces a text in <c>application/x-www-form-urlencoded</c> bodies (WHATWG URL section 5): it is found however its letters are
/// encoded, what takes its place is encoded so that the form stays valid, and everything else stays letter for letter as it came. A
/// plus and a blank count as the same, because a form writes one for the other.
/// </summary>
internal sealed class FormText
{
    /// <summary>The media type.</summary>
    public const string MediaType = "application/x-www-form-urlencoded";

    private const int EscapeBytes = 3;

    // Only what would be read as something else: names and values are often compared letter by letter by those who sign forms.
    private static readonly SearchValues<byte> Literal = SearchValues.Create("!$'()*,-./0123456789:;?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private readonly byte[] _text, _by;
    private readonly int[] _fallback;
    private readonly SearchValues<byte> _begins;

    public FormText(string text, string by)
    {
        _text = [.. Encoding.UTF8.GetBytes(text).Select(Folded)];
        _by = Encode(Encoding.UTF8.GetBytes(by));
        _fallback = TextSearch.FallbackOf(_text);
        _begins = SearchValues.Create([_text[0], (byte)'%', .. _text[0] == ' ' ? "+"u8.ToArray() : []]);
    }

    /// <summary>The most bytes that <see cref="Replace"/> holds: all letters but the last encoded, and the last begun.</summary>
    public static int HoldBytes(int textBytes) => (EscapeBytes * textBytes) - 1;

    /// <summary>Deals with what has come.</summary>
    public void Replace(Body body)
    {
        (int at, int matched) = (0, 0);
        while (TryStep(body.Span, ref at, ref matched))
        {
            if (matched == _text.Length)
            {
                int start = BeginOf(body.Span, at, matched);
                body.Pass(start);
                body.Drop(at - start);
                body.Write(_by);
                (at, matched) = (0, 0);
            }
        }

        body.Hold(body.Length - BeginOf(body.Span, at, matched));
    }

    /// <summary>Goes one letter on; false where the letter is not all here. Knuth, Morris and Pratt: no body makes it go back.</summary>
    private bool TryStep(ReadOnlySpan<byte> form, ref int at, ref int matched)
    {
        if (matched == 0)
        {
            int next = form[at..].IndexOfAny(_begins);
            at = next < 0 ? form.Length : at + next;
        }

        if (LetterAt(form[at..], out byte letter) is not (> 0 and var length))
        {
            return false;
        }

        while (matched > 0 && letter != _text[matched])
        {
            matched = _fallback[matched - 1];
        }

        (at, matched) = (at + length, letter == _text[matched] ? matched + 1 : matched);
        return true;
    }

    /// <summary>The bytes of the first letter: 1, 3 when it is encoded, 0 when it is not all here.</summary>
    private static int LetterAt(ReadOnlySpan<byte> form, out byte letter)
    {
        letter = form.IsEmpty ? default : Folded(form[0]);
        if (form.IsEmpty || form[0] != '%')
        {
            return Math.Min(1, form.Length);
        }

        if (form.Length < EscapeBytes)
        {
            return form.Length == 1 || char.IsAsciiHexDigit((char)form[1]) ? 0 : 1;
        }

        if (!IsEscape(form))
        {
            return 1;
        }

        letter = Folded((byte)((HexOf(form[1]) << 4) | HexOf(form[2])));
        return EscapeBytes;
    }

    /// <summary>Where the last letters before a place begin. A percent sign is in no escape but its own, so the way back is as clear as the way on.</summary>
    private static int BeginOf(ReadOnlySpan<byte> form, int end, int letters)
    {
        for (; letters > 0; letters--)
        {
            end -= end >= EscapeBytes && IsEscape(form[(end - EscapeBytes)..]) ? EscapeBytes : 1;
        }

        return end;
    }

    private static bool IsEscape(ReadOnlySpan<byte> form) =>
        form[0] == '%' && char.IsAsciiHexDigit((char)form[1]) && char.IsAsciiHexDigit((char)form[2]);

    private static int HexOf(byte digit) => char.IsAsciiDigit((char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static byte Folded(byte letter) => letter == '+' ? (byte)' ' : letter;

    private static byte[] Encode(byte[] text)
    {
        var encoded = new List<byte>(text.Length);
        foreach (byte letter in text)
        {
            encoded.AddRange(letter == ' ' ? "+"u8 : Literal.Contains(letter) ? [letter] : Encoding.ASCII.GetBytes($"%{letter:X2}"));
        }

        return [.. encoded];
    }
}
