using System.Text;

namespace PolicyValidator.Expressions.Re2;

/// <summary>A pattern as RE2 reads it, with a place to read at: characters, or in Latin-1 the bytes of its UTF-8.</summary>
internal sealed class PatternText
{
    /// <summary>What <see cref="Peek"/> gives after the end.</summary>
    public const int End = -1;

    private readonly string text;
    private readonly List<int> runes = [];
    private readonly List<int> places = [];

    /// <summary>Reads <paramref name="text"/>.</summary>
    public PatternText(string text, Re2Dialect dialect)
    {
        this.text = text;
        Dialect = dialect;
        Span<byte> utf8 = stackalloc byte[4];
        int place = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int count = dialect.Latin1 ? rune.EncodeToUtf8(utf8) : 1;
            for (int i = 0; i < count; i++)
            {
                runes.Add(dialect.Latin1 ? utf8[i] : rune.Value);
                places.Add(place);
            }

            place += rune.Utf16SequenceLength;
        }

        places.Add(text.Length);
    }

    /// <summary>How it is read.</summary>
    public Re2Dialect Dialect { get; }

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
