using System.Globalization;

namespace PolicyValidator.Expressions.Re2;

/// <summary>The classes that a pattern may name: <c>\d</c>, <c>[:alpha:]</c>, <c>\p{Greek}</c>.</summary>
internal static class NamedClasses
{
    private static readonly RuneRange[] Digit = [new('0', '9')];
    private static readonly RuneRange[] PerlSpace = [new('\t', '\n'), new('\f', '\r'), new(' ', ' ')];
    private static readonly RuneRange[] Word = [new('0', '9'), new('A', 'Z'), new('_', '_'), new('a', 'z')];

    private static readonly Dictionary<string, RuneRange[]> Posix = new(StringComparer.Ordinal)
    {
        ["alnum"] = [new('0', '9'), new('A', 'Z'), new('a', 'z')],
        ["alpha"] = [new('A', 'Z'), new('a', 'z')],
        ["ascii"] = [new(0, 0x7F)],
        ["blank"] = [new('\t', '\t'), new(' ', ' ')],
        ["cntrl"] = [new(0, 0x1F), new(0x7F, 0x7F)],
        ["digit"] = Digit,
        ["graph"] = [new('!', '~')],
        ["lower"] = [new('a', 'z')],
        ["print"] = [new(' ', '~')],
        ["punct"] = [new('!', '/'), new(':', '@'), new('[', '`'), new('{', '~')],
        ["space"] = [new('\t', '\r'), new(' ', ' ')],
        ["upper"] = [new('A', 'Z')],
        ["word"] = Word,
        ["xdigit"] = [new('0', '9'), new('A', 'F'), new('a', 'f')],
    };

    private static readonly Lazy<Dictionary<string, RuneRange[]>> Unicode = new(ReadUnicode);

    /// <summary>The class of <c>\d \s \w</c> or their negations, by the letter.</summary>
    public static (RuneRange[] Ranges, bool Negated)? Perl(int letter) => letter switch
    {
        'd' => (Digit, false),
        'D' => (Digit, true),
        's' => (PerlSpace, false),
        'S' => (PerlSpace, true),
        'w' => (Word, false),
        'W' => (Word, true),
        _ => null,
    };

    /// <summary>The class of <c>[:name:]</c>, where the name may begin with <c>^</c>.</summary>
    public static (RuneRange[] Ranges, bool Negated)? PosixClass(string name)
    {
        bool negated = name.StartsWith('^');
        return Posix.TryGetValue(negated ? name[1..] : name, out RuneRange[]? ranges) ? (ranges, negated) : null;
    }

    /// <summary>The code points of a Unicode general category or script.</summary>
    public static RuneRange[]? UnicodeGroup(string name) =>
        name == "Any" ? [new(0, RuneSet.MaxRune)] : Unicode.Value.GetValueOrDefault(name);

    private static Dictionary<string, RuneRange[]> ReadUnicode()
    {
        Dictionary<string, RuneRange[]> groups = new(StringComparer.Ordinal);
        foreach (string line in UnicodeData.Lines("UnicodeGroups.txt"))
        {
            string[] fields = line.Split(' ');
            int end = 0;
            groups[fields[0]] = [.. fields.Skip(1).Select(field =>
            {
                string[] parts = field.Split('+');
                int lo = end + Hex(parts[0]);
                end = parts.Length > 1 ? lo + Hex(parts[1]) : lo;
                return new RuneRange(lo, end);
            })];
        }

        return groups;
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
