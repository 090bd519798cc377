using System.Text;

namespace PolicyValidator.Expressions.Re2;

/// <summary>A pattern as RE2 reads it, with a place to read at. RE2 takes UTF-8; as Latin-1 it takes each byte for a character.</summary>
internal sealed class PatternText
{
    /// <summary>What <see cref="Peek"/> gives after the end.</summary>
    public const int End = -1;

    private readonly string text;
    private readonly List<int> runes = [];
    private readonly List<int> places = [];

    /// <summary>Reads <paramref name="text"/>.</summary>
    public PatternText(string text, bool latin1)
    {
        this.text = text;
        MaxRune = latin1 ? 0xFF : RuneSet.MaxRune;
        Folding = latin1 ? CaseFolding.Ascii : CaseFolding.Unicode;
        Span<byte> utf8 = stackalloc byte[4];
        int place = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int count = latin1 ? rune.EncodeToUtf8(utf8) : 1;
            for (int i = 0; i < count; i++)
            {
                runes.Add(latin1 ? utf8[i] : rune.Value);
                places.Add(place);
            }

            place += rune.Utf16SequenceLength;
        }

        places.Add(text.Length);
    }

    /// <summary>The largest character of the encoding.</summary>
    public int MaxRune { get; }

    /// <summary>What <c>(?i)</c> takes for the same letter.</summary>
    public CaseFolding Folding { get; }

    /// <summary>Where the next character is.</summary>
    public int Position { get; set; }

    /// <summary>How many characters are left.</summary>
    public int Left => runes.Count - Position;

    /// <summary>Whether nothing is left.</summary>
    public bool AtEnd => Left == 0;

    /// <summary>The character <paramref name="ahead"/> places from here, or <see cref="End"/>.</summary>
    public int Peek(int ahead = 0) => Position + ahead < runes.Count ? runes[Position + ahead] : End;

    /// <summary>Takes one character.</summary>
    public int Take() => runes[Position++];

    /// <summary>Whether this text comes next.</summary>
    public bool StartsWith(string ascii)
    {
        for (int i = 0; i < ascii.Length; i++)
        {
            if (Peek(i) != ascii[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The position of the next <paramref name="rune"/>, or <see cref="End"/>.</summary>
    public int Find(int rune)
    {
        int at = runes.IndexOf(rune, Position);
        return at < 0 ? End : at;
    }

    /// <summary>The position of the next <paramref name="ascii"/> at or after <paramref name="from"/>, or <see cref="End"/>.</summary>
    public int FindClosing(string ascii, int from)
    {
        for (int at = from; at + ascii.Length <= runes.Count; at++)
        {
            if (Enumerable.Range(0, ascii.Length).All(i => runes[at + i] == ascii[i]))
            {
                return at;
            }
        }

        return End;
    }

    /// <summary>The pattern's text from one position to another.</summary>
    public string Slice(int from, int to) => text[places[from]..places[to]];

    /// <summary>The pattern's text from a position to its end.</summary>
    public string From(int from) => Slice(from, runes.Count);

    /// <summary>An error about the text from one position to another, in RE2's words.</summary>
    public PatternException Error(string what, int from, int to) => new($"{what}: {Slice(from, to)}", places[from]);

    /// <summary>An error about the text from a position to the end.</summary>
    public PatternException Error(string what, int from) => Error(what, from, runes.Count);

    /// <summary>An error at a position that RE2 does not quote.</summary>
    public PatternException Bare(string what, int from) => new(what, places[from]);
}
